"""Dossiers: the list, one with all that its reader may see, its attempts compared, its audit trail, the package."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from models.access import dossiers_visible, may_see_result, may_see_scores
from models.audit_list import AuditLine
from models.charts import Chart
from models.charts.parts import parts_chart
from models.documents.seeing import papers_of_dossier
from models.dossiers.comparing import CHANGES
from models.dossiers.listing import DossierFilter, dossier_page
from models.dossiers.package import dossier_package, may_export
from models.dossiers.queries import with_papers
from models.dossiers.seeing import (
    AttemptView,
    DossierView,
    view_of,
    visible_audit,
    visible_comparison,
    visible_dossier,
)
from models.enums import AttemptStatus, Role
from models.errors import NotFoundError
from models.files.zip_stream import stream_zip
from models.process import step_definition
from models.process.kinds import StepKind
from models.reports.steering import step_name
from models.reports.steering_rows import parts_of
from models.rounds.seeing import visible_round, visible_rounds
from models.settings import settings
from models.tables import Dossier, SessionProduct
from models.work_items.queries import item_by_id
from portal.access import CASES, of
from portal.acts.correcting import may_correct
from portal.asked import number, page_number
from portal.desk import Desk
from portal.menu import MENU, ROUNDS, Link
from portal.pictures import picture
from portal.routing import Post, page, posted
from portal.view import View

router = APIRouter()
MENU.append(Link("Hồ sơ", "/dossiers", CASES, order=22, group=ROUNDS))

OF_A_DOSSIER = range(2, 8)
"""The stages of the cycle that a dossier goes through; the first is of the round alone."""

EXPORTERS = (Role.COORDINATOR, Role.AUDITOR, Role.PRODUCER)


@page(router, "/dossiers", CASES)
def index(view: View, search: str = "", round: str = "", status: str = "", page: str = "1") -> Response:
    """The dossiers that the visitor may see, found by words without accents too."""
    desk = view.desk
    wanted = wanted_dossiers(desk, search, round, status)
    found = dossier_page(desk.session, wanted, page_number(page))
    return view.page(
        "dossiers/index.html.j2",
        title="Hồ sơ",
        found=found,
        chosen={"search": search, "round": round, "status": status},
        rounds=visible_rounds(desk.session, desk.capacities),
        statuses=list(AttemptStatus),
    )


def wanted_dossiers(desk: Desk, search: str, round_code: str, status: str) -> DossierFilter:
    """What was chosen, of the dossiers that the visitor may see.

    Raises:
        NotFoundError: no such round for them, or no such status.
    """
    if status and status not in set(AttemptStatus):
        raise NotFoundError("Không có trạng thái này.", field="status", remedy="Chọn lại từ danh sách.")
    return DossierFilter(
        search=search[:200],
        round_id=visible_round(desk.session, desk.capacities, round_code).id if round_code else None,
        status=AttemptStatus(status) if status else None,
        visible=dossiers_visible(desk.session, desk.capacities),
    )


@page(router, "/dossiers/{code}", CASES)
def show(view: View, code: str) -> Response:
    """One dossier: where it is, whose turn it is, how it came there, and what is in it."""
    desk = view.desk
    dossier = visible_dossier(desk.session, desk.capacities, code, *with_papers())
    found = view_of(desk.session, desk.capacities, dossier, desk.today)
    return view.page(
        "dossiers/show.html.j2",
        papers=papers_of_dossier(desk.session, desk.capacities, dossier),
        title=found.dossier.dossier.product,
        found=found,
        stages=_stages(found),
        for_producer=desk.roles <= {Role.PRODUCER},
        mine={row.id for row in found.waiting if _is_mine(desk, row.id)},
        exporter=exporter(desk, dossier) is not None,
        with_scores=Role.PRODUCER not in desk.roles,
        correctable=may_correct(desk, [step.item for step in found.attempts[0].detail.steps]),
        charts={one.detail.number: _charts(desk, one, dossier.product.name) for one in found.attempts},
        producer_name=lambda kind: step_definition(StepKind(kind)).producer_label,
        todo=lambda kind: step_definition(StepKind(kind)).todo,
    )


@page(router, "/dossiers/{code}/scores/{product_id}.svg", CASES)
def scores_picture(view: View, code: str, product_id: int) -> Response:
    """Points by part against the gates, as a picture."""
    desk = view.desk
    dossier = visible_dossier(desk.session, desk.capacities, code)
    product = desk.session.get(SessionProduct, product_id)
    if product is None or product.attempt.dossier_id != dossier.id or not _open_to(desk, product):
        raise NotFoundError("Chưa có điểm để xem.", field="product", remedy="Xem sau khi hội đồng kết luận.")
    return picture(parts_chart(parts_of(desk.session, product.id), dossier.product.name))


@page(router, "/dossiers/{code}/diff", CASES)
def diff(view: View, code: str, before: str = "", after: str = "", all: str = "") -> Response:
    """Two attempts side by side, by default the last two; only what differs unless `all` is asked for."""
    desk = view.desk
    first, second = number(before, "before"), number(after, "after")
    numbers = (first, second) if first is not None and second is not None else None
    found = visible_comparison(desk.session, desk.capacities, code, numbers)
    lines = [line for line in found.lines if all or line.change != "same"]
    attempts = [one.number for one in visible_dossier(desk.session, desk.capacities, code).attempts]
    return view.page(
        "dossiers/diff.html.j2", title=f"So các lần nộp của hồ sơ {code}", found=found, lines=lines, all=all,
        attempts=attempts, words=CHANGES,
    )  # fmt: skip


@page(router, "/dossiers/{code}/audit", of(Role.COORDINATOR, Role.AUDITOR, Role.LEADER))
def audit(view: View, code: str) -> Response:
    """Every entry of the audit trail about the dossier."""
    desk = view.desk
    lines: list[AuditLine] = visible_audit(desk.session, desk.capacities, code)
    return view.page("dossiers/audit.html.j2", title=f"Nhật ký hồ sơ {code}", code=code, lines=lines)


@posted(router, "/dossiers/{code}/package", of(*EXPORTERS))
def export(post: Post, code: str) -> Response:
    """The whole dossier as one ZIP, sent as it is made; that it was taken out is in the audit trail."""
    with post.working() as desk:
        return package(desk, code, scores=bool(post.one("scores")))


def package(desk: Desk, code: str, *, scores: bool) -> Response:
    """The answer that carries the package.

    Raises:
        NotFoundError: no such dossier for the visitor.
        NotAllowedError: seen, but not to be taken out.
    """
    dossier = visible_dossier(desk.session, desk.capacities, code)
    role = exporter(desk, dossier)
    who = desk.acting(role) if role is not None else desk.acting(*EXPORTERS)
    found = settings()
    parts = dossier_package(desk.session, code, who, desk.now, scores=scores, folder=found.files_dir, home=found.home)
    name = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "_" for letter in code)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.zip"',
        "Content-Encoding": "identity",  # it is compressed already
    }
    return StreamingResponse(stream_zip(parts, desk.now), headers=headers, media_type="application/zip")


def exporter(desk: Desk, dossier: Dossier) -> Role | None:
    """In which role the visitor may take the dossier out, if any."""
    choices = desk.choices_in(*EXPORTERS)
    return next((held.capacity.role for held in choices if may_export(dossier, held.actor)), None)


def _charts(desk: Desk, attempt: AttemptView, product: str) -> list[tuple[Chart, int]]:
    return [(parts_chart(parts_of(desk.session, one), product), one) for one in attempt.scored]


def _open_to(desk: Desk, product: SessionProduct) -> bool:
    known = may_see_result(desk.session, desk.capacities, product.attempt)
    return known and may_see_scores(desk.session, desk.capacities, product)


def _is_mine(desk: Desk, item_id: int) -> bool:
    return bool(desk.choices_on(item_by_id(desk.session, item_id)))


def _stages(found: DossierView) -> list[tuple[str, str, str]]:
    """The stages of the latest attempt: number, name, and done, now or to come."""
    latest = found.attempts[0].detail
    now = {step_definition(StepKind(row.kind)).step for row in found.waiting}
    reached = max([step_definition(StepKind(step.kind)).step for step in latest.steps], default=2)
    return [
        (str(step), step_name(step), "now" if step in now else "done" if step <= reached else "later")
        for step in OF_A_DOSSIER
    ]
