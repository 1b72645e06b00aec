"""The signed original beside the paper: signatures are checked as it comes in, a scan of wet ink is taken too."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.documents.framing import Making
from models.documents.issuing import Made, latest_document, prepare_issue, store
from models.documents.kinds import By, Kind
from models.documents.subjects import find_subject
from models.enums import SignatureVerdict
from models.errors import InputError, Problem, WrongMomentError
from models.files.kinds import FileKind
from models.files.store import path_of
from models.forms.base import ActDay
from models.settings import Settings
from models.signing.certificates import trusted_roots
from models.signing.reports import VerificationReport
from models.tables import Document, SignedPaper, StoredFile


class NumberForm(BaseModel):
    """The number and day that the clerk's register gave a paper; needed when the paper was still without."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    number: str = Field(default="", max_length=100, title="Số, ký hiệu", description="Để trống nếu giấy tờ đã có số.")
    dated: date | None = Field(default=None, title="Ngày ký", description="Để trống nếu giấy tờ đã có ngày.")


class NumberingForm(NumberForm):
    """Number and day of the clerk's register for a paper that no step numbers, as notices of results are."""

    number: str = Field(min_length=1, max_length=100, title="Số, ký hiệu", description="Theo sổ văn thư: 15/TB-VPĐP.")
    dated: ActDay = Field(title="Ngày ký")


def number_paper(
    making: Making, kind: Kind, subject: str, form: NumberingForm, who: Actor, now: datetime, home: Path
) -> Document:
    """Issue a paper under its number and day: from then on it is frozen. The same again changes nothing.

    Raises:
        InputError: a form that nobody numbers; another number or day than recorded.
        NotFoundError, WrongMomentError, FinalError: as `issued`.
    """
    if kind.by is By.NOBODY:
        raise InputError(f"{kind.label} không ghi số", field="number", remedy="Nộp bản đã ký nếu có.")
    if form.dated > making.today:
        raise InputError(f"{form.dated:%d/%m/%Y} chưa đến", field="dated", remedy="Ghi ngày ký trên giấy.")
    return issued(making, kind, subject, form, who, now, home)


def attach(
    session: Session, row: Document, file: StoredFile, who: Actor, now: datetime, found: Settings
) -> SignedPaper:
    """Keep a stored file as a signed original of an issued paper; the same file again changes nothing.

    Raises:
        InputError: signatures that do not hold, or no PDF or picture.
    """
    known = session.scalar(
        select(SignedPaper).where(SignedPaper.document_id == row.id, SignedPaper.file_sha256 == file.sha256)
    )
    if known is not None:
        return known
    report = _checked(file, now, found)
    verdict = report.verdict if report.verdict is not SignatureVerdict.UNSIGNED else SignatureVerdict.WET_INK
    signed = SignedPaper(
        document=row, file_sha256=file.sha256, file_name=file.first_name, verdict=verdict,
        signers=[one.signer for one in report.signatures], findings=report.words if report.signatures else [],
        added_by_id=who.person_id, added_at=now,
    )  # fmt: skip
    session.add(signed)
    session.flush()
    facts = {"kind": row.kind, "version": row.version, "number": row.number, "sha256": file.sha256}
    data = facts | {"verdict": verdict.value, "signers": signed.signers}
    audit.record(session, who, "document.signed", f"document:{row.id}", now, data=data)
    return signed


def issued(
    making: Making, kind: Kind, subject: str, form: NumberForm, who: Actor, now: datetime, home: Path
) -> Document:
    """The paper that a signed original belongs to: the issued version, else issued now under the form's number.

    Raises:
        InputError: number or day missing, or another than recorded.
        NotFoundError: nothing has this name.
        WrongMomentError: there is nothing to put on paper yet.
        FinalError: the template cannot be used, or the disk is full.
    """
    session, row = making.session, latest_document(making.session, kind.code, subject)
    if row is not None and row.frozen_at is not None:
        _check_number(row, form, needed=False)
        return row
    made = to_issue(making, kind, subject, form, home)
    if made is None:
        raise WrongMomentError(
            f"Chưa có gì để làm {kind.label[:1].lower()}{kind.label[1:]} nên chưa có gì để ký.",
            field="paper",
            remedy="Chờ bước làm ra giấy tờ này.",
        )
    return store(session, made, home, now, who)


def to_issue(making: Making, kind: Kind, subject: str, form: NumberForm, home: Path) -> Made | None:
    """A paper that is not issued yet, under the form's number; `None` while there is nothing to put on paper.

    Raises: as `issued`, save WrongMomentError.
    """
    row = latest_document(making.session, kind.code, subject)
    _check_number(row, form, needed=kind.by is not By.NOBODY)
    about = find_subject(making.session, kind, subject)
    return prepare_issue(making, kind, about, form.number, form.dated, home)


def _check_number(row: Document | None, form: NumberForm, *, needed: bool) -> None:
    number, dated = (row.number, row.dated) if row is not None else (None, None)
    wrong = [_wrong_number(number, form, needed=needed), _wrong_day(dated, form, needed=needed)]
    if any(wrong):
        raise InputError.of(problem for problem in wrong if problem is not None)


def _checked(file: StoredFile, now: datetime, found: Settings) -> VerificationReport:
    if file.media_type.is_image:
        return VerificationReport(SignatureVerdict.UNSIGNED, [], now)
    if file.media_type is not FileKind.PDF:
        raise InputError(
            f"«{file.first_name}» không phải PDF hay ảnh",
            field="file_sha256",
            remedy="Tải lên bản PDF đã ký số, hoặc bản quét (PDF, ảnh) của bản ký tay.",
        )
    # Loaded here: the libraries of signatures are needed by nothing else that keeps papers.
    from models.signing.verifying import verify_file

    report = verify_file(path_of(found.files_dir, file.sha256), trusted_roots(found.trust_dir), now)
    if report.verdict is SignatureVerdict.BROKEN:
        bad = [one for one in report.signatures if one.verdict is SignatureVerdict.BROKEN]
        remedy = "Lấy lại đúng tệp vừa ký (không mở rồi lưu lại, không in rồi gộp thêm), hoặc ký lại."
        raise InputError.of(Problem("file_sha256", " ".join(one.lines[:2]), remedy) for one in bad)
    return report


def _wrong_number(number: str | None, form: NumberForm, *, needed: bool) -> Problem | None:
    if number and form.number and form.number != number:
        return Problem("number", f"giấy tờ này đã có số {number}", "Để trống, hoặc đính chính ở bước đã ghi số.")
    if needed and not number and not form.number:
        return Problem("number", "giấy tờ chưa có số", "Ghi số, ký hiệu theo sổ văn thư (ví dụ 15/TB-VPĐP).")
    return None


def _wrong_day(dated: date | None, form: NumberForm, *, needed: bool) -> Problem | None:
    if dated and form.dated and form.dated != dated:
        remedy = "Để trống, hoặc đính chính ở bước đã ghi ngày."
        return Problem("dated", f"giấy tờ này đã ghi ngày {dated:%d/%m/%Y}", remedy)
    if needed and not dated and not form.dated:
        return Problem("dated", "giấy tờ chưa có ngày", "Ghi ngày ký trên giấy.")
    return None
