"""The portal as a process of its own: uvicorn, on this machine only unless `OCOP_PORTAL_HOST` says otherwise."""

from __future__ import annotations

import uvicorn

from models.settings import settings


def main() -> None:
    """Serve until stopped. A proxy with TLS stands before it in production; it says whom it speaks for."""
    found = settings()
    uvicorn.run(
        "portal.app:create_app",
        factory=True,
        host=found.portal_host,
        port=found.portal_port,
        workers=found.portal_workers,
        proxy_headers=True,  # from whom they are believed: FORWARDED_ALLOW_IPS, without it this machine
        server_header=False,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
