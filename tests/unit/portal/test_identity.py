"""Signing in by the organisation's provider, against a real one on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from sqlalchemy import select

from models.accounts.signing_in import account_of
from models.database import transaction
from models.enums import SignedInBy
from models.offices.people import person_of_code
from models.settings import settings
from models.tables import PortalSession
from tests.portal_client import give_account, set_up_second_factor
from tests.unit.portal.identity_provider import CLIENT, SECRET, Provider, provider

MAIL = "dieu-phoi@tho-xuan.example"
BACK = "/sign-in/identity/back"


@pytest.fixture
def known(client: TestClient, url: str, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that knows the coordinator, who has an account."""
    give_account(url, "dieu-phoi", now)
    with provider() as found:
        found.claims = {"email": MAIL, "email_verified": True}
        monkeypatch.setenv("OCOP_OIDC_ISSUER", found.issuer)
        monkeypatch.setenv("OCOP_OIDC_CLIENT_ID", CLIENT)
        monkeypatch.setenv("OCOP_OIDC_CLIENT_SECRET", SECRET)
        settings.cache_clear()
        yield found
    settings.cache_clear()


def ask(client: TestClient, target: str = "/account") -> str:
    """The address at the provider to which the portal leads."""
    return str(client.get("/sign-in/identity", params={"next": target}, follow_redirects=False).headers["location"])


def come_back(client: TestClient, **answer: str) -> httpx.Response:
    found: httpx.Response = client.get(BACK, params=answer, follow_redirects=False)
    return found


def refused(client: TestClient, answer: httpx.Response, words: str) -> bool:
    inside = client.get("/", follow_redirects=False).status_code
    return (answer.status_code, words in answer.text, inside) == (403, True, 303)


def test_person_with_the_verified_address_is_signed_in(client: TestClient, url: str, known: Provider) -> None:
    assert "Đăng nhập bằng tài khoản của đơn vị" in client.get("/sign-in").text
    address = ask(client)

    answer = come_back(client, **known.agree(address))

    asked = parse_qs(urlsplit(address).query)
    assert (asked["code_challenge_method"], asked["scope"]) == (["S256"], ["openid email profile"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert "Lê Thị Hương" in client.get("/account").text
    with transaction(url) as session:
        assert session.scalars(select(PortalSession.signed_in_by)).all() == [SignedInBy.IDENTITY]


def test_person_is_found_by_code_where_the_installation_says_so(
    client: TestClient, known: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCOP_OIDC_CODE_CLAIM", "ma_can_bo")
    settings.cache_clear()
    known.claims = {"ma_can_bo": "dieu-phoi"}

    assert come_back(client, **known.agree(ask(client))).status_code == 303
    assert "Lê Thị Hương" in client.get("/account").text


def test_second_factor_is_asked_for_all_the_same(client: TestClient, url: str, known: Provider) -> None:
    with transaction(url) as session:
        set_up_second_factor(account_of(session, person_of_code(session, "dieu-phoi")))

    asked = come_back(client, **known.agree(ask(client)))

    assert "Mã trong ứng dụng xác thực" in asked.text
    assert client.get("/", follow_redirects=False).headers["location"] == "/second-factor"


def test_one_time_password_does_not_stop_who_never_uses_it(client: TestClient, url: str, known: Provider) -> None:
    with transaction(url) as session:
        account_of(session, person_of_code(session, "dieu-phoi")).must_change = True

    come_back(client, **known.agree(ask(client)))

    assert client.get("/", follow_redirects=False).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"email": MAIL},
        {"email": MAIL, "email_verified": False},
        {"email": "nguoi-la@tho-xuan.example", "email_verified": True},
        {"email": "chanh-vp@tho-xuan.example", "email_verified": True},
        {},
    ],
    ids=["not verified", "refused to verify", "stranger", "no account", "nobody"],
)
def test_who_is_not_known_for_certain_is_refused(
    client: TestClient, known: Provider, claims: dict[str, object]
) -> None:
    known.claims = claims

    answer = come_back(client, **known.agree(ask(client)))

    assert refused(client, answer, "đăng nhập bằng mật khẩu".capitalize())


@pytest.mark.parametrize(
    "claims",
    [{"aud": "other"}, {"iss": "http://other"}, {"nonce": "other"}, {"exp": 1}, {"aud": [CLIENT, "b"], "azp": "b"}],
    ids=["for another client", "of another issuer", "of another try", "out of date", "given to another party"],
)
def test_token_that_is_not_for_this_try_is_refused(
    client: TestClient, known: Provider, claims: dict[str, object]
) -> None:
    known.claims |= claims

    answer = come_back(client, **known.agree(ask(client)))

    assert refused(client, answer, "Xác nhận của đơn vị không hợp lệ")


def test_token_signed_by_another_key_is_refused(client: TestClient, known: Provider) -> None:
    known.signs_with = RSAKey.generate_key(2048)

    answer = come_back(client, **known.agree(ask(client)))

    assert refused(client, answer, "Xác nhận của đơn vị không hợp lệ")


def test_answer_to_another_browser_signs_nobody_in(client: TestClient, known: Provider) -> None:
    """Somebody else's answer, brought to this browser: it would work in their name."""
    theirs = known.agree(ask(client))
    client.cookies.clear()
    without_asking = come_back(client, **theirs)
    ask(client)

    after_asking = come_back(client, **theirs)

    for answer in (without_asking, after_asking):
        assert refused(client, answer, "không bắt đầu từ trình duyệt này")


def test_code_is_taken_once(client: TestClient, known: Provider) -> None:
    address = ask(client)
    answer, kept = known.agree(address), client.cookies["ocop_identity"]
    come_back(client, **answer)
    client.cookies.clear()
    client.cookies.set("ocop_identity", kept)

    again = come_back(client, **answer)

    assert refused(client, again, "không nhận mã xác nhận")


def test_target_never_leads_out_of_the_portal(client: TestClient, known: Provider) -> None:
    answer = come_back(client, **known.agree(ask(client, "https://evil.example/")))

    assert answer.headers["location"] == "/"


def test_without_a_provider_there_is_no_such_way(client: TestClient) -> None:
    assert "Đăng nhập bằng tài khoản của đơn vị" not in client.get("/sign-in").text
    assert client.get("/sign-in/identity", follow_redirects=False).status_code == 403
