"""Forms 01, 02 and 03, requests to supplement, notices and reports of rounds and years, a certificate's life."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.findings import record_finding
from models.certificates.revoking import revoke
from models.certificates.sweeping import sweep
from models.criteria import load_set
from models.documents.builders.sheets import _sheet
from models.documents.issuing import data_hash
from models.documents.kinds import kind_named
from models.documents.rendering import render
from models.documents.templates import template_of
from models.enums import Role
from models.process.kinds import StepKind
from models.rounds.queries import round_by_code
from models.settings import settings
from models.subjects import attempt_subject, item_key
from models.tables import Certificate, CyclePlan, RenewalCandidate, Revocation
from models.work_items.closing import find_item
from tests.docx_reading import lines, tables, text, xml_of
from tests.factories import (
    CAKE,
    CHECKED,
    LONGAN,
    NOT_READY,
    REPORTED,
    VISITED,
    accepted,
    at,
    close,
    coordinator,
    decided,
    in_consulting,
    list_closed,
    opened,
    proposed,
    someone,
    submit,
)
from tests.unit.documents.conftest import NOWHERE, Put


def test_registration_form_prefers_what_the_producer_stated(session: Session, put: Put) -> None:
    stated = {"unit": "Hộ kinh doanh Huân Hường", "phone": "0912 345 678", "representative": "Lê Thị Hường"}
    attempt = submit(session, registration=stated)

    said = text(put("registration_form", attempt))

    assert "1. Tên chủ thể: Hộ kinh doanh Huân Hường" in said
    assert "5. Điện thoại, thư điện tử: 0912 345 678" in said
    assert "Lê Thị Hường" in said


def test_registration_form_leaves_dots_for_what_is_not_known(session: Session, put: Put) -> None:
    attempt = submit(session)

    said = lines(put("registration_form", attempt))

    assert "5. Điện thoại, thư điện tử:" in said
    assert [row[1] for row in tables(put("registration_form", attempt))[0][1:]] == [
        "Giấy đăng ký kinh doanh",
        "Nguồn gốc nguyên liệu, vùng nguyên liệu, liên kết chuỗi",
        "Danh sách lao động địa phương",
        "Câu chuyện sản phẩm",
    ]


def test_self_assessment_lays_scores_and_proofs_by_criterion(session: Session, put: Put) -> None:
    stated = {
        "scores": {"1.1": 5, "1.2": 2},
        "proofs": {"1.1": "Hợp đồng với 12 hộ"},
        "results": "Tiêu thụ ổn định",
        "growth": [{"year": 2023, "revenue": 850, "workers": 6}],
        "plan": "Mở thêm hai điểm bán",
    }
    attempt = submit(session, self_assessment=stated)

    content = put("self_assessment", attempt)

    rows = {row[0]: row for row in tables(content)[0]}
    assert (rows["1.1"][3], rows["1.1"][4]) == ("5", "Hợp đồng với 12 hộ")
    said = text(content)
    assert "- Năm 2023: doanh thu 850 triệu đồng; 6 lao động" in said
    assert "Tổng điểm tự chấm: 7 điểm." in said
    assert "- Mở thêm hai điểm bán" in said


def test_commune_report_is_a_draft_until_the_commune_reported(session: Session, put: Put) -> None:
    attempt = accepted(session)
    draft = lines(put("commune_report", attempt))
    close(session, attempt, StepKind.COMMUNE_ASSESSMENT, proposed(), REPORTED)

    said = lines(put("commune_report", attempt))

    assert draft[1:3] == said[1:3] == ["ỦY BAN NHÂN DÂN", "XÃ THỌ DIÊN"]
    assert "Số: /BC-UBND" in draft
    assert "Số: 15/BC-UBND" in said
    assert "Thọ Diên, ngày 16 tháng 7 năm 2024" in said
    assert "Kính gửi: Ủy ban nhân dân huyện Thọ Xuân" in said
    assert "Lê Văn Tư" in said


def test_commune_that_does_not_propose_says_so(session: Session, put: Put) -> None:
    attempt = accepted(session)
    close(session, attempt, StepKind.COMMUNE_ASSESSMENT, proposed(outcome="not_proposed"), REPORTED)

    assert f"chưa đề nghị đánh giá, phân hạng sản phẩm {CAKE}" in text(put("commune_report", attempt))


def test_returned_dossier_gets_the_list_of_what_is_missing(session: Session, put: Put) -> None:
    attempt = submit(session)
    form = {"outcome": "returned", "missing": ["product_story"], "note": "Nộp lại trong đợt."}
    close(session, attempt, StepKind.REGISTRATION_CHECK, form, CHECKED)
    item = find_item(session, item_key(attempt_subject(attempt.id), StepKind.REGISTRATION_CHECK, 1))

    said = text(put("supplement_request", item))

    assert "- Câu chuyện sản phẩm." in said
    assert "bổ sung và gửi về chậm nhất hết ngày 26 tháng 7 năm 2024" in said


def test_request_of_the_consultant_names_the_last_day(session: Session, put: Put) -> None:
    attempt = in_consulting(session)
    close(session, attempt, StepKind.CONSULTING, NOT_READY, VISITED)
    asked = opened(session, attempt, StepKind.SUPPLEMENT, VISITED)
    visit = find_item(session, item_key(attempt_subject(attempt.id), StepKind.CONSULTING, 1))

    said = text(put("supplement_request", visit))

    assert "- Sửa nhãn hàng hóa." in said
    assert f"chậm nhất hết ngày {asked.due_on.day:02d} tháng {asked.due_on.month} năm 2024" in said


def test_accepted_dossier_is_asked_for_nothing(session: Session, say: Callable[..., Any]) -> None:
    attempt = accepted(session)
    item = find_item(session, item_key(attempt_subject(attempt.id), StepKind.REGISTRATION_CHECK, 1))

    assert say("supplement_request", item) is None


def test_notice_of_the_round_takes_number_and_day_from_the_outreach(session: Session, put: Put) -> None:
    submit(session)
    round_ = round_by_code(session, "2024-2")
    draft = text(put("round_notice", round_))
    list_closed(session)

    said = text(put("round_notice", round_))

    assert "Số: /TB-VPĐP" in draft
    assert "Số: 12/TB-VPĐP" in said
    assert "từ ngày 01 tháng 7 năm 2024 đến hết ngày 26 tháng 7 năm 2024" in said
    assert "07 (bảy)" not in said
    assert [row[1] for row in tables(put("round_notice", round_))[0][1:]] == [
        "Hạt sen Anh Sơn",
        "Bánh gai Huân Hường",
        "Bánh nhãn Chương Xuân",
        "Kẹo lạc Tuyên Tâm",
    ]


def test_round_report_comes_with_the_decision(session: Session, say: Callable[..., Any], put: Put) -> None:
    round_ = round_by_code(session, "2024-2")
    assert say("round_report", round_) is None
    decided(session, 66)

    content = put("round_report", round_)

    assert tables(content)[0][1][1:7] == [
        CAKE,
        "Cơ sở sản xuất Bánh gai Huân Hường",
        "xã Thọ Diên",
        "lần đầu",
        "66,00",
        "3 sao",
    ]
    assert "nhận 01 (một) hồ sơ; đến nay 01 (một) sản phẩm được công nhận" in text(content)


def test_year_report_lays_results_against_the_targets(session: Session, put: Put) -> None:
    decided(session, 66)

    content = put("year_report", session.scalars(select(CyclePlan)).one())

    targets = tables(content)[0]
    assert targets[1:] == [["4 sao", "0", "3", "4", "chưa đạt"], ["3 sao", "1", "8", "10", "chưa đạt"]]
    assert "Kết quả thực hiện Chương trình OCOP năm 2024" in text(content)


def test_certificate_says_what_it_must_and_its_qr_leads_to_the_public_page(
    session: Session, put: Put, say: Callable[..., Any]
) -> None:
    certificate = session.get_one(Certificate, _certificate(session).id)

    paper = say("certificate", certificate)
    said = text(put("certificate", certificate))

    assert said.splitlines()[2] == "ỦY BAN NHÂN DÂN HUYỆN THỌ XUÂN"
    assert f"Sản phẩm: {CAKE}" in said
    assert "GIẤY CHỨNG NHẬN SẢN PHẨM OCOP ĐẠT 3 SAO" in said
    assert "★★★" in said.splitlines()
    assert f"Mã sản phẩm: {certificate.code}" in said
    assert "có giá trị đến hết ngày 20 tháng 9 năm 2027" in said
    assert paper.look_up == f"OCOP {certificate.code}"


@pytest.mark.parametrize(
    ("address", "printed"),
    [("https://ocop.example.vn/", "https://ocop.example.vn/c/"), ("http://127.0.0.1:8000", "OCOP ")],
)
def test_code_to_scan_names_no_address_that_only_this_machine_has(
    session: Session, say: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, address: str, printed: str
) -> None:
    monkeypatch.setenv("OCOP_PORTAL_URL", address)
    settings.cache_clear()
    certificate = session.scalars(select(Certificate).where(Certificate.attempt_id == decided(session, 66).id)).one()

    said = say("certificate", certificate).look_up

    settings.cache_clear()
    assert said.startswith(printed)


def test_notice_before_the_end_names_the_last_day_to_file(session: Session, put: Put) -> None:
    _certificate(session)
    sweep(session, at("2027-03-24"))
    renewal = session.scalars(select(RenewalCandidate)).one()

    said = text(put("expiry_notice", renewal, date(2027, 3, 24)))

    assert "có giá trị đến hết ngày 20 tháng 9 năm 2027" in said
    assert "nộp hồ sơ đánh giá lại chậm nhất ngày 23 tháng 5 năm 2027" in said
    assert "Số: /TB-VPĐP" in said


@pytest.mark.parametrize(
    ("on", "still"),
    [
        (
            date(2027, 6, 1),
            "Chủ thể vẫn nộp được đến hết ngày 20 tháng 9 năm 2027; nộp muộn thì giấy chứng nhận có giá trị đến khi có "
            "kết quả đánh giá lại, nhưng không quá 180 ngày kể từ ngày hết hiệu lực (đến hết ngày 18 tháng 3 năm 2028)",
        ),
        (
            date(2027, 9, 21),
            "Giấy chứng nhận đã hết hiệu lực; muốn được công nhận lại, chủ thể đăng ký đánh giá ở đợt tiếp theo",
        ),
    ],
)
def test_expiry_notice_after_its_window_says_what_is_still_possible(
    session: Session, put: Put, on: date, still: str
) -> None:
    certificate = _certificate(session)
    sweep(session, at("2027-03-24"))
    query = select(RenewalCandidate).where(RenewalCandidate.certificate_id == certificate.id)
    renewal = session.scalars(query).one()

    said = text(put("expiry_notice", renewal, on))

    assert f"Thời hạn nộp hồ sơ đánh giá lại (ngày 23 tháng 5 năm 2027) đã qua. {still}" in said
    assert "chậm nhất" not in said


@pytest.mark.parametrize(("chosen", "boxes"), [(None, ["[   ]", "[   ]"]), (2, ["[   ]", "[X]"])])
def test_sheet_of_a_set_with_cases_has_a_box_for_each(chosen: int | None, boxes: list[str]) -> None:
    criteria = load_set("qd26", 26)
    facts = dict.fromkeys(
        ("product", "dossier", "producer", "phone", "address", "member", "post", "total", "opinion", "place", "day"), ""
    )
    paper = _sheet(criteria, chosen, {}, scoring=1, case="qd26", **facts)

    said = lines(render(template_of(kind_named("score_sheet"), NOWHERE), paper))

    first = said.index("Trường hợp của cả phiếu (đánh dấu X vào một ô):") + 1
    names = ["Cộng đồng làm dịch vụ du lịch", "Điểm, tổ chức kinh doanh du lịch"]
    assert said[first : first + 2] == [re.sub(r"\s+", " ", f"{b} {n}") for b, n in zip(boxes, names, strict=True)]


def test_revocation_is_a_draft_then_the_decision(session: Session, put: Put, say: Callable[..., Any]) -> None:
    certificate = _certificate(session)
    found = ("Vi phạm chất lượng", "Phát hiện chất cấm", date(2024, 10, 29))
    record_finding(session, certificate.code, *found, coordinator(session), at("2024-10-30"))
    revocation = session.scalars(select(Revocation)).one()
    draft = text(put("revocation_decision", revocation))
    leader = someone(session, "lanh-dao", Role.LEADER, at("2024-11-01"))
    revoke(session, certificate.code, "9/QĐ-UBND", date(2024, 11, 1), "Nguyễn Quang Minh", leader, at("2024-11-01"))

    said = text(put("revocation_decision", revocation))

    assert "Số: /QĐ-UBND" in draft
    assert "Số: 9/QĐ-UBND" in said
    assert f"Thu hồi Giấy chứng nhận sản phẩm OCOP số {certificate.code}" in said
    assert "Phát hiện chất cấm" in said


def _certificate(session: Session) -> Certificate:
    attempt = decided(session, 66)
    return session.scalars(select(Certificate).where(Certificate.attempt_id == attempt.id)).one()


def test_reports_carry_the_charts_with_words_for_who_does_not_see_them(session: Session, put: Put) -> None:
    attempt = decided(session, 66)

    for content in (put("round_report", attempt.round), put("year_report", attempt.round.plan)):
        pictures = [node.get("descr", "") for node in xml_of(content).iter() if node.tag.endswith("}docPr")]
        captions = [line for line in lines(content) if line.startswith("Biểu đồ ")]
        assert len(pictures) == len(captions) >= 2
        assert [caption.split(". ")[0] for caption in captions] == [
            f"Biểu đồ {number}" for number in range(1, len(captions) + 1)
        ]
        assert any(words.startswith("Thời gian làm từng bước so với hạn. ") for words in pictures)


def test_reports_lay_time_against_terms_returns_and_gates(session: Session, say: Callable[..., Any]) -> None:
    returned = submit(session, LONGAN)  # on 08/07, to be checked by 11/07
    missing = {"outcome": "returned", "missing": ["product_story"]}
    opened(session, returned, StepKind.REGISTRATION_CHECK, at("2024-07-08"))
    close(session, returned, StepKind.REGISTRATION_CHECK, missing, at("2024-07-15"))
    decided(session, 72, gates=3)

    for paper in (say("round_report", returned.round), say("year_report", returned.round.plan)):
        check = next(row for row in paper.times if row.step == "Kiểm tra hồ sơ đăng ký")
        assert (check.done, check.p90, check.term, check.late, check.late_share) == (2, 5, "3", 1, "50 %")
        assert [row.unit for row in paper.unit_times if row.step == check.step] == [returned.round.plan.office.name]
        assert [(row.reason, row.dossiers, row.share) for row in paper.reasons] == [("Câu chuyện sản phẩm", 1, "100 %")]
        assert {row.stars for row in paper.gates} == {"4 sao"}
        assert [bool(row.set_name) for row in paper.gates] == [True, *[False] * 3]


def test_report_that_was_kept_is_not_new_while_its_figures_are_the_same(
    session: Session, say: Callable[..., Any]
) -> None:
    round_ = decided(session, 66).round

    assert data_hash(say("round_report", round_)) == data_hash(say("round_report", round_))
