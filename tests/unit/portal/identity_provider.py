"""A small OpenID Connect provider of the test's own: real HTTP, real signatures, one person who always agrees."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "ocop", "bi mat cua cong"


@dataclass
class Provider:
    """What it says of the person, and what it remembers of each code. `signs_with` may be somebody else's key."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signs_with: RSAKey | None = None
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def agree(self, address: str) -> dict[str, str]:
        """The person signs in at the authorization page; gives what comes back in the address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, body: dict[str, str]) -> dict[str, Any] | None:
        """The answer to a code, once; none where the verifier or the client is wrong."""
        asked = self.asked.pop(body.get("code", ""), None)
        digest = hashlib.sha256(body.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or challenge != asked["code_challenge"] or body["redirect_uri"] != asked["redirect_uri"]:
            return None
        moment = int(time.time())
        stated = {"iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": moment, "exp": moment + 300}
        claims = stated | {"nonce": asked["nonce"]} | self.claims
        return {"id_token": jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.signs_with or self.key)}


@contextmanager
def provider() -> Iterator[Provider]:
    """It listens on a free port of this machine until the end."""
    found = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(found))
    found.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(known: Provider) -> type[BaseHTTPRequestHandler]:
    basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages: dict[str, dict[str, Any]] = {
                "/.well-known/openid-configuration": {
                    "issuer": known.issuer,
                    "authorization_endpoint": f"{known.issuer}/authorize",
                    "token_endpoint": f"{known.issuer}/token",
                    "jwks_uri": f"{known.issuer}/keys",
                },
                "/keys": {"keys": [known.key.as_dict(private=False) | {"kid": "1"}]},
            }
            self._send(200, pages[self.path])

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            answer = known.token({name: values[0] for name, values in sent.items()})
            allowed = answer is not None and self.headers["Authorization"] == basic
            self._send(200 if allowed else 400, answer if allowed and answer else {"error": "invalid_grant"})

        def _send(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: Any) -> None:
            pass

    return Handler
