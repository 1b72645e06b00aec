"""What people do with certificates: enter old ones, renew or not, have one inspected, record what may cost one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field
from sqlalchemy import select

from models.access.certificates import certificate_seen
from models.actors import Actor
from models.addresses import from_address, in_address
from models.certificates.case_facts import grounds_of
from models.certificates.cases import item_in_case
from models.certificates.codes import odd_about
from models.certificates.entering import Paper, enter_certificate
from models.certificates.findings import MAY_FIND, record_finding
from models.certificates.inspecting import MAY_ASK, plan_ad_hoc
from models.certificates.register import certificate_by_code
from models.certificates.renewal import paper_changes, renew
from models.certificates.renewal_case import decline
from models.certificates.revoking import check_may_decide, dismiss, revoke
from models.certificates.unlisted import Unlisted
from models.enums import Level, OrganisationForm, Role, RoundStatus
from models.forms import RevocationDecisionForm
from models.forms.base import OptionalActDay
from models.process.kinds import StepKind
from models.tables import Round
from portal.access import of
from portal.acts.base import Act, ActForm, Done, Ids
from portal.acts.capacities import first_that, passes
from portal.desk import Desk
from portal.forms import Option
from portal.forms.describing import Options

CODE: Mapping[str, type] = {"code": str}
HANDERS_IN = (Role.PRODUCER, Role.COMMUNE_OFFICER, Role.COORDINATOR)
FINDERS = tuple(sorted(MAY_FIND))
ASKERS = tuple(sorted(MAY_ASK))
DECIDERS = (Role.LEADER, Role.COORDINATOR)
TAG = "Giấy chứng nhận"


class EntryForm(ActForm):
    """A certificate of before this software, as its paper says."""

    product: str = Field(min_length=1, title="Tên sản phẩm", description="Đúng như trên giấy chứng nhận.")
    stars: int = Field(ge=3, le=5, title="Hạng sao", description="Từ 3 đến 5.")
    decision_number: str = Field(min_length=1, title="Số quyết định công nhận")
    issued_on: date = Field(title="Ngày cấp")
    product_code: str = Field(default="", title="Mã sản phẩm ghi trên giấy", description="Để trống nếu không có.")
    level: Level | None = Field(default=None, title="Cấp công nhận", description="Để trống: theo luật của ngày cấp.")
    commune: str = Field(default="", title="Xã, thị trấn", description="Chỉ ghi khi sản phẩm không có trong kế hoạch.")
    producer: str = Field(default="", title="Chủ thể", description="Chỉ ghi khi sản phẩm không có trong kế hoạch.")
    criteria_set: int | None = Field(
        default=None, ge=1, le=26, title="Số bộ tiêu chí (1–26)", description="Khi sản phẩm không có trong kế hoạch."
    )
    form: OrganisationForm = Field(default=OrganisationForm.HOUSEHOLD, title="Loại chủ thể")


class RenewalForm(ActForm):
    """The re-evaluation: into which round."""

    round: str = Field(default="", title="Đợt", description="Để trống: đợt đã dự kiến, hoặc đợt tới đang nhận hồ sơ.")


class DeclineForm(ActForm):
    """Why there will be no re-evaluation."""

    reason: str = Field(min_length=1, title="Lý do của chủ thể")


class InspectionAskForm(ActForm):
    """One more inspection: until when, and why."""

    by: date = Field(title="Kiểm tra trước hết ngày")
    reason: str = Field(min_length=1, title="Lý do kiểm tra đột xuất")


class FindingForm(ActForm):
    """What may cost a certificate."""

    ground: str = Field(min_length=1, title="Căn cứ thu hồi")
    text: str = Field(min_length=1, title="Nội dung phát hiện")
    found_on: OptionalActDay = Field(default=None, title="Ngày phát hiện", description="Để trống: hôm nay.")


def certificate_page(ids: Ids) -> str:
    """The page of the certificate."""
    return f"/certificates/{in_address(from_address(ids['code']))}"


def check_seen(desk: Desk, ids: Ids) -> None:
    """Refuse whom the certificate does not concern."""
    certificate_seen(desk.session, [held.capacity for held in desk.held], from_address(ids["code"]))


def _enter(desk: Desk, _ids: Ids, form: EntryForm) -> Done:
    unlisted = Unlisted(form.commune or None, form.producer or None, form.criteria_set, form.form)
    row = enter_certificate(
        desk.session,
        form.product,
        Paper(form.stars, form.decision_number, form.issued_on, form.level, form.product_code or None),
        desk.acting(Role.COORDINATOR),
        desk.now,
        unlisted,
    )
    odd = odd_about(desk.session, form.product_code, row.product, form.issued_on) if form.product_code else []
    told = "".join(f" Cần xem lại: {one}" for one in odd)
    data = {"certificate": row.code, "valid_until": row.valid_until, "odd": odd}
    words = f"Đã ghi {row.code}, hiệu lực đến {row.valid_until:%d/%m/%Y}.{told}"
    return Done(words, f"/certificates/{in_address(row.code)}", data)


def _renew(desk: Desk, ids: Ids, form: RenewalForm) -> Done:
    who = first_that(desk, HANDERS_IN)
    attempt = renew(desk.session, from_address(ids["code"]), {"round": form.round or None}, who, desk.now)
    changes = paper_changes(desk.session, attempt)
    kept = sum(change.change == "carried" for change in changes)
    dropped = ", ".join(change.title for change in changes if change.change == "dropped")
    note = f" Hết hạn, cần nộp mới: {dropped}." if dropped else ""
    code = attempt.dossier.code
    words = f"Đã nhận hồ sơ {code} vào đợt {attempt.round.code}; chuyển sang {kept} giấy tờ.{note}"
    return Done(words, f"/dossiers/{code}", {"dossier": code, "round": attempt.round.code, "papers": changes})


def _decline(desk: Desk, ids: Ids, form: DeclineForm) -> Done:
    row = decline(desk.session, from_address(ids["code"]), form.reason, first_that(desk, HANDERS_IN), desk.now)
    until = row.certificate.valid_until
    words = f"Đã ghi: không đánh giá lại; giấy hết hiệu lực sau ngày {until:%d/%m/%Y}."
    return Done(words, certificate_page(ids), {"valid_until": until})


def _inspect(desk: Desk, ids: Ids, form: InspectionAskForm) -> Done:
    certificate = certificate_by_code(desk.session, from_address(ids["code"]))
    row = plan_ad_hoc(desk.session, certificate, form.by, form.reason, first_that(desk, ASKERS), desk.now)
    item = item_in_case(desk.session, row, StepKind.CERTIFICATE_INSPECTION)
    data = {"planned_on": row.planned_on, "item": item.id if item is not None else None}
    return Done(f"Đã giao kiểm tra trước hết ngày {row.planned_on:%d/%m/%Y}.", certificate_page(ids), data)


def _find(desk: Desk, ids: Ids, form: FindingForm) -> Done:
    found_on = form.found_on or desk.today
    who = first_that(desk, FINDERS)
    row = record_finding(desk.session, from_address(ids["code"]), form.ground, form.text, found_on, who, desk.now)
    due = (
        f"Hạn ra quyết định: {row.due_on:%d/%m/%Y}."
        if row.due_on is not None
        else f"UBND xã xác nhận trước hết ngày {row.confirm_by:%d/%m/%Y}, hạn ra quyết định tính từ đó."
    )
    data = {"ground": row.ground, "found_on": row.found_on, "confirm_by": row.confirm_by, "due_on": row.due_on}
    return Done(f"Đã ghi phát hiện: {row.ground}. {due}", certificate_page(ids), data)


def _decide(desk: Desk, ids: Ids, form: RevocationDecisionForm) -> Done:
    certificate = certificate_by_code(desk.session, from_address(ids["code"]))

    def check(who: Actor) -> None:
        check_may_decide(desk.session, certificate, who, form.signed_on or desk.today)

    who = first_that(desk, DECIDERS, passes(check))
    if form.outcome == "no_ground":
        dismiss(desk.session, from_address(ids["code"]), form.reason, who, desk.now)
        return Done("Đã ghi: không có căn cứ thu hồi.", certificate_page(ids), {"revoked_on": None})
    day = form.signed_on or desk.today
    revoked = revoke(desk.session, from_address(ids["code"]), form.decision_number, day, form.signer, who, desk.now)
    words = f"Giấy chứng nhận bị thu hồi theo quyết định {form.decision_number}."
    return Done(words, certificate_page(ids), {"revoked_on": revoked.revoked_on})


def rounds_open(desk: Desk, _ids: Ids) -> Options:
    """The rounds that a dossier may go into."""
    query = select(Round).where(Round.status.in_([RoundStatus.PLANNED, RoundStatus.OPEN]))
    query = query.where(Round.registration_closes_on >= desk.today).order_by(Round.registration_closes_on)
    return {"round": [Option(row.code, row.code) for row in desk.session.scalars(query)]}


def grounds(desk: Desk, ids: Ids) -> Options:
    """The grounds of the law in force today, as choices; where it lists none, they are written in words."""
    found = grounds_of(desk.session, from_address(ids["code"]), desk.today)
    return {"ground": [Option(text, text) for _, text in found]} if found else {}


def _today(desk: Desk, _ids: Ids) -> Mapping[str, Any]:
    return {"found_on": desk.today.isoformat()}


ENTER = Act(
    name="certificate.enter", title="Ghi giấy chứng nhận cũ", path="/old-certificates", access=of(Role.COORDINATOR),
    form=EntryForm, run=_enter, tag=TAG, back=lambda _ids: "/certificates",
    explanation="Giấy cấp trước khi dùng phần mềm: để nâng hạng, đánh giá lại và được nhắc hạn.",
    prefill=lambda _desk, _ids: {"form": OrganisationForm.HOUSEHOLD},
)  # fmt: skip
RENEW = Act(
    name="certificate.renew", title="Nộp hồ sơ đánh giá lại", path="/certificates/{code}/renewal", ids=CODE,
    access=of(*HANDERS_IN), form=RenewalForm, run=_renew, check=check_seen, options=rounds_open, back=certificate_page,
    button="Nộp hồ sơ", tag=TAG,
    explanation="Giấy tờ cũ còn hạn được chuyển sang; giấy tờ hết hạn và phần thay đổi bổ sung ở trang hồ sơ.",
)  # fmt: skip
DECLINE = Act(
    name="certificate.decline", title="Không đánh giá lại", path="/certificates/{code}/not-renewing", ids=CODE,
    access=of(*HANDERS_IN), form=DeclineForm, run=_decline, check=check_seen, back=certificate_page, tag=TAG,
    danger=True, explanation="Giấy chứng nhận còn hiệu lực đến hết thời hạn, sau đó không được dùng dấu hiệu OCOP.",
)  # fmt: skip
INSPECT = Act(
    name="certificate.inspect", title="Yêu cầu kiểm tra đột xuất", path="/certificates/{code}/inspection", ids=CODE,
    access=of(*ASKERS), form=InspectionAskForm, run=_inspect, check=check_seen, back=certificate_page, tag=TAG,
    button="Giao kiểm tra", explanation="Việc được giao ngay cho cơ quan chuyên môn; lịch hằng năm do hệ thống lập.",
)  # fmt: skip
FIND = Act(
    name="certificate.find", title="Ghi phát hiện để xem xét thu hồi", path="/certificates/{code}/finding", ids=CODE,
    access=of(*FINDERS), form=FindingForm, run=_find, check=check_seen, options=grounds, prefill=_today,
    back=certificate_page, tag=TAG, button="Ghi phát hiện", danger=True,
    explanation="Từ ngày phát hiện bắt đầu tính hạn ra quyết định; chủ thể, xã và lãnh đạo được báo.",
)  # fmt: skip
DECIDE = Act(
    name="certificate.revoke", title="Quyết định về phát hiện", path="/certificates/{code}/revocation", ids=CODE,
    access=of(*DECIDERS), form=RevocationDecisionForm, run=_decide, check=check_seen, back=certificate_page, tag=TAG,
    danger=True, explanation="Lãnh đạo nơi cấp ký; văn phòng cấp dưới chỉ ghi lại quyết định của cấp trên.",
)  # fmt: skip

ACTS: list[Act] = [ENTER, RENEW, DECLINE, INSPECT, FIND, DECIDE]
