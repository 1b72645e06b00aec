"""Dossiers on their pages: who sees which, what of it, and that nothing typed becomes markup."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.database import transaction
from models.enums import TokenScope
from models.office_clock import set_stored_now
from models.process.kinds import StepKind
from models.tables import AuditEntry, DossierAttempt, Product, WorkItem
from tests.factories import (
    CAKE,
    CANDY,
    HELD,
    LONGAN,
    REPORTED,
    SIGNED,
    at,
    concluded,
    in_consulting,
    opened,
    sign,
    waiting_for_council,
)
from tests.portal_client import sign_in, token_for
from tests.unit.portal.scenes import Scene, stage

TODAY = at("2024-08-01")


@pytest.fixture
def cake(client: TestClient, url: str) -> Scene:
    """The rice cake of Thọ Diên waits for the consultant."""
    return stage(url, TODAY, in_consulting, CAKE)


@pytest.fixture
def candy(client: TestClient, url: str) -> Scene:
    """The candy of Thọ Lâm likewise."""
    return stage(url, TODAY, in_consulting, CANDY)


def seen(client: TestClient, url: str, code: str, scenes: list[Scene]) -> list[bool]:
    browser = sign_in(client, url, code, TODAY)
    return [browser.get(f"/dossiers/{scene.code}").status_code == 200 for scene in scenes]


def test_dossier_page_only_for_those_whose_case_it_is(client: TestClient, url: str, cake: Scene, candy: Scene) -> None:
    both = [cake, candy]

    assert seen(client, url, "dieu-phoi", both) == [True, True]
    assert seen(client, url, "cb-xa-tho-dien", both) == [True, False]
    assert seen(client, url, cake.producer, both) == [True, False]
    assert seen(client, url, candy.producer, both) == [False, True]


@pytest.mark.parametrize("part", ["", "/diff", "/audit"])
def test_dossier_of_another_commune_looks_as_if_it_were_not_there(
    client: TestClient, url: str, candy: Scene, part: str
) -> None:
    browser = sign_in(client, url, "cb-xa-tho-dien", TODAY)
    there = browser.get(f"/dossiers/{candy.code}{part}")
    nowhere = browser.get(f"/dossiers/2024-999{part}")

    assert there.status_code == nowhere.status_code
    assert there.text.replace(candy.code, "X") == nowhere.text.replace("2024-999", "X")


def test_api_gives_no_dossier_of_another(client: TestClient, url: str, cake: Scene, candy: Scene) -> None:
    header = token_for(url, cake.producer, TODAY, TokenScope.READ)

    listed = client.get("/api/v1/dossiers", headers=header).json()
    codes = [client.get(f"/api/v1/dossiers/{scene.code}", headers=header).status_code for scene in (cake, candy)]

    assert [row["code"] for row in listed["items"]] == [cake.code]
    assert codes == [200, 404]
    assert client.get(f"/api/v1/dossiers/{candy.code}/comparison", headers=header).status_code == 404
    assert client.post(f"/api/v1/dossiers/{candy.code}/package", headers=header).status_code == 404


def test_item_of_another_commune_is_not_found(client: TestClient, url: str, candy: Scene) -> None:
    with transaction(url) as session:
        item = session.scalars(select(WorkItem.id).where(WorkItem.attempt_id == candy.attempt)).first()

    assert sign_in(client, url, "cb-xa-tho-dien", TODAY).get(f"/items/{item}").status_code == 404
    assert sign_in(client, url, "cb-xa-tho-lam", TODAY).get(f"/items/{item}").status_code == 200


def test_list_is_found_without_accents_and_filtered(client: TestClient, url: str, cake: Scene, candy: Scene) -> None:
    browser = sign_in(client, url, "dieu-phoi", TODAY)

    def codes(query: str) -> list[bool]:
        text = browser.get(f"/dossiers{query}").text
        return [f'href="/dossiers/{scene.code}"' in text for scene in (cake, candy)]

    assert codes("") == [True, True]
    assert codes("?search=keo+lac&round=&status=") == [False, True]
    assert codes("?search=banh+GAI") == [True, False]
    assert codes("?status=recognised") == [False, False]
    assert codes("?round=2024-2&status=in_progress") == [True, True]
    assert browser.get("/dossiers?round=2030-9").status_code == 404


def test_names_with_markup_are_shown_as_typed(client: TestClient, url: str, cake: Scene) -> None:
    name = '"><script>alert(1)</script>{{ 7*7 }}'
    with transaction(url) as session:
        product = session.scalars(select(Product).where(Product.name == CAKE)).one()
        product.name = name
        product.producer.name = "<img src=x onerror=alert(1)>"
    browser = sign_in(client, url, "dieu-phoi", TODAY)

    for path in (f"/dossiers/{cake.code}", "/dossiers", "/rounds/2024-2", "/plans/2024", "/"):
        text = browser.get(path).text
        assert ("<script>alert" in text, "<img src=x" in text) == (False, False)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in browser.get(f"/dossiers/{cake.code}").text


def test_producer_reads_own_names_of_steps_and_officers_theirs(client: TestClient, url: str, cake: Scene) -> None:
    heading = {
        code: sign_in(client, url, code, TODAY).get(f"/dossiers/{cake.code}").text.split('class="card now')[1]
        for code in (cake.producer, "dieu-phoi")
    }

    assert "<h2>Chuyên gia đang giúp anh/chị hoàn thiện hồ sơ" in heading[cake.producer]
    assert "<h2>Tư vấn hoàn thiện" in heading["dieu-phoi"]


def evaluated(session: Session) -> DossierAttempt:
    meeting = concluded(session, 60)
    return meeting.products[0].attempt


def test_result_and_sheets_open_to_each_at_their_time(client: TestClient, url: str) -> None:
    scene = stage(url, HELD, evaluated)
    words = {"Kết quả hội đồng": "result", "Phiếu chấm": "sheets"}

    def open_to(code: str, now: datetime = HELD) -> set[str]:
        text = sign_in(client, url, code, now).get(f"/dossiers/{scene.code}").text
        return {name for word, name in words.items() if word in text}

    assert open_to("dieu-phoi") == {"result", "sheets"}
    assert open_to("thu-ky") == {"result", "sheets"}
    assert open_to("cb-xa-tho-dien") == set()
    assert open_to(scene.producer) == set()
    with transaction(url) as session:
        attempt = session.get_one(DossierAttempt, scene.attempt)
        sign(session, attempt.round.sessions[-1])
        opened(session, attempt, StepKind.DECISION, SIGNED)
        set_stored_now(session, SIGNED)
    assert open_to(scene.producer, SIGNED) == {"result"}


def test_scores_as_a_picture_only_for_those_who_may_see_them(client: TestClient, url: str) -> None:
    scene = stage(url, HELD, evaluated)
    browser = sign_in(client, url, "dieu-phoi", HELD)
    path = browser.get(f"/dossiers/{scene.code}").text.split('<img src="')[1].split('"')[0]

    picture = browser.get(path)
    policy = picture.headers["content-security-policy"]
    refused = sign_in(client, url, scene.producer, HELD).get(path)

    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/svg+xml")
    assert policy == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert refused.status_code == 404


def test_package_is_sent_whole_and_noted(client: TestClient, url: str, cake: Scene, candy: Scene) -> None:
    browser = sign_in(client, url, cake.producer, TODAY)
    browser.get(f"/dossiers/{cake.code}")

    sent = browser.send(f"/dossiers/{cake.code}/package")
    browser.get(f"/dossiers/{cake.code}")
    others = browser.send(f"/dossiers/{candy.code}/package")

    names = zipfile.ZipFile(io.BytesIO(sent.content)).namelist()
    assert f"{cake.code}/00 Thông tin chung.json" in names
    assert others.status_code == 404
    with transaction(url) as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.act == "dossier.exported")).all()
        assert [entry.data["dossier"] for entry in noted] == [cake.code]


def test_package_with_scores_is_refused_to_the_producer(client: TestClient, url: str, cake: Scene) -> None:
    browser = sign_in(client, url, cake.producer, TODAY)
    browser.get(f"/dossiers/{cake.code}")

    assert browser.send(f"/dossiers/{cake.code}/package", {"scores": "1"}).status_code == 403


def test_audit_trail_for_those_who_audit(client: TestClient, url: str, cake: Scene) -> None:
    def status(code: str) -> int:
        return sign_in(client, url, code, TODAY).get(f"/dossiers/{cake.code}/audit").status_code

    assert [status("dieu-phoi"), status("cb-xa-tho-dien"), status(cake.producer)] == [200, 403, 403]


def test_dossier_that_waits_is_shown_with_who_must_act_until_when(client: TestClient, url: str) -> None:
    scene = stage(url, REPORTED, waiting_for_council, LONGAN)

    text = sign_in(client, url, "dieu-phoi", REPORTED).get(f"/dossiers/{scene.code}").text

    assert 'class="now" aria-current="step"><b>5</b>' in text
