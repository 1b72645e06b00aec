"""Two attempts side by side: what stayed, went, came and changed."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from models.dossiers.comparing import compare
from models.dossiers.handing_in import resubmit
from models.errors import InputError, NotFoundError
from models.process.kinds import StepKind
from tests.factories import CHECKED, close, coordinator, papers, submit


def returned_and_handed_in_again(session: Session) -> str:
    attempt = submit(session, registration={"phone": "0912", "post": "Chủ cơ sở"})
    form = {"outcome": "returned", "missing": ["product_story"]}
    close(session, attempt, StepKind.REGISTRATION_CHECK, form, CHECKED)
    new = papers("product_story", number="7") + papers("awards")
    again = {"evidence": new, "registration": {"phone": "0988"}}
    resubmit(session, attempt.dossier.code, again, coordinator(session), CHECKED)
    return attempt.dossier.code


def test_papers_and_fields_are_told_apart(session: Session) -> None:
    found = compare(session, returned_and_handed_in_again(session))

    assert (found.before, found.after) == (1, 2)
    seen = {(d.before, d.after): d.change for d in found.lines if d.part == "Minh chứng"}
    assert seen == {
        ("Giấy business_registration", "Giấy business_registration"): "carried",
        ("Giấy material_origin", "Giấy material_origin"): "carried",
        ("Giấy local_labour", "Giấy local_labour"): "carried",
        ("Giấy product_story", "Giấy product_story số 7"): "replaced",
        ("", "Giấy awards"): "added",
    }
    fields = [(d.what, d.change, d.before, d.after) for d in found.lines if d.part == "Phiếu đăng ký"]
    assert fields == [
        ("Chức vụ", "same", "Chủ cơ sở", "Chủ cơ sở"),
        ("Điện thoại", "changed", "0912", "0988"),
    ]
    outcome = [(d.change, d.before) for d in found.lines if d.what == "Kiểm tra hồ sơ đăng ký · Kết quả"]
    assert outcome == [("removed", "trả lại")]


def test_other_attempts_are_refused(session: Session) -> None:
    code = returned_and_handed_in_again(session)

    with pytest.raises(NotFoundError, match="không có lần nộp 3"):
        compare(session, code, (1, 3))
    with pytest.raises(InputError, match="phải khác nhau"):
        compare(session, code, (2, 2))
