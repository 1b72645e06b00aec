"""The steps of a dossier on their pages: forms begin filled in, with what there is of the dossier; corrections."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.database import transaction
from models.enums import TokenScope
from models.process.kinds import StepKind
from models.tables import DossierAttempt, WorkItem
from tests.factories import CAKE, accepted, at, in_consulting, opened, papers, submit
from tests.portal_client import sign_in, token_for
from tests.unit.portal.scenes import Scene, open_item, stage

TODAY = at("2024-08-01")


def item_of(url: str, scene: Scene, kind: StepKind) -> int:
    """The step's open item."""
    with transaction(url) as session:
        return opened(session, session.get_one(DossierAttempt, scene.attempt), kind, at("2024-07-08")).id


def checked(text: str, name: str) -> list[str]:
    """Which boxes of a field are ticked."""
    return re.findall(rf'name="{re.escape(name)}" value="([^"]*)" checked', text)


def test_check_begins_with_what_is_missing_and_what_expires(client: TestClient, url: str) -> None:
    few = [*papers("business_registration", expires_on="2024-09-01"), *papers("material_origin", "local_labour")]
    scene = stage(url, TODAY, submit, CAKE, evidence=few)
    item = item_of(url, scene, StepKind.REGISTRATION_CHECK)

    text = sign_in(client, url, "dieu-phoi", TODAY).get(f"/items/{item}").text

    assert checked(text, "missing") == ["product_story"]
    assert checked(text, "outcome") == ["returned"]
    assert "hạn 01/09/2024 – HẾT HẠN trước ngày họp hội đồng" in text
    assert "10. Câu chuyện sản phẩm (bắt buộc) <small>THIẾU</small>" in text


def test_return_is_recorded_from_the_form_as_it_begins(client: TestClient, url: str) -> None:
    scene = stage(url, TODAY, submit, CAKE, evidence=papers("business_registration"))
    item = item_of(url, scene, StepKind.REGISTRATION_CHECK)
    browser = sign_in(client, url, "dieu-phoi", TODAY)
    text = browser.get(f"/items/{item}").text
    sent = {"outcome": "returned", "missing": checked(text, "missing"), "note": "Bổ sung rồi nộp lại."}

    done = browser.send(f"/items/{item}/outcome/registration_check", sent)

    assert "Đã ghi «Kiểm tra hồ sơ đăng ký»: trả lại." in done.text
    with transaction(url) as session:
        outcome = session.get_one(WorkItem, item).outcome
        assert outcome is not None
        assert outcome.data["missing"] == ["material_origin", "local_labour", "product_story"]


def test_commune_report_begins_with_what_the_producer_described(client: TestClient, url: str) -> None:
    scene = stage(url, TODAY, accepted, CAKE, self_assessment={"workers": 12, "local_workers": 10})
    item = item_of(url, scene, StepKind.COMMUNE_ASSESSMENT)

    text = sign_in(client, url, "cb-xa-tho-dien", TODAY).get(f"/items/{item}").text

    described = re.search(r'name="findings\[labour\]\[described\]"[^>]*>([^<]*)', text)
    assert described is not None
    assert described.group(1) == "12 lao động, 10 tại địa phương. Giấy tờ: Giấy local_labour"


def test_consulting_offers_the_gates_of_the_set_and_shows_the_report(client: TestClient, url: str) -> None:
    scene = stage(url, TODAY, in_consulting, CAKE)
    with transaction(url) as session:
        item = open_item(session, scene, StepKind.CONSULTING)

    text = sign_in(client, url, "tu-van-1", TODAY).get(f"/items/{item}").text

    assert 'name="missed_gates" value="8.1"' in text
    assert "3 sao cần từ 2 điểm" in text
    assert "Báo cáo số 15/BC-UBND" in text


@pytest.fixture
def report(client: TestClient, url: str) -> int:
    """The commune's report on the cake is there, the consultant is at work: the item of the report."""
    scene = stage(url, TODAY, in_consulting, CAKE)
    with transaction(url) as session:
        query = select(WorkItem.id).where(
            WorkItem.attempt_id == scene.attempt, WorkItem.kind == StepKind.COMMUNE_ASSESSMENT
        )
        return session.scalars(query).one()


def test_correction_page_says_what_opens_again(client: TestClient, url: str, report: int) -> None:
    text = sign_in(client, url, "dieu-phoi", TODAY).get(f"/items/{report}/correction/commune_assessment").text

    assert "Tư vấn hoàn thiện: việc đang chờ được hủy" in text
    assert 'name="stated[report_number]" value="15/BC-UBND"' in text


def test_correction_is_refused_to_another_commune_and_to_the_wrong_form(
    client: TestClient, url: str, report: int
) -> None:
    other = sign_in(client, url, "cb-xa-tho-lam", TODAY)
    assert other.get(f"/items/{report}/correction/commune_assessment").status_code == 404
    coordinator = sign_in(client, url, "dieu-phoi", TODAY)
    assert coordinator.get(f"/items/{report}/correction/consulting").status_code == 404


def test_correction_through_the_api_keeps_both_versions(client: TestClient, url: str, report: int) -> None:
    header = token_for(url, "dieu-phoi", TODAY, TokenScope.READ, TokenScope.ACT)
    path = f"/api/v1/items/{report}"
    stated = client.get(path, headers=header).json()["outcomes"][-1]["data"]
    body = {"reason": "Gõ nhầm số", "stated": stated | {"report_number": "16/BC-UBND"}}

    answer = client.post(f"{path}/correction/commune_assessment", json=body, headers=header | {"Idempotency-Key": "k1"})

    versions = client.get(path, headers=header).json()["outcomes"]
    assert answer.status_code == 200
    assert [one["data"]["report_number"] for one in versions] == ["15/BC-UBND", "16/BC-UBND"]
    assert versions[-1]["reason"] == "Gõ nhầm số"


def test_correction_without_reason_says_so_at_the_field(client: TestClient, url: str, report: int) -> None:
    browser = sign_in(client, url, "dieu-phoi", TODAY)
    browser.get(f"/items/{report}/correction/commune_assessment")

    again = browser.send(f"/items/{report}/correction/commune_assessment", {"stated[report_number]": "16/BC-UBND"})

    assert again.status_code == 422
    assert 'id="f-reason-p"' in again.text
    assert 'value="16/BC-UBND"' in again.text
