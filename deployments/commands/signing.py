"""`ocop document sign|verify|attach`: signatures on papers."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from deployments.commands.acting import person_of_call
from deployments.commands.call import Answer
from deployments.commands.data import Desk, reading_desk, writing_desk
from deployments.commands.files import path_of, read_text
from deployments.commands.options import STDIN, Day, Number
from deployments.commands.problems import PERSON
from models.acting import capacities_of
from models.actors import Actor
from models.documents.framing import Making
from models.documents.issuing import write_file
from models.documents.kinds import kind_named
from models.documents.seeing import VisiblePaper, visible_paper
from models.enums import SignatureVerdict
from models.errors import InputError
from models.files.receiving import UploadRules, receive
from models.files.store import chunks, keep
from models.files.store import path_of as stored_at
from models.forms import read_form
from models.settings import settings
from models.signing.allowed import keeper
from models.signing.attaching import NumberForm, NumberingForm, attach, issued, number_paper
from models.signing.certificates import trusted_roots
from models.tables import Document, SignedPaper

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

    from models.signing.credentials import Token

NOT_GOOD = PERSON
"""Exit status of `verify` when a signature is not good."""

Pkcs12 = Annotated[str | None, Parameter("--pkcs12", help="Tệp chứng thư số .p12, .pfx.")]
Pkcs11 = Annotated[str | None, Parameter("--pkcs11", help="Mô-đun (.so) của hãng token; mặc định OCOP_PKCS11_MODULE.")]
TokenLabel = Annotated[str | None, Parameter("--token", help="Nhãn của token, khi cắm nhiều token.")]
Slot = Annotated[Number | None, Parameter("--slot", help="Số khe của token.")]
Certificate = Annotated[str | None, Parameter("--certificate", help="Nhãn chứng thư trên token.")]
SecretFile = Annotated[
    str | None,
    Parameter("--passphrase-file", help="Tệp có mật khẩu hoặc PIN ở dòng đầu; không nêu thì hỏi trên màn hình."),
]
PaperNumber = Annotated[str, Parameter("--number", help="Số, ký hiệu, nếu giấy tờ chưa có số.")]
SignedOut = Annotated[
    Path | None, Parameter("--out", help="Ghi bản PDF đã ký ra tệp này (ký tệp: mặc định <tên>-da-ky.pdf).")
]
Dated = Annotated[Day | None, Parameter("--date", help="Ngày ký, nếu giấy tờ chưa có ngày.")]


def register(app: App) -> None:
    """Add the commands to `ocop document`."""
    for command in (sign, verify):
        app.command(command)
    app.command(number_, name="number")
    app.command(attach_file, name="attach")


def number_(
    kind: Annotated[str, Parameter(help="Loại giấy tờ, ví dụ result_notice_producer.")],
    id_: Annotated[str, Parameter("ID", help="Mã, xem: ocop document list.")],
    number: Annotated[str, Parameter("NUMBER", help="Số, ký hiệu theo sổ văn thư, ví dụ 15/TB-VPĐP.")],
    /,
    *,
    dated: Annotated[Day, Parameter("--date", help="Ngày ký.")],
) -> Answer:
    """Ghi số, ngày theo sổ văn thư cho một giấy tờ: giấy được ban hành, giữ nguyên bản."""
    with writing_desk() as desk:
        making, paper, who = _paper(desk, kind, id_)
        form = read_form(NumberingForm, {"number": number, "dated": dated})
        row = number_paper(making, paper.kind, id_, form, who, desk.now, settings().home)
        data = {"kind": row.kind, "id": row.subject, "version": row.version, "number": row.number, "dated": row.dated}
        return Answer(data, f"Đã ban hành {paper.kind.label} số {row.number}, ngày {row.dated:%d/%m/%Y}.")


def sign(
    what: Annotated[str, Parameter("FILE|KIND", help="Tệp PDF, hoặc loại giấy tờ (kèm mã).")],
    id_: Annotated[str | None, Parameter("ID", help="Mã của giấy tờ, xem: ocop document list.")] = None,
    /,
    *,
    pkcs12: Pkcs12 = None,
    pkcs11: Pkcs11 = None,
    token: TokenLabel = None,
    slot: Slot = None,
    certificate: Certificate = None,
    passphrase_file: SecretFile = None,
    out: Annotated[
        Path | None, Parameter("--out", help="Ghi bản PDF đã ký ra tệp này (ký tệp: mặc định <tên>-da-ky.pdf).")
    ] = None,
    number: PaperNumber = "",
    dated: Dated = None,
) -> Answer:
    """Ký số một tệp PDF, hoặc một giấy tờ của phần mềm (làm bản PDF, ký, giữ bên cạnh giấy tờ)."""
    with reading_desk() as desk:
        now = desk.now
    place = _token(pkcs11, token, slot, certificate)
    with _signer(pkcs12, place, _secret(passphrase_file), now) as key:
        if id_ is None:
            return _signed_file(path_of(what), out, key, now)
        from models.signing.papers import pdf_ahead, sign_paper

        with reading_desk() as desk:
            making, paper, _ = _paper(desk, what, id_)
            pdf_ahead(making, paper, NumberForm(number=number, dated=dated), settings())
        with writing_desk() as desk:
            row, making, who = _issued(desk, what, id_, number, dated)
            signed = sign_paper(making, row, key, who, desk.now, settings())
            answer = _kept(row, signed)
        return answer if out is None else _copied(answer, signed, out)


def verify(file: Annotated[str, Parameter("FILE", help="Tệp PDF đã ký.")], /) -> Answer:
    """Kiểm tra chữ ký số của một tệp PDF: ai ký, lúc nào, có bị sửa không, nơi cấp chứng thư có được tin cậy không."""
    from models.signing.verifying import verify_file

    found = settings()
    with reading_desk() as desk:
        report = verify_file(path_of(file), trusted_roots(found.trust_dir), desk.now)
    lines = [*report.words, f"Nơi cấp được tin cậy: các chứng thư trong {found.trust_dir}."]
    good = report.verdict is SignatureVerdict.TRUSTED
    return Answer(report, "\n".join(lines), status=0 if good else NOT_GOOD)


def attach_file(
    kind: Annotated[str, Parameter(help="Loại giấy tờ, ví dụ decision.")],
    id_: Annotated[str, Parameter("ID", help="Mã, xem: ocop document list.")],
    file: Annotated[str, Parameter("FILE", help="PDF đã ký số, hoặc bản quét (PDF, ảnh) của bản ký tay.")],
    /,
    *,
    number: PaperNumber = "",
    dated: Dated = None,
) -> Answer:
    """Giữ bản đã ký (ký số hoặc bản quét ký tay) bên cạnh giấy tờ; chữ ký số được kiểm tra ngay."""
    source, found = path_of(file), settings()
    with receive(UploadRules.of(found), source.name) as upload:
        with source.open("rb") as content:
            for piece in chunks(content):
                upload.write(piece)
        received = upload.finish()
        with writing_desk() as desk:
            row, _, who = _issued(desk, kind, id_, number, dated)
            stored = keep(desk.session, received, who, desk.now, folder=found.files_dir)
            return _kept(row, attach(desk.session, row, stored, who, desk.now, found))


def _paper(desk: Desk, kind: str, id_: str) -> tuple[Making, VisiblePaper, Actor]:
    person = person_of_call(desk)
    held = capacities_of(desk.session, person, desk.today)
    paper = visible_paper(desk.session, [one.capacity for one in held], kind_named(kind).code, id_)
    return Making(desk.session, desk.today), paper, keeper(desk.session, person, held, paper)


def _issued(desk: Desk, kind: str, id_: str, number: str, dated: date | None) -> tuple[Document, Making, Actor]:
    making, paper, who = _paper(desk, kind, id_)
    form = NumberForm(number=number, dated=dated)
    return issued(making, paper.kind, id_, form, who, desk.now, settings().home), making, who


def _signed_file(path: Path, out: Path | None, key: Signer, now: datetime) -> Answer:
    from models.signing.signing import sign_pdf

    target = out or path.with_name(f"{path.stem}-da-ky.pdf")
    write_file(target, sign_pdf(path.read_bytes(), key, now))
    return Answer({"file": str(target)}, f"Đã ký: {target}")


def _copied(answer: Answer, signed: SignedPaper, out: Path) -> Answer:
    """The signed original as a file too, where it was asked for."""
    write_file(out, stored_at(settings().files_dir, signed.file_sha256).read_bytes())
    return Answer({**answer.data, "file": str(out)}, f"{answer.show}\nBản đã ký: {out}")


def _kept(row: Document, signed: SignedPaper) -> Answer:
    facts = {"kind": row.kind, "id": row.subject, "version": row.version, "number": row.number}
    data = facts | {"verdict": signed.verdict, "sha256": signed.file_sha256, "findings": signed.findings}
    number = f" số {row.number}" if row.number else ""
    lines = [f"Đã giữ bản ký của {kind_named(row.kind).label}{number}: {signed.verdict.label}.", *signed.findings]
    return Answer(data, "\n".join(lines))


def _token(module: str | None, label: str | None, slot: int | None, certificate: str | None) -> Token | None:
    from models.signing.credentials import Token

    found = Token.of(settings())
    given = {"module": module, "label": label, "slot": slot, "certificate": certificate}
    own = {key: value for key, value in given.items() if value is not None}
    if module is not None:
        return Token(**own)  # type: ignore[arg-type]
    return replace(found, **own) if found is not None else None  # type: ignore[arg-type]


@contextmanager
def _signer(pkcs12: str | None, token: Token | None, secret: str, now: datetime) -> Iterator[Signer]:
    from models.signing.credentials import from_pkcs12, from_token

    if pkcs12 is not None:
        yield from_pkcs12(path_of(pkcs12).read_bytes(), secret, now)
    elif token is not None:
        with from_token(token, secret, now) as signer:
            yield signer
    else:
        raise InputError(
            "chưa nêu ký bằng gì", field="--pkcs12", remedy="Thêm --pkcs12 TỆP, hoặc --pkcs11 MÔ-ĐUN của token."
        )


def _secret(file: str | None) -> str:
    if file is not None:
        return next(iter(read_text(file).splitlines()), "")
    if sys.stdin.isatty():
        return getpass.getpass("Mật khẩu hoặc PIN (không hiện, không lưu): ")
    return next(iter(read_text(STDIN).splitlines()), "")
