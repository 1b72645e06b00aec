"""The registration wizard: step by step, half-filled, two people, twice, handed in and again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from models.certificates.issuing import register_old
from models.certificates.sweeping import sweep
from models.database import transaction
from models.enums import Level, Role, TokenScope
from models.office_clock import set_stored_now
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name, round_by_code
from models.tables import Dossier, DossierAttempt, Draft, PortalSession, WorkItem
from tests.factories import CAKE, HANDED_IN, LONGAN, ROUND, at, someone, submit
from tests.portal_client import KEY, real_now, sign_in, token_for
from tests.unit.portal.registering import (
    FORM_01,
    begun,
    colleague,
    filled,
    producer,
    root,
    step,
    take_dossiers,
)


@pytest.fixture
def now(url: str) -> datetime:
    """The round takes dossiers."""
    take_dossiers(url)
    return HANDED_IN


def drafts(url: str) -> list[Draft]:
    with transaction(url) as session:
        return list(session.scalars(select(Draft).order_by(Draft.id)))


def test_list_shows_own_products_and_leads_into_the_wizard(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, producer(url), now)

    page = browser.get("/registrations").text

    assert f'href="{root(url)}"' in page
    assert CAKE in page
    assert LONGAN not in page


def test_start_fills_in_what_the_office_knows(client: TestClient, url: str, now: datetime) -> None:
    begun(client, url, now)

    (draft,) = drafts(url)
    assert draft.data["kind"] == "first"
    assert draft.data["target_stars"] == 3
    assert draft.data["registration"]["product_name"] == CAKE


def test_half_filled_step_is_kept_and_leads_on(client: TestClient, url: str, now: datetime) -> None:
    browser = step(begun(client, url, now), f"{root(url)}/registration", {"unit": "Cơ sở"})

    assert str(browser.last.url).endswith("/self_assessment")
    assert drafts(url)[0].data["registration"] == {"unit": "Cơ sở"}


def test_wrong_entry_is_kept_as_typed_and_told_at_its_field(client: TestClient, url: str, now: datetime) -> None:
    browser = step(begun(client, url, now), f"{root(url)}/registration", {"unit": "Cơ sở", "samples": "mười"})

    page = browser.last.text
    assert str(browser.last.url).endswith("/registration")
    assert 'name="samples" value="mười" aria-invalid="true"' in page
    assert "Phải là số nguyên" in page
    assert drafts(url)[0].data["registration"]["samples"] == "mười"


def test_scores_show_total_and_missed_gates(client: TestClient, url: str, now: datetime) -> None:
    browser = begun(client, url, now)

    page = step(browser, f"{root(url)}/scores", {"scores[1.1]": "0", "then": "stay"}).last.text

    assert "<b>0</b>/100 điểm" in page
    assert "Thiếu <strong>50 điểm</strong>" in page


def test_autosave_answers_with_version_and_score_and_its_page_never_conflicts(
    client: TestClient, url: str, now: datetime
) -> None:
    browser, at = begun(client, url, now), f"{root(url)}/scores"
    browser.get(at)
    mark = browser.last.text.split('name="page" value="')[1].split('"')[0]
    opened = {"version": "1", "page": mark, "scores[1.1]": "0"}

    saved = client.post(f"{at}/autosave", data=opened, headers={"X-CSRF-Token": csrf(browser.last.text)})
    sent = browser.send(at, opened | {"scores[1.1]": "5"})

    assert 'name="version" id="phien-ban" value="2" hx-swap-oob="true"' in saved.text
    assert 'id="khung-diem"' in saved.text
    assert sent.status_code == 200
    assert drafts(url)[0].data["self_assessment"]["scores"] == {"1.1": "5"}


def test_autosave_of_a_stale_page_keeps_its_version_so_that_nothing_is_overwritten(
    client: TestClient, url: str, now: datetime
) -> None:
    browser, at = begun(client, url, now), f"{root(url)}/registration"
    token = csrf(browser.get(at).text)
    step(browser, at, {"unit": "Bản đầu"})

    told = client.post(f"{at}/autosave", data={"version": "1", "unit": "Cũ"}, headers={"X-CSRF-Token": token})

    assert "vừa được" in told.text
    assert 'name="version"' not in told.text
    assert [draft.data["registration"]["unit"] for draft in drafts(url)] == ["Bản đầu", "Cũ"]


def csrf(page: str) -> str:
    return page.split('name="_csrf" value="')[1].split('"', maxsplit=1)[0]


def test_second_of_two_people_is_told_and_both_versions_are_kept(client: TestClient, url: str, now: datetime) -> None:
    at = f"{root(url)}/registration"
    begun(client, url, now)
    second = sign_in(client, url, colleague(url), now)
    second.get(at)
    step(sign_in(client, url, producer(url), now), at, {"unit": "Bản đầu", "post": "Chủ"})

    second = sign_in(client, url, "ke-toan", now)
    second.get(at)
    told = second.send(at, {"version": "1", "unit": "Bản sau", "post": "Chủ"})
    page = second.get(f"{root(url)}/versions").text

    assert told.status_code == 409
    assert "Bản nháp này vừa được Chủ" in told.text
    assert 'value="Bản sau"' in told.text
    assert [draft.data["registration"]["unit"] for draft in drafts(url)] == ["Bản đầu", "Bản sau"]
    assert "Bản đầu" in page
    assert "<mark>Bản sau</mark>" in page
    second.send(f"{root(url)}/versions", {"version": "2", "mine": "registration.unit"})
    assert [draft.data["registration"]["unit"] for draft in drafts(url)] == ["Bản sau"]


def test_handing_in_half_filled_says_what_lacks_and_where(client: TestClient, url: str, now: datetime) -> None:
    browser = begun(client, url, now)
    browser.get(f"{root(url)}/review")

    refused = browser.send(f"{root(url)}/review", {"version": "1"})

    assert refused.status_code == 422
    assert f'<a href="{root(url)}/registration#f-post">Chưa ghi «Chức vụ»</a>' in refused.text
    with transaction(url) as session:
        assert session.scalars(select(Dossier)).all() == []


def test_handing_in_without_papers_needs_to_be_said(client: TestClient, url: str, now: datetime) -> None:
    browser, at = filled(client, url, now), f"{root(url)}/review"
    browser.get(at)

    refused = browser.send(at, {"version": "4"})
    browser.get(at)
    handed_in = browser.send(at, {"version": "4", "although_lacking": "true"}, follow=False)

    assert refused.status_code == 422
    assert "Hồ sơ còn thiếu giấy tờ" in refused.text
    assert handed_in.status_code == 303
    with transaction(url) as session:
        attempt = session.scalars(select(DossierAttempt)).one()
        assert handed_in.headers["location"] == f"/dossiers/{attempt.dossier.code}"
        assert attempt.registration["undertaking"] is True
        assert attempt.self_assessment["scores"]["1.1"] in {0, 1, 3, 5}
    assert drafts(url) == []


def test_double_submit_hands_in_once(client: TestClient, url: str, now: datetime) -> None:
    browser, at = filled(client, url, now), f"{root(url)}/review"
    page = browser.get(at).text
    key = KEY.search(page)
    assert key is not None
    form = {"_csrf": csrf(page), "_key": key.group(1), "version": "4", "although_lacking": "true"}

    first = client.post(at, data=form, follow_redirects=False)
    second = client.post(at, data=form, follow_redirects=False)

    assert (second.status_code, second.headers["location"]) == (303, first.headers["location"])
    with transaction(url) as session:
        assert len(session.scalars(select(DossierAttempt)).all()) == 1


def test_product_whose_dossier_is_under_way_is_not_begun_again(client: TestClient, url: str, now: datetime) -> None:
    with transaction(url) as session:
        attempt = submit(session)
        path = f"/dossiers/{attempt.dossier.code}"
    browser = sign_in(client, url, producer(url), now)
    browser.get("/account/password")

    shown = [browser.get(f"{root(url)}{tail}", follow=False).headers["location"] for tail in ("", "/start")]
    browser.get("/account/password")
    refused = browser.send(f"{root(url)}/start", {"version": "0", "start": "first"})

    assert shown == [path, path]
    assert refused.status_code == 409
    assert "đang xử lý" in refused.text


def test_draft_changed_after_it_was_reviewed_is_not_handed_in(client: TestClient, url: str, now: datetime) -> None:
    browser, at = filled(client, url, now), f"{root(url)}/review"
    browser.get(at)

    refused = browser.send(at, {"version": "3", "although_lacking": "true"})

    assert refused.status_code == 409
    assert len(drafts(url)) == 1


@pytest.mark.parametrize(
    "tail", ["", "/start", "/registration", "/scores", "/evidence", "/papers/1", "/review", "/versions"]
)
def test_wizard_of_anothers_product_is_not_there(client: TestClient, url: str, now: datetime, tail: str) -> None:
    begun(client, url, now)
    stranger = sign_in(client, url, producer(url, LONGAN), now)

    assert stranger.get(f"{root(url)}{tail}").status_code == 404
    assert stranger.get(f"{root(url, LONGAN)}/start").status_code == 200


def test_expired_session_in_the_middle_keeps_draft_and_what_was_typed(
    client: TestClient, url: str, now: datetime
) -> None:
    browser, at = begun(client, url, now), f"{root(url)}/registration"
    browser.get(at)
    with transaction(url) as session:
        session.execute(update(PortalSession).values(seen_at=real_now() - timedelta(hours=1)))

    asked = browser.send(at, {"version": "1", "unit": "Đang gõ dở"})
    again = sign_in(client, url, producer(url), now).get(at)

    assert 'name="typed"' in asked.text
    assert 'name="unit" value="' in again.text


def test_markup_in_names_is_shown_as_text(client: TestClient, url: str, now: datetime) -> None:
    browser = step(
        begun(client, url, now), f"{root(url)}/papers/1", {"kind": "awards", "title": "<script>alert(1)</script>"}
    )

    page = browser.get(f"{root(url)}/evidence").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_returned_dossier_is_handed_in_again_by_the_same_wizard(client: TestClient, url: str, now: datetime) -> None:
    browser, at = filled(client, url, now), f"{root(url)}/review"
    browser.get(at)
    browser.send(at, {"version": "4", "although_lacking": "true"}, follow=False)
    with transaction(url) as session:
        code = session.scalars(select(Dossier.code)).one()
    browser.get(f"/dossiers/{code}/withdrawal")
    browser.send(f"/dossiers/{code}/withdrawal", {"reason": "Sửa lại"}, follow=False)

    browser.get(f"{root(url)}/start")
    browser.send(f"{root(url)}/start", {"version": "0", "start": f"again:{code}", "target_stars": "3"})
    kept = drafts(url)[0].data
    step(browser, f"{root(url)}/registration", FORM_01 | {"phone": "0987"})
    review = browser.get(at).text
    browser.send(at, {"version": "2", "although_lacking": "true"}, follow=False)

    assert kept["registration"]["phone"] == FORM_01["phone"]
    assert kept["dossier"] == code
    assert "<mark>0987</mark>" in review
    with transaction(url) as session:
        attempts = session.scalars(select(DossierAttempt).order_by(DossierAttempt.number)).all()
        assert [(one.number, one.registration["phone"]) for one in attempts] == [(1, FORM_01["phone"]), (2, "0987")]


def test_withdrawing_anothers_dossier_is_refused(client: TestClient, url: str, now: datetime) -> None:
    browser, at = filled(client, url, now), f"{root(url)}/review"
    browser.get(at)
    browser.send(at, {"version": "4", "although_lacking": "true"}, follow=False)
    with transaction(url) as session:
        code = session.scalars(select(Dossier.code)).one()
    stranger = sign_in(client, url, producer(url, LONGAN), now)
    stranger.get("/registrations")

    assert stranger.get(f"/dossiers/{code}/withdrawal").status_code == 403
    stranger.get(f"{root(url, LONGAN)}/start")
    assert stranger.send(f"/dossiers/{code}/withdrawal", {"reason": "Phá"}).status_code == 403
    with transaction(url) as session:
        assert session.scalars(select(DossierAttempt)).one().status == "in_progress"


def test_round_that_is_closed_takes_no_start(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, producer(url), now)
    browser.get(f"{root(url)}/start")
    with transaction(url) as session:
        set_stored_now(session, HANDED_IN.replace(month=9))
    second = sign_in(client, url, producer(url), HANDED_IN.replace(month=9))
    second.get("/account/password")

    refused = second.send(f"{root(url)}/start", {"version": "0", "start": "first"})

    assert refused.status_code == 409
    assert "không nhận hồ sơ hôm nay" in refused.text


def test_api_gives_the_draft_and_the_same_acts(client: TestClient, url: str, now: datetime) -> None:
    begun(client, url, now)
    client.cookies.clear()
    header = token_for(url, producer(url), now, TokenScope.READ, TokenScope.ACT)

    def post(path: str, body: dict[str, object], key: str) -> dict[str, object]:
        answer = client.post(f"/api/v1{path}", json=body, headers=header | {"Idempotency-Key": key})
        return {"status": answer.status_code, **answer.json()}

    saved = post(f"{root(url)}/scores", {"version": 1, "scores": {"1.1": 5, "9.9": "x"}}, "a")
    stale = post(f"{root(url)}/scores", {"version": 1, "scores": {"1.1": 3}}, "b")
    read = client.get(f"/api/v1{root(url)}", headers=header).json()

    assert (saved["status"], stale["status"]) == (200, 409)
    assert read["data"]["self_assessment"]["scores"] == {"1.1": 5, "9.9": "x"}
    assert read["score"]["total"] == 5
    assert read["kept_aside"]["self_assessment"]["scores"] == {"1.1": 3}
    assert client.get("/api/v1/registrations", headers=header).json()["total"] == 1


def test_coordinator_helps_and_keeps_a_draft_of_their_own(client: TestClient, url: str, now: datetime) -> None:
    with transaction(url) as session:
        who = someone(session, "dieu-phoi", Role.COORDINATOR)
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get(f"{root(url)}/start")
    browser.send(f"{root(url)}/start", {"version": "0", "start": "first", "target_stars": "3"})

    assert drafts(url)[0].owner == f"person:{who.person_id}"


def test_notice_that_a_certificate_ends_leads_into_the_wizard(client: TestClient, url: str, now: datetime) -> None:
    later = at("2027-02-01")
    with transaction(url) as session:
        product = product_by_name(session, CAKE)
        facts: dict[str, Any] = {
            "stars": 3,
            "decision_number": "2101/QĐ-UBND",
            "issued_on": date(2024, 7, 15),
            "level": Level.PROVINCE,
        }
        register_old(session, product, **facts)
        sweep(session, later)
        set_stored_now(session, later)
        item = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.RENEWAL_FILING)).one()
        round_ = round_by_code(session, ROUND)
        round_.registration_closes_on = later.date()
        path = f"/registrations/{ROUND}/{product.id}"
    browser = sign_in(client, url, producer(url), later)

    page = browser.get(f"/items/{item.id}").text
    starts = browser.get(f"{path}/start").text
    given_up = browser.send(f"/items/{item.id}/outcome/renewal_filing", {"outcome": "not_renewing"})

    assert f'href="{path}"' in page
    assert 'value="filed"' not in page
    assert 'value="renewal"' in starts
    assert given_up.status_code == 422
    assert "Không đánh giá lại phải ghi lý do" in given_up.text
    assert f'href="{path}"' in given_up.text
