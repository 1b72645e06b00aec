"""Settings of one installation, from the environment (`OCOP_…`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names by which a machine reaches itself only."""


class Settings(BaseSettings):
    """Where the data are and how the parts find each other.

    `OCOP_HOME` is the data folder; `OCOP_DATABASE_URL` overrides the SQLite file in it (PostgreSQL:
    `postgresql+psycopg://…`). `OCOP_CLOCK=stored` takes the day from the database (demo, training).
    `OCOP_ALERT_URL`: a webhook to which Prefect's server posts what is overdue and that no worker is there.
    `OCOP_SMTP_URL`: the installation's mail server, `smtp://user:password@host:587?from=ocop@…` (`smtps://`: TLS at
    once). `OCOP_PORTAL_URL`: where people reach the portal (`https://…` behind a proxy); links in messages lead there.
    `OCOP_PORTAL_KEY`: the secret that signs cookies, one for all machines that run the portal (default: `portal.key`).
    `OCOP_SESSION_IDLE_MINUTES`, `OCOP_SESSION_HOURS`: after how long without a click, and at most, people sign in anew.
    `OCOP_ONE_TIME_HOURS`: how long a password that an administrator gave out opens the door. `OCOP_OIDC_ISSUER`,
    `OCOP_OIDC_CLIENT_ID`, `OCOP_OIDC_CLIENT_SECRET`: people may also sign in by this OpenID Connect provider; they are
    found by their verified e-mail address, or by the claim `OCOP_OIDC_CODE_CLAIM` that holds their code here.
    `OCOP_PORTAL_BESIDE`: the portal that `ocop up` runs beside its worker, which it tells so itself.
    `OCOP_UPLOAD_MB`: the largest file that is taken, in megabytes of 1,000,000 bytes. `OCOP_CLAMD_URL`: a virus scanner
    (`tcp://127.0.0.1:3310` or `unix:/run/clamd.ctl`) without whose word no upload is taken. `OCOP_DRAFT_DAYS`: drafts
    untouched for longer are dropped. `OCOP_PKCS11_MODULE`: the library (`.so`) of the maker of a signing token;
    `OCOP_PKCS11_TOKEN`, `OCOP_PKCS11_SLOT`, `OCOP_PKCS11_CERTIFICATE` choose one of several by label or number.
    """

    model_config = SettingsConfigDict(env_prefix="OCOP_", extra="ignore", env_ignore_empty=True)

    home: Path = Field(default_factory=lambda: Path.home() / ".ocop")
    database_url: str | None = None
    clock: Literal["system", "stored"] = "system"
    prefect_port: int = 4200
    worker_threads: int = 2
    alert_url: SecretStr | None = None
    portal_url: str | None = None
    portal_beside: str | None = None
    portal_host: str = "127.0.0.1"
    portal_port: int = 8000
    portal_workers: int = 1
    portal_key: SecretStr | None = None
    smtp_url: SecretStr | None = None
    upload_mb: int = Field(default=50, ge=1, le=2000)
    clamd_url: str | None = None
    draft_days: int = Field(default=180, ge=1)
    pkcs11_module: str | None = None
    pkcs11_token: str | None = None
    pkcs11_slot: int | None = Field(default=None, ge=0)
    pkcs11_certificate: str | None = None
    zalo_url: str = "https://openapi.zalo.me"
    session_idle_minutes: int = Field(default=30, ge=1)
    session_hours: int = Field(default=12, ge=1)
    one_time_hours: int = Field(default=72, ge=1)
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_code_claim: str | None = None

    @property
    def files_dir(self) -> Path:
        """Where uploaded files are, by SHA-256; never below a web root."""
        return self.home / "files"

    @property
    def previews_dir(self) -> Path:
        """Pictures of pages, made when asked for; may be deleted at any time."""
        return self.home / "previews"

    @property
    def trust_dir(self) -> Path:
        """Certificates of the issuers whose signatures count (PEM or DER)."""
        return self.home / "trust"

    @property
    def portal_address(self) -> str:
        """Where people reach the portal, without a slash at the end."""
        return (self.portal_url or f"http://{self.portal_host}:{self.portal_port}").rstrip("/")

    @property
    def paper_pages(self) -> str | None:
        """Where papers have pages: the portal, also one that only this machine reaches; none without any."""
        address = self.portal_url or self.portal_beside
        return address.rstrip("/") if address else None

    @property
    def public_url(self) -> str | None:
        """The portal's address as other machines reach it, what papers may print; none while none does."""
        host = urlsplit(self.portal_url).hostname if self.portal_url else None
        return None if host is None or host in LOOPBACK else self.portal_address

    @property
    def domain_url(self) -> str:
        """SQLAlchemy URL of the domain database."""
        return self.database_url or f"sqlite:///{self.home / 'ocop.sqlite'}"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
