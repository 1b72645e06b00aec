"""Signing papers and keeping their signed originals."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ConfigDict, Field, SecretStr

from models.actors import Actor
from models.documents.framing import Making
from models.errors import InputError
from models.files.using import file_for
from models.forms import read_form
from models.settings import settings
from models.signing.allowed import ALL, keeper
from models.signing.attaching import NumberForm, NumberingForm, attach, issued, number_paper
from models.tables import Document, SignedPaper
from portal.access import Access
from portal.acts.base import Act, Done, Ids
from portal.desk import Desk
from portal.papers import paper_of, paper_view
from portal.view import View

PAPER: Mapping[str, type] = {"kind": str, "subject": str}
KEEPERS = Access(frozenset(ALL))
TAG = "Giấy tờ"


class OriginalForm(NumberForm):
    """The signed original: a PDF with digital signatures, or a scan of the paper signed by hand."""

    file_sha256: str = Field(min_length=64, max_length=64, title="Tệp đã ký")
    file_name: str = Field(default="", title="Tên tệp")


class SignForm(NumberForm):
    """A digital signature by a PKCS#12 file; file and passphrase are used once and kept nowhere."""

    model_config = ConfigDict(hide_input_in_errors=True)

    pkcs12: SecretStr = Field(min_length=1, title="Tệp chứng thư số (.p12, .pfx)", description="Base64.")
    passphrase: SecretStr = Field(title="Mật khẩu của tệp chứng thư")


def paper_page(ids: Ids) -> str:
    """The page of the paper."""
    return f"/papers/{ids['kind']}/{ids['subject']}"


def _keep(desk: Desk, ids: Ids, form: OriginalForm) -> Done:
    file = file_for(desk.session, form.file_sha256, desk.held)
    row, who = _issued(desk, ids, form)
    return _kept(desk, ids, attach(desk.session, row, file, who, desk.now, settings()))


def _sign(desk: Desk, ids: Ids, form: SignForm) -> Done:
    # Loaded here: signing needs libraries that no other page does.
    from models.signing.credentials import from_pkcs12
    from models.signing.papers import sign_paper

    signer = from_pkcs12(_bytes(form.pkcs12), form.passphrase.get_secret_value(), desk.now)
    row, who = _issued(desk, ids, form)
    making = Making(desk.session, desk.today)
    return _kept(desk, ids, sign_paper(making, row, signer, who, desk.now, settings()))


def _number(desk: Desk, ids: Ids, form: NumberingForm) -> Done:
    paper = paper_of(desk, ids["kind"], ids["subject"])
    who = keeper(desk.session, desk.person, desk.held, paper)
    making = Making(desk.session, desk.today)
    row = number_paper(making, paper.kind, paper.subject, form, who, desk.now, settings().home)
    words = f"Đã ban hành {paper.kind.label} số {row.number}."
    return Done(words, paper_page(ids), paper_view(desk, ids["kind"], ids["subject"]))


def _issued(desk: Desk, ids: Ids, form: NumberForm) -> tuple[Document, Actor]:
    paper = paper_of(desk, ids["kind"], ids["subject"])
    who = keeper(desk.session, desk.person, desk.held, paper)
    number = NumberForm(number=form.number, dated=form.dated)
    making = Making(desk.session, desk.today)
    return issued(making, paper.kind, paper.subject, number, who, desk.now, settings().home), who


def _kept(desk: Desk, ids: Ids, signed: SignedPaper) -> Done:
    words = f"Đã giữ bản ký: {signed.verdict.label}."
    return Done(words, paper_page(ids), paper_view(desk, ids["kind"], ids["subject"]))


def _check(desk: Desk, ids: Ids) -> None:
    keeper(desk.session, desk.person, desk.held, paper_of(desk, ids["kind"], ids["subject"]))


def _pdf_first(desk: Desk, ids: Ids, data: Mapping[str, Any]) -> None:
    """Make the PDF before the transaction: LibreOffice takes seconds."""
    # Loaded here: signing needs libraries that no other page does.
    from models.signing.papers import pdf_ahead

    paper = paper_of(desk, ids["kind"], ids["subject"])
    keeper(desk.session, desk.person, desk.held, paper)
    number = read_form(NumberForm, {name: data[name] for name in NumberForm.model_fields if data.get(name)})
    pdf_ahead(Making(desk.session, desk.today), paper, number, settings())


def _bytes(encoded: SecretStr) -> bytes:
    try:
        return base64.b64decode(encoded.get_secret_value(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(
            "không phải tệp chứng thư dạng Base64", field="pkcs12", remedy="Gửi nội dung tệp .p12 dạng Base64."
        ) from error


def _context(view: View, ids: Ids) -> Mapping[str, Any]:
    from portal.pages.papers import paper_context

    return paper_context(view, ids["kind"], ids["subject"])


def _act(name: str, title: str, part: str, form: type[NumberForm], run: Callable[..., Done], **more: Any) -> Act:
    return Act(
        name=f"paper.{name}", title=title, path=f"/papers/{{kind}}/{{subject}}/{part}", access=KEEPERS, form=form,
        run=run, ids=PAPER, tag=TAG, check=_check, back=paper_page, template="papers/show.html.j2", context=_context,
        own_page=False, **more,
    )  # fmt: skip


NUMBER = _act(
    "number", "Ghi số, ngày", "number", NumberingForm, _number, button="Ghi số, ngày",
    explanation="Giấy tờ được ban hành với số, ngày theo sổ văn thư và từ đó giữ nguyên bản.",
)  # fmt: skip
ATTACH = _act(
    "attach", "Nộp bản đã ký", "originals", OriginalForm, _keep, button="Nộp bản đã ký", takes_files=True,
    explanation="PDF đã ký số được kiểm tra ngay; bản quét của bản ký tay được giữ nguyên.",
)  # fmt: skip
SIGN = _act(
    "sign", "Ký số", "signature", SignForm, _sign, button="Ký số", inline=("pkcs12",), ahead=_pdf_first,
    explanation="Phần mềm làm bản PDF, ký tại chỗ chữ ký và giữ bên cạnh giấy tờ. Tệp chứng thư, mật khẩu không lưu.",
)  # fmt: skip

ACTS: list[Act] = [NUMBER, ATTACH, SIGN]
