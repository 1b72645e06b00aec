"""Papers: lists by case, one paper with its files and signed originals, a look at any signed PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from models.certificates.register import certificate_by_code
from models.documents.seeing import PaperLine, papers_of_certificate, papers_of_dossier, papers_of_round
from models.documents.subjects import file_name
from models.documents.waiting import KEEPERS, Awaited, waiting_papers
from models.dossiers.seeing import visible_dossier
from models.errors import InputError, OcopError
from models.files.kinds import FileKind
from models.paging import Page, PageAsked
from models.rounds.seeing import visible_round
from models.settings import settings
from models.signing.certificates import trusted_roots
from portal import asked
from portal.access import CASES, SIGNED_IN, of
from portal.acts.pages import form_page
from portal.acts.papers import ACTS
from portal.desk import Desk
from portal.errors import status_of
from portal.menu import MENU, ROUNDS, Link
from portal.papers import paper_view, pdf, word
from portal.routing import Post, page, posted
from portal.stored import attached
from portal.view import View

router = APIRouter()

PAPER_KEEPERS = of(*KEEPERS)
MENU.append(Link("Giấy tờ", "/papers", PAPER_KEEPERS, order=26, group=ROUNDS, alone=True))
WAITING = {Awaited.NUMBER.value: "Chờ ghi số", Awaited.SIGNATURE.value: "Chờ bản ký"}

VERIFY = "/signatures"
VERIFY_TITLE = "Kiểm tra chữ ký số"


def dossier_papers(desk: Desk, code: str) -> list[PaperLine]:
    """The papers of a dossier, for who may see it."""
    return papers_of_dossier(desk.session, desk.capacities, visible_dossier(desk.session, desk.capacities, code))


def round_papers(desk: Desk, code: str) -> list[PaperLine]:
    """The papers of a round, for who may see it."""
    return papers_of_round(desk.session, desk.capacities, visible_round(desk.session, desk.capacities, code))


def certificate_papers(desk: Desk, code: str) -> list[PaperLine]:
    """The papers of a certificate, for who may see it."""
    return papers_of_certificate(desk.session, desk.capacities, certificate_by_code(desk.session, code))


@page(router, "/dossiers/{code}/papers", CASES)
def of_dossier(view: View, code: str) -> Response:
    """The papers of a dossier."""
    return _list(view, dossier_papers(view.desk, code), f"Giấy tờ của hồ sơ {code}", f"/dossiers/{code}")


@page(router, "/rounds/{code}/papers", CASES)
def of_round(view: View, code: str) -> Response:
    """The papers of a round."""
    return _list(view, round_papers(view.desk, code), f"Giấy tờ của đợt {code}", f"/rounds/{code}")


@page(router, "/certificates/{code}/papers", CASES)
def of_certificate(view: View, code: str) -> Response:
    """The papers of a certificate."""
    papers = certificate_papers(view.desk, code)
    return _list(view, papers, f"Giấy tờ của giấy chứng nhận {code}", f"/certificates/{code}")


def papers_waiting(desk: Desk, waiting: str, page_asked: PageAsked) -> Page[PaperLine]:
    """The papers that wait for a number (unless something else is asked for), of the offices that the visitor keeps."""
    awaited = asked.one_of(Awaited, waiting, "waiting") or Awaited.NUMBER
    return waiting_papers(desk.session, desk.capacities, awaited, page_asked)


@page(router, "/papers", PAPER_KEEPERS)
def waiting(view: View, waiting: str = "", page: str = "1") -> Response:
    """What the office has yet to number or to have signed."""
    found = papers_waiting(view.desk, waiting, asked.page_number(page))
    chosen = {"waiting": waiting.strip() or Awaited.NUMBER.value}
    return view.page("papers/waiting.html.j2", title="Giấy tờ cần xử lý", found=found, chosen=chosen, tabs=WAITING)


@page(router, "/papers/{kind}/{subject}", CASES)
def show(view: View, kind: str, subject: str) -> Response:
    """One paper."""
    found = paper_context(view, kind, subject)
    return view.page("papers/show.html.j2", page=None, **found)


def paper_context(view: View, kind: str, subject: str) -> Mapping[str, Any]:
    """What the page of a paper shows; its forms for who may use them."""
    paper, ids = paper_view(view.desk, kind, subject), {"kind": kind, "subject": subject}
    forms = {act.name: form_page(act, view, ids) for act in ACTS} if paper.may_keep else {}
    return {"title": paper.label, "paper": paper, "own_forms": forms}


@page(router, "/papers/{kind}/{subject}/docx", CASES)
def as_word(view: View, kind: str, subject: str) -> Response:
    """The Word file."""
    return attached(word(view.desk, kind, subject), file_name(kind, subject), FileKind.DOCX.value)


@page(router, "/papers/{kind}/{subject}/pdf", CASES)
def as_pdf(view: View, kind: str, subject: str) -> Response:
    """The PDF, made when it is asked for."""
    return attached(
        pdf(view.desk, kind, subject), file_name(kind, subject).replace(".docx", ".pdf"), FileKind.PDF.value
    )


@page(router, VERIFY, SIGNED_IN)
def verifying(view: View) -> Response:
    """The form to have a signed PDF looked at."""
    return view.page("papers/verify.html.j2", title=VERIFY_TITLE, report=None, name="", problems=[])


@posted(router, VERIFY, SIGNED_IN)
def verified(post: Post) -> Response:
    """What the signatures of the PDF that was sent are worth; it is not kept."""
    from models.signing.verifying import verify_pdf

    sent = post.files.get("file", [])
    with post.view() as view:
        try:
            if not sent:
                raise InputError("chưa chọn tệp", field="file", remedy="Chọn tệp PDF đã ký.")
            report = verify_pdf(sent[0].file.read(), trusted_roots(settings().trust_dir), view.desk.now)
        except OcopError as error:
            status, problems = status_of(error)[0], error.problems
            return view.page(
                "papers/verify.html.j2", status=status, title=VERIFY_TITLE, report=None, name="", problems=problems
            )
        name = sent[0].filename
        return view.page("papers/verify.html.j2", title=VERIFY_TITLE, report=report, name=name, problems=[])


def _list(view: View, papers: list[PaperLine], title: str, back: str) -> Response:
    return view.page("papers/list.html.j2", title=title, papers=papers, back=back)
