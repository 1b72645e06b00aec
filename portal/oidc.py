"""Signing in by the organisation's own provider (OpenID Connect, authorization code with PKCE): an option.

State, nonce and verifier stay in a signed cookie of the browser that began, so that nobody is signed in by somebody
else's answer. Nothing of the provider is kept: who it vouches for gets a session like any other.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.accounts.errors import UnknownIdentityError
from models.accounts.identity import person_of_claims
from models.accounts.signing_in import let_in_as
from models.database import reading
from models.errors import FinalError, RetryableError
from models.settings import settings
from models.tables import Account, Person
from portal import cookies
from portal.keys import read_signed, signed
from portal.rendering import query
from portal.view import local

BACK = "/sign-in/identity/back"
UNDER_WAY = "identity"
LASTS_SECONDS = 600
PATIENCE_SECONDS = 10
LEEWAY_SECONDS = 60
SIGNATURES = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures that are taken: asymmetric ones only, never `none` or one made with the client's own secret."""


@dataclass(frozen=True)
class Started:
    """What was asked of the provider, to be compared with its answer."""

    state: str
    nonce: str
    verifier: str
    target: str


def is_on() -> bool:
    """Whether the installation names a provider."""
    return bool(settings().oidc_issuer and settings().oidc_client_id)


def leave_for_provider(target: str) -> Response:
    """To the provider's page; what comes back must match what is kept in the cookie.

    Raises:
        UnknownIdentityError: the installation has no provider.
        RetryableError, FinalError: the provider does not answer, or not rightly.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    started = Started(state, nonce, verifier, target)
    asked = {
        "response_type": "code",
        "client_id": settings().oidc_client_id,
        "redirect_uri": _redirect_uri(),
        "scope": "openid email profile",
        "state": started.state,
        "nonce": started.nonce,
        "code_challenge": create_s256_code_challenge(started.verifier),
        "code_challenge_method": "S256",
    }
    response = RedirectResponse(_provider()["authorization_endpoint"] + query(**asked), 303)
    cookies.give(response, cookies.IDENTITY, signed(UNDER_WAY, asdict(started)), seconds=LASTS_SECONDS)
    return response


def person_from(request: Request) -> tuple[int, str]:
    """Whom the provider vouches for in its answer, and the page where they wanted to go.

    Raises:
        UnknownIdentityError: it is no answer to what this browser asked, it is not signed rightly, or it names nobody.
        RetryableError, FinalError: the provider does not answer, or not rightly.
    """
    started = _started(request)
    answer = request.query_params
    if started is None or not secrets.compare_digest(answer.get("state", "").encode(), started.state.encode()):
        raise UnknownIdentityError("Lần đăng nhập này đã cũ hoặc không bắt đầu từ trình duyệt này.")
    if "code" not in answer:
        raise UnknownIdentityError("Hệ thống của đơn vị không xác nhận đăng nhập.")
    provider = _provider()
    claims = _claims(provider, _id_token(provider, answer["code"], started.verifier), started.nonce)
    with reading(settings().domain_url) as session:
        person = person_of_claims(session, claims, settings().oidc_code_claim)
        return person.id, local(started.target)


def account_of_identity(session: Session, person_id: int, now: datetime) -> Account:
    """The account of a person whom the provider vouched for.

    Raises:
        UnknownIdentityError, LockedOutError, DisabledAccountError: as `let_in_as`.
    """
    return let_in_as(session, session.get(Person, person_id), now)


def _started(request: Request) -> Started | None:
    text = cookies.take(request, cookies.IDENTITY, seconds=LASTS_SECONDS)
    found = read_signed(UNDER_WAY, text, seconds=LASTS_SECONDS) if text else None
    return Started(**found) if isinstance(found, dict) else None


def _provider() -> Mapping[str, Any]:
    issuer = settings().oidc_issuer
    if not is_on() or not issuer:
        raise UnknownIdentityError("Cổng này không dùng đăng nhập của đơn vị.")
    found = _answer("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise _faulty("issuer")
    return found


def _id_token(provider: Mapping[str, Any], code: str, verifier: str) -> str:
    own = settings()
    secret = own.oidc_client_secret.get_secret_value() if own.oidc_client_secret is not None else ""
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _redirect_uri(),
        "client_id": own.oidc_client_id or "",
        "code_verifier": verifier,
    }
    auth = (own.oidc_client_id or "", secret) if secret else None
    found = _answer("POST", provider["token_endpoint"], data=body, auth=auth)
    token = found.get("id_token")
    if not isinstance(token, str):
        raise _faulty("id_token")
    return token


def _claims(provider: Mapping[str, Any], token: str, nonce: str) -> Mapping[str, Any]:
    keys = KeySet.import_key_set(_answer("GET", provider["jwks_uri"]))  # type: ignore[arg-type]
    wanted = {
        "iss": {"essential": True, "value": settings().oidc_issuer},
        "aud": {"essential": True, "value": settings().oidc_client_id},
    }
    try:
        decoded = jwt.decode(token, keys, algorithms=SIGNATURES)
        own = {"nonce": nonce, "client_id": settings().oidc_client_id}
        claims = CodeIDToken(decoded.claims, decoded.header, options=wanted, params=own)
        claims.validate(leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError) as error:
        raise UnknownIdentityError("Xác nhận của đơn vị không hợp lệ (chữ ký, thời hạn hoặc nơi nhận).") from error
    found: Mapping[str, Any] = claims
    return found


def _answer(method: str, address: str, **more: Any) -> dict[str, Any]:
    try:
        answer = httpx.request(method, address, timeout=PATIENCE_SECONDS, **more)
    except httpx.HTTPError as error:
        raise RetryableError(
            "Hệ thống đăng nhập của đơn vị không trả lời.",
            field="login",
            remedy="Thử lại sau, hoặc đăng nhập bằng mật khẩu.",
        ) from error
    if answer.status_code in {400, 401} and method == "POST":
        raise UnknownIdentityError("Hệ thống của đơn vị không nhận mã xác nhận; bắt đầu đăng nhập lại.")
    try:
        found = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise _faulty(address) from error
    if not isinstance(found, dict):
        raise _faulty(address)
    return found


def _faulty(what: str) -> FinalError:
    return FinalError(
        f"Hệ thống đăng nhập của đơn vị trả lời sai ({what}).",
        field="OCOP_OIDC_ISSUER",
        remedy="Quản trị kiểm tra cấu hình OCOP_OIDC_…; trong lúc đó đăng nhập bằng mật khẩu.",
    )


def _redirect_uri() -> str:
    return settings().portal_address + BACK
