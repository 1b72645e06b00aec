"""Certificates through pages and API: who sees which, what may be done, what the public is told."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.certificates.entering import Paper, enter_certificate
from models.certificates.unlisted import Unlisted
from models.database import transaction
from models.enums import OrganisationForm, Role, TokenScope
from models.process.kinds import StepKind
from models.tables import Certificate, PlannedInspection, Revocation, WorkItem
from tests.factories import someone
from tests.portal_client import sign_in, token_for

NASTY = "<img src=x onerror=alert(1)>"
PRIVATE = ("0912345678", "chu@example.vn", "Nguyễn Văn Kín", "Thôn 7", "DKKD-99")


@pytest.fixture
def code(url: str, now: datetime) -> str:
    """A certificate of a product in Thọ Diên with a name that could run, and with private facts that could leak."""
    with transaction(url) as session:
        made_by = Unlisted("xã Thọ Diên", f"Cơ sở {NASTY}", 6, OrganisationForm.HOUSEHOLD)
        row = enter_certificate(
            session,
            f"Bánh {NASTY}",
            Paper(3, "12/QĐ-UBND", date(2023, 7, 1)),
            someone(session, "dieu-phoi", Role.COORDINATOR, now),
            now,
            made_by,
        )
        producer = row.product.producer
        producer.phone, producer.email, producer.representative, producer.address = PRIVATE[:4]
        producer.registration_number = PRIVATE[4]
        return row.code


def test_public_page_tells_the_public_facts_and_nothing_private(client: TestClient, url: str, code: str) -> None:
    told = client.get(f"/c/{code}")

    assert told.status_code == 200
    assert "Đang có hiệu lực" in told.text
    assert [word for word in PRIVATE if word in told.text] == []
    assert told.headers["x-robots-tag"] == "noindex"


def test_open_data_tell_the_same_and_nothing_private(client: TestClient, url: str, code: str) -> None:
    listed = client.get("/api/v1/public/certificates")
    one = client.get(f"/api/v1/public/certificates/{code}")

    assert [row["code"] for row in listed.json()["items"]] == [code]
    assert listed.json()["items"][0] == one.json()
    assert [word for word in PRIVATE if word in listed.text + one.text] == []
    assert set(one.json()) == {
        "code", "product", "producer", "commune", "stars", "level_label", "decision_number", "decided_on",
        "valid_until", "valid", "state_label",
    }  # fmt: skip


def test_unknown_code_is_told_in_words_with_what_was_typed(client: TestClient, code: str) -> None:
    asked = client.get("/c", params={"code": "38-SAI<b>"}, follow_redirects=True)

    assert asked.status_code == 404
    assert "Không có giấy chứng nhận OCOP mang mã này" in asked.text
    assert 'value="38-SAI&lt;b&gt;"' in asked.text


def test_search_form_of_the_public_leads_to_its_page_only(client: TestClient, code: str) -> None:
    led = client.get("/c", params={"code": "//evil.example/"}, follow_redirects=False)

    assert led.headers["location"] == "/c/~~evil.example~"


def test_qr_picture_is_svg_of_its_own_for_known_codes_only(client: TestClient, code: str) -> None:
    picture, unknown = client.get(f"/c/{code}/qr.svg"), client.get("/c/38-sai/qr.svg")

    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/svg+xml")
    assert "<path" in picture.text
    assert "script" not in picture.text
    assert unknown.status_code == 404


@pytest.mark.parametrize("path", ["/c/{code}", "/certificates", "/certificates/{code}"])
def test_name_of_a_product_never_runs(client: TestClient, url: str, now: datetime, code: str, path: str) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)

    shown = browser.get(path.format(code=code)).text

    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert NASTY not in shown


@pytest.mark.parametrize("path", ["", "/renewal", "/finding"])
def test_commune_sees_its_own_certificates_and_no_others(
    client: TestClient, url: str, now: datetime, code: str, path: str
) -> None:
    own = sign_in(client, url, "cb-xa-tho-dien", now)
    mine = own.get(f"/certificates/{code}{path}").status_code
    mine_listed = code in own.get("/certificates").text
    other = sign_in(client, url, "cb-xa-xuan-lap", now)
    theirs = other.get(f"/certificates/{code}{path}").status_code
    theirs_listed = code in other.get("/certificates").text

    assert (mine, mine_listed) == (200, True)
    assert (theirs, theirs_listed) == (404, False)


def test_api_gives_a_commune_no_certificate_of_another(client: TestClient, url: str, now: datetime, code: str) -> None:
    own = token_for(url, "cb-xa-tho-dien", now, TokenScope.READ)
    other = token_for(url, "cb-xa-xuan-lap", now, TokenScope.READ)

    assert client.get(f"/api/v1/certificates/{code}", headers=own).json()["certificate"]["code"] == code
    assert client.get(f"/api/v1/certificates/{code}", headers=other).status_code == 404
    assert client.get("/api/v1/certificates", headers=other).json()["total"] == 0


def test_finding_of_another_commune_is_refused_through_the_api(
    client: TestClient, url: str, now: datetime, code: str
) -> None:
    header = token_for(url, "cb-xa-xuan-lap", now, TokenScope.ACT) | {"Idempotency-Key": "k1"}
    body = {"ground": "Không còn đáp ứng", "text": "Thấy ngừng sản xuất"}

    refused = client.post(f"/api/v1/certificates/{code}/finding", json=body, headers=header)

    assert refused.status_code == 404
    with transaction(url) as session:
        assert session.scalars(select(Revocation)).all() == []


def test_inspection_asked_for_is_the_technical_offices_work(
    client: TestClient, url: str, now: datetime, code: str
) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get(f"/certificates/{code}/inspection")

    done = browser.send(f"/certificates/{code}/inspection", {"by": "2024-03-20", "reason": f"Nhãn sai {NASTY}"})

    assert "Đã giao kiểm tra trước hết ngày 20/03/2024" in done.text
    assert NASTY not in done.text
    with transaction(url) as session:
        (row,) = session.scalars(select(PlannedInspection)).all()
        item = session.scalars(select(WorkItem).where(WorkItem.certificate_id.is_not(None))).one()
        assert (row.planned_on, row.ad_hoc, item.kind) == (date(2024, 3, 20), True, StepKind.CERTIFICATE_INSPECTION)
        number = item.id
    inspector = sign_in(client, url, "kiem-tra", now).get(f"/items/{number}").text
    assert "Cuộc kiểm tra này" in inspector
    assert "đột xuất" in inspector
    assert "0912345678" in inspector  # whoever inspects has to find the place
    other = sign_in(client, url, "cb-xa-xuan-lap", now).get(f"/items/{number}")
    assert (other.status_code in {403, 404}, "0912345678" in other.text) == (True, False)


def test_wrong_day_of_an_inspection_stands_at_the_field_with_what_was_typed(
    client: TestClient, url: str, now: datetime, code: str
) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get(f"/certificates/{code}/inspection")

    refused = browser.send(f"/certificates/{code}/inspection", {"by": "2024-02-01", "reason": "Nhãn"})

    assert refused.status_code == 422
    assert 'id="f-by-p"' in refused.text
    assert 'value="2024-02-01"' in refused.text


def test_finding_then_decision_of_the_leader_revokes_for_the_public_too(
    client: TestClient, url: str, now: datetime, code: str
) -> None:
    officer = sign_in(client, url, "kiem-tra", now)
    assert officer.get(f"/certificates/{code}/finding").status_code == 404  # not given to this office yet
    coordinator = sign_in(client, url, "dieu-phoi", now)
    coordinator.get(f"/certificates/{code}/finding")
    found = coordinator.send(
        f"/certificates/{code}/finding", {"ground": "Hồ sơ giả mạo", "text": "Sửa phiếu", "found_on": "2024-03-01"}
    )
    assert "Đã ghi phát hiện" in found.text
    assert f"/certificates/{code}/revocation" not in found.text  # the district's leader decides, not its office
    leader = sign_in(client, url, "lanh-dao", now)
    leader.get(f"/certificates/{code}/revocation")

    leader.send(
        f"/certificates/{code}/revocation",
        {
            "outcome": "revoked",
            "decision_number": "9/QĐ-UBND",
            "signed_on": "2024-03-01",
            "signer": "Nguyễn Quang Minh",
        },
    )

    assert "Bị thu hồi" in client.get(f"/c/{code}").text
    with transaction(url) as session:
        assert session.scalars(select(Certificate)).one().revoked_on == date(2024, 3, 1)


def test_old_certificate_is_entered_once_by_coordinators_only(client: TestClient, url: str, now: datetime) -> None:
    facts = {
        "product": "Tương làng", "stars": "3", "decision_number": "77/QĐ", "issued_on": "2023-05-04",
        "commune": "xã Thọ Diên", "producer": "Hộ ông Tư", "criteria_set": "6", "form": "household",
    }  # fmt: skip
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/old-certificates")
    key = browser.send("/old-certificates", facts)
    browser.get("/old-certificates")
    browser.send("/old-certificates", facts)

    assert "Đã ghi" in key.text
    with transaction(url) as session:
        assert len(session.scalars(select(Certificate)).all()) == 1
    assert sign_in(client, url, "kiem-tra", now).get("/old-certificates").status_code == 403


@pytest.mark.parametrize("query", ["state=x", "ending=-1", "ending=99999999999999", "stars=ba", "page=0", "year=²"])
def test_register_refuses_what_cannot_be_asked_in_words(
    client: TestClient, url: str, now: datetime, code: str, query: str
) -> None:
    assert sign_in(client, url, "dieu-phoi", now).get(f"/certificates?{query}").status_code == 422


def test_register_filters_by_what_the_address_says(client: TestClient, url: str, now: datetime, code: str) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)

    shown = {
        query: code in browser.get(f"/certificates?{query}").text
        for query in ("q=banh", "q=chao", "stars=3", "stars=4", "year=2023", "year=2022", "ending=180", "ending=900")
    }

    assert [query for query, there in shown.items() if there] == ["q=banh", "stars=3", "year=2023", "ending=900"]


def test_code_with_a_slash_and_a_vietnamese_letter_has_pages_of_its_own(
    client: TestClient, url: str, now: datetime
) -> None:
    facts = {
        "product": "Nem", "stars": "3", "decision_number": "78/QĐ", "issued_on": "2023-05-04", "form": "household",
        "commune": "xã Thọ Diên", "producer": "Hộ bà Năm", "criteria_set": "6", "product_code": "12/QĐ-OCOP",
    }  # fmt: skip
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/old-certificates")
    entered = browser.send("/old-certificates", facts)

    assert "Giấy chứng nhận 12/QĐ-OCOP" in entered.text
    assert browser.get("/certificates/12~QĐ-OCOP/inspection").status_code == 200
    assert client.get("/c", params={"code": "12/QĐ-OCOP"}).status_code == 200
    assert client.get("/c/12~QĐ-OCOP/qr.svg").status_code == 200
    assert client.get("/api/v1/public/certificates/12~QĐ-OCOP").json()["code"] == "12/QĐ-OCOP"
