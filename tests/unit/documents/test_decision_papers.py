"""Papers of the decision: drafts with room for number and day, then as signed; reasons where nothing was recognised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.documents.building import build
from models.documents.framing import Making
from models.documents.issuing import prepare, prepare_issue, store
from models.documents.kinds import kind_named
from models.documents.subjects import communes_of
from models.process.kinds import StepKind
from models.tables import Certificate, Decision, Document, Round
from tests.docx_reading import lines, tables, text
from tests.factories import ABOVE, CAKE, CANDY, LONGAN, RECOGNISED_ABOVE, REFUSED_ABOVE, close, concluded, decided, sign
from tests.unit.documents.conftest import TODAY, Put

NOON = datetime(2024, 12, 20, 5, tzinfo=UTC)


def test_draft_leaves_room_for_number_and_day(session: Session, put: Put) -> None:
    meeting = concluded(session, 66)

    said = lines(put("decision", meeting.round))

    assert said[:2] == ["ỦY BAN NHÂN DÂN", "HUYỆN THỌ XUÂN"]
    assert "Số: /QĐ-UBND" in said
    assert "Thọ Xuân, ngày tháng năm 2024" in said


def test_signed_decision_carries_number_day_and_signer(session: Session, put: Put) -> None:
    meeting = concluded(session, 66)
    sign(session, meeting)

    said = lines(put("decision", meeting.round))

    assert "Số: 2105/QĐ-UBND" in said
    assert "Thọ Xuân, ngày 20 tháng 9 năm 2024" in said
    assert said[said.index("TM. ỦY BAN NHÂN DÂN") :][:4] == [
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "Nguyễn Quang Minh",
    ]
    assert "(Kèm theo Quyết định số 2105/QĐ-UBND ngày 20 tháng 9 năm 2024 của Ủy ban nhân dân huyện Thọ Xuân)" in said


def test_bases_end_with_semicolons_and_the_last_with_a_full_stop(session: Session, say: Callable[..., Any]) -> None:
    paper = say("decision", concluded(session, 66).round)

    assert [base[-1] for base in paper.bases] == [";"] * (len(paper.bases) - 1) + ["."]
    assert "Căn cứ Quyết định số 148/QĐ-TTg ngày 24 tháng 02 năm 2023 của Thủ tướng Chính phủ" in paper.bases[3]
    assert paper.bases[-1].startswith("Theo đề nghị của Văn phòng Điều phối")


def test_annex_has_a_row_for_each_product_with_points_cut_and_stars(session: Session, put: Put) -> None:
    meeting = concluded(session, [66, 66, 66, 66, 66, 66, 67], CAKE, LONGAN)
    sign(session, meeting)

    (annex,) = tables(put("decision", meeting.round))

    assert annex[0] == ["TT", "Tên sản phẩm", "Chủ thể", "Địa chỉ", "Điểm", "Hạng sao"]
    assert [(row[0], row[1], row[4], row[5]) for row in annex[1:]] == [
        ("1", CAKE, "66,14", "3 sao"),
        ("2", LONGAN, "66,14", "3 sao"),
    ]


def test_validity_is_in_digits_and_words(session: Session, put: Put) -> None:
    assert "36 (ba mươi sáu) tháng" in text(put("decision", concluded(session, 66).round))


def test_round_without_anything_to_recognise_has_no_decision(session: Session, say: Callable[..., Any]) -> None:
    meeting = concluded(session, 45)

    assert say("decision", meeting.round) is None
    assert say("submission_letter", meeting.round).others[0].stars == "2 sao"


def test_submission_names_what_is_recognised_and_what_goes_on(session: Session, put: Put) -> None:
    meeting = concluded(session, 72, CAKE, CANDY, gates=4)

    said = text(put("submission_letter", meeting.round))

    assert "Đề nghị chuyển hồ sơ" in said
    assert "Ủy ban nhân dân tỉnh Thanh Hóa" in said


def test_forwarding_letter_lists_the_contents_dossier_by_dossier(session: Session, put: Put) -> None:
    meeting = concluded(session, 72, CAKE, CANDY, gates=4)
    sign(session, meeting, decision_number="")

    forwarded, contents = tables(put("forwarding_letter", meeting.round))

    assert [row[1] for row in forwarded[1:]] == [CAKE, CANDY]
    heads = [row for row in contents if row[0] in {"I", "II", "III"}]
    assert [row[1].split(":")[0] for row in heads] == ["Văn bản chung", "Hồ sơ 2024-001", "Hồ sơ 2024-002"]
    assert [row[1] for row in contents[-6:]] == [
        "Giấy đăng ký kinh doanh: Giấy business_registration",
        "Nguồn gốc nguyên liệu, vùng nguyên liệu, liên kết chuỗi: Giấy material_origin",
        "Danh sách lao động địa phương: Giấy local_labour",
        "Câu chuyện sản phẩm: Giấy product_story",
        "Phiếu kiểm nghiệm bổ sung",
        "Mẫu sản phẩm",
    ]


def test_producer_is_told_of_the_recognition(session: Session, put: Put) -> None:
    attempt = decided(session, 66)
    code = session.scalars(select(Certificate.code).where(Certificate.attempt_id == attempt.id)).one()

    said = text(put("result_notice_producer", attempt))

    assert "đạt 3 sao theo Quyết định số 2105/QĐ-UBND ngày 20 tháng 9 năm 2024" in said
    assert f"Giấy chứng nhận số {code}, có giá trị đến hết ngày 20 tháng 9 năm 2027" in said
    assert "Lý do" not in said


def test_producer_is_told_reasons_and_guidance(session: Session, say: Callable[..., Any]) -> None:
    paper = say("result_notice_producer", decided(session, 45))

    assert paper.case == "not_recognised"
    assert paper.reasons == ["Điểm trung bình 45,00 điểm, dưới mức 50 điểm của hạng 3 sao"]
    assert paper.guidance[-2].startswith("Hoàn thiện sản phẩm và hồ sơ, nộp lại ở đợt sau")


def test_producer_hears_nothing_before_the_decision(session: Session, say: Callable[..., Any]) -> None:
    meeting = concluded(session, 66)

    assert say("result_notice_producer", meeting.products[0].attempt) is None


def test_producer_is_told_that_the_dossier_goes_on(session: Session, put: Put) -> None:
    said = text(put("result_notice_producer", decided(session, 72, gates=4)))

    assert "hồ sơ được chuyển Ủy ban nhân dân tỉnh Thanh Hóa đánh giá, phân hạng" in said


def test_refusal_from_above_is_among_the_reasons(session: Session, say: Callable[..., Any]) -> None:
    attempt = decided(session, 72, gates=4)
    close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, REFUSED_ABOVE, ABOVE)
    form = {"outcome": "not_recognised", "reasons": "Nhãn chưa đúng"}
    close(session, attempt, StepKind.DECISION, form, ABOVE, 2)

    paper = say("result_notice_producer", attempt)

    assert (paper.case, paper.reasons) == ("not_recognised", ["Nhãn chưa đúng"])


def test_decision_on_one_product_alone_has_a_paper_and_that_of_another_level_none(
    session: Session, put: Put, say: Callable[..., Any]
) -> None:
    attempt = decided(session, 72, gates=4)
    close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, REFUSED_ABOVE, ABOVE)
    form = {
        "outcome": "recognised",
        "stars": 3,
        "decision_number": "3720/QĐ-UBND",
        "signed_on": "2024-11-26",
        "signer": "Nguyễn Quang Minh",
    }
    close(session, attempt, StepKind.DECISION, form, ABOVE, 2)

    (annex,) = tables(put("decision_single", session.scalars(select(Decision)).one()))

    assert annex[1][1:] == [CAKE, "Cơ sở sản xuất Bánh gai Huân Hường", "Xã Thọ Diên", "72,00", "3 sao"]


def test_certificate_of_the_level_above_is_not_ours_to_print(session: Session, say: Callable[..., Any]) -> None:
    attempt = decided(session, 72, gates=4)
    close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, RECOGNISED_ABOVE, ABOVE)
    certificate = session.scalars(select(Certificate).where(Certificate.attempt_id == attempt.id)).one()

    assert say("certificate", certificate) is None


def test_commune_hears_of_its_own_products_only(session: Session, put: Put) -> None:
    meeting = concluded(session, 66, CAKE, LONGAN)
    sign(session, meeting)
    pairs = {place.name: (round_, place) for round_, place in communes_of(session, meeting.round)}

    (told,) = tables(put("result_notice_commune", pairs["Thọ Diên"]))

    assert [row[1] for row in told[1:]] == [CAKE]


def test_law_texts_are_those_of_the_day(session: Session, say: Callable[..., Any]) -> None:
    meeting = concluded(session, 66)

    before = say("decision", meeting.round)
    after = build(Making(session, TODAY), kind_named("decision"), meeting.round, date(2025, 8, 1))

    assert "ngày 19 tháng 6 năm 2015" in before.bases[0]
    assert after is not None
    assert "ngày 16 tháng 6 năm 2025" in after.bases[0]


@pytest.mark.parametrize("kind", ["decision", "submission_letter", "council_minutes"])
def test_draft_says_the_same_years_later(session: Session, say: Callable[..., Any], kind: str) -> None:
    meeting = concluded(session, 66)
    subject = meeting if kind == "council_minutes" else meeting.round

    assert say(kind, subject, date(2027, 3, 25)) == say(kind, subject)


def test_signed_decision_has_no_room_for_a_letter_that_was_never_numbered(
    session: Session, say: Callable[..., Any]
) -> None:
    meeting = concluded(session, 66)
    draft = say("decision", meeting.round)
    sign(session, meeting)

    signed = say("decision", meeting.round)

    assert "tại Tờ trình số" in draft.bases[-1]
    assert signed.bases[-1] == f"Theo đề nghị của {signed.office}."


def test_signed_decision_names_the_letter_that_was_numbered_before(
    session: Session, say: Callable[..., Any], tmp_path: Path
) -> None:
    meeting = concluded(session, 66)
    issue(session, meeting.round, "45/TTr-VPĐP", date(2024, 9, 18), tmp_path)
    sign(session, meeting)

    signed = say("decision", meeting.round)

    assert signed.bases[-1].endswith("tại Tờ trình số 45/TTr-VPĐP ngày 18 tháng 9 năm 2024.")


def test_letter_that_is_numbered_after_the_decision_changes_nothing_in_it(
    session: Session, say: Callable[..., Any], tmp_path: Path
) -> None:
    meeting = concluded(session, 66)
    sign(session, meeting)
    made = prepare(Making(session, TODAY), kind_named("decision"), meeting.round, tmp_path)
    assert made is not None
    store(session, made, tmp_path, NOON)
    issue(session, meeting.round, "45/TTr-VPĐP", date(2024, 9, 18), tmp_path, NOON + timedelta(days=1))

    assert prepare(Making(session, TODAY), kind_named("decision"), meeting.round, tmp_path) is None


def test_numbered_letter_rests_on_the_law_of_its_day(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, 66)

    letter = issue(session, meeting.round, "45/TTr-VPĐP", date(2025, 8, 1), tmp_path)

    assert "ngày 16 tháng 6 năm 2025" in text((tmp_path / letter.file).read_bytes())


def test_one_product_is_not_spoken_of_as_many(session: Session, put: Put) -> None:
    said = text(put("decision", concluded(session, 66).round))

    assert "cho sản phẩm này." in said
    assert "và chủ thể có tên tại Phụ lục" in said


def issue(
    session: Session, round_: Round, number: str, dated: date, home: Path, now: datetime | None = None
) -> Document:
    """Number the submission letter of a round."""
    made = prepare_issue(Making(session, TODAY), kind_named("submission_letter"), round_, number, dated, home)
    assert made is not None
    return store(session, made, home, now or NOON)
