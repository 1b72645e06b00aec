"""Public look-ups: enough for people, not for copying the register."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from portal import pace
from portal.app import create_app
from portal.pace import Pace


def test_call_beyond_the_limit_waits_until_the_window_is_over() -> None:
    counted = Pace(most=2, window=60.0)

    waits = [counted.wait("a", now) for now in (0.0, 10.0, 20.0, 59.5, 60.0)]

    assert waits == [0, 0, 40, 1, 0]
    assert counted.wait("b", 20.0) == 0


def test_addresses_remembered_are_limited() -> None:
    counted = Pace(most=1, keys=2)
    for key in ("a", "b", "c"):
        counted.wait(key, 0.0)

    assert (counted.wait("c", 1.0), counted.wait("b", 1.0), counted.wait("a", 1.0)) == (59, 59, 0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
    ],
)
@pytest.mark.usefixtures("client")
def test_household_is_counted_together(monkeypatch: pytest.MonkeyPatch, one: str, other: str, same: bool) -> None:
    monkeypatch.setattr(pace, "LOOKING_UP", Pace(most=1))
    app = create_app()
    first, second = (TestClient(app, client=(host, 5000)) for host in (one, other))

    answers = [client.get("/c/khong-co").status_code for client in (first, second)]

    assert answers == [404, 429 if same else 404]


def test_refusal_says_when_to_come_again(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "LOOKING_UP", Pace(most=1))

    client.get("/c/khong-co")
    page, call = client.get("/c/khong-co"), client.get("/api/v1/public/certificates")

    assert (page.status_code, call.status_code) == (429, 429)
    assert 0 < int(page.headers["Retry-After"]) <= 60
    assert call.headers["Retry-After"] == page.headers["Retry-After"]
    assert "Tra cứu quá nhiều lần trong một lúc" in page.text
