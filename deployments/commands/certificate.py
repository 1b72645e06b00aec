"""`ocop certificate list|show|renew|inspect|revoke|sweep`: the register of certificates and the acts of their life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from sqlalchemy import func, select

from deployments.commands.acting import acting
from deployments.commands.call import Answer
from deployments.commands.certificate_life import draw_life
from deployments.commands.data import reading_desk, writing_desk
from deployments.commands.deadlines import PREVIEW, looking_desk
from deployments.commands.files import read_record
from deployments.commands.options import Day, Number
from deployments.commands.tables import draw
from models.certificates.cases import item_in_case
from models.certificates.codes import odd_about
from models.certificates.entering import Paper, enter_certificate
from models.certificates.findings import MAY_FIND, record_finding
from models.certificates.inspecting import plan_ad_hoc
from models.certificates.life import CertificateState
from models.certificates.listing import register
from models.certificates.register import RegisterRow, certificate_by_code
from models.certificates.renewal import paper_changes
from models.certificates.renewal import renew as hand_in_again
from models.certificates.renewal_case import decline
from models.certificates.revoking import dismiss
from models.certificates.revoking import revoke as revoke_certificate
from models.certificates.showing import certificate_life
from models.certificates.sweeping import sweep as sweep_certificates
from models.certificates.unlisted import Unlisted
from models.clock import vn_date
from models.enums import Level, OrganisationForm, Role
from models.errors import InputError
from models.process.kinds import StepKind
from models.tables import WorkItem
from models.work_items.queries import item_row

if TYPE_CHECKING:
    from rich.console import Console

Code = Annotated[str, Parameter("CODE", help="Mã giấy chứng nhận, ví dụ 38-395-15538-01-2024.")]


def list_(
    *,
    ending: Annotated[Number | None, Parameter(help="Chỉ giấy sẽ hết hiệu lực trong N ngày tới (ví dụ 180).")] = None,
    state: Annotated[str | None, Parameter(help="Chỉ giấy ở trạng thái này, ví dụ valid, late, lapsed.")] = None,
    on: Annotated[Day | None, Parameter(help="Ngày cần xem (mặc định: hôm nay).")] = None,
) -> Answer:
    """Sổ giấy chứng nhận: mỗi giấy đang ở trạng thái nào, giấy nào sắp hết hiệu lực."""
    wanted = _state(state)
    if ending is not None and ending < 0:
        raise InputError("Số ngày không được âm.", field="--ending", remedy="Ghi số ngày từ 0 trở lên.")
    with reading_desk() as desk:
        rows = register(desk.session, on or desk.today, ending=ending, state=wanted)
    cells = [
        (r.code, r.product, r.producer, r.commune, f"{r.stars} sao", r.issued_on, r.ends_on, r.state_label, _next(r))
        for r in rows
    ]
    columns = [
        "Mã",
        "Sản phẩm",
        "Chủ thể",
        "Địa bàn",
        "Hạng",
        "Ngày cấp",
        "Hết hạn",
        "Trạng thái",
        "Đang chờ, mốc tới",
    ]
    return Answer(rows, draw("Sổ giấy chứng nhận", columns, cells))


def enter(
    product: Annotated[str, Parameter("PRODUCT", help="Tên sản phẩm.")],
    /,
    *,
    stars: Annotated[Number, Parameter(help="Hạng sao, 3–5.")],
    decision: Annotated[str, Parameter(help="Số quyết định công nhận.")],
    issued: Annotated[Day, Parameter(help="Ngày cấp.")],
    product_code: Annotated[str | None, Parameter(help="Mã sản phẩm ghi trên giấy.")] = None,
    level: Annotated[str | None, Parameter(help="Cấp công nhận: district, province, ministry.")] = None,
    commune: Annotated[str | None, Parameter(help="Sản phẩm ngoài kế hoạch: xã của chủ thể.")] = None,
    producer: Annotated[str | None, Parameter(help="Sản phẩm ngoài kế hoạch: tên chủ thể.")] = None,
    set_: Annotated[Number | None, Parameter("--set", help="Sản phẩm ngoài kế hoạch: số bộ tiêu chí, 1–26.")] = None,
    form: Annotated[
        str, Parameter(help="Sản phẩm ngoài kế hoạch: loại chủ thể, ví dụ cooperative, enterprise.")
    ] = OrganisationForm.HOUSEHOLD.value,
) -> Answer:
    """Ghi giấy chứng nhận cấp trước khi dùng phần mềm, để nâng hạng, đánh giá lại và được nhắc hạn."""
    with writing_desk() as desk:
        who = acting(desk, Role.COORDINATOR)
        row = enter_certificate(
            desk.session,
            product,
            Paper(stars, decision, issued, _level(level), product_code),
            who,
            desk.now,
            Unlisted(commune, producer, set_, _form(form)),
        )
        odd = odd_about(desk.session, product_code, row.product, issued) if product_code is not None else []
        name = row.product.name
    facts = {"certificate": row.code, "product": name, "stars": row.stars, "valid_until": row.valid_until}
    words = [
        f"Đã ghi {row.code}: {name}, hiệu lực đến {row.valid_until:%d/%m/%Y}.",
        *(f"Cần xem lại: {o}" for o in odd),
    ]
    return Answer({**facts, "warnings": odd}, "\n".join(words))


def show(
    code: Code,
    /,
    *,
    on: Annotated[Day | None, Parameter(help="Ngày cần xem (mặc định: hôm nay).")] = None,
) -> Answer:
    """Xem một giấy chứng nhận: các mốc theo quy định đang áp dụng, việc, kiểm tra, đánh giá lại, thu hồi."""
    with reading_desk() as desk:
        life = certificate_life(desk.session, code, on or desk.today)
    return Answer(life, lambda console: draw_life(console, life))


def renew(
    code: Code,
    file: Annotated[str | None, Parameter("FILE", help="Những gì thay đổi (JSON); «-»: đọc từ đầu vào.")] = None,
    /,
    *,
    round_: Annotated[str | None, Parameter("--round", help="Mã đợt (mặc định: đợt tới).")] = None,
    not_renewing: Annotated[str | None, Parameter(help="Chủ thể không đánh giá lại: lý do (không nộp hồ sơ).")] = None,
) -> Answer:
    """Nộp hồ sơ đánh giá lại: giấy tờ cũ còn hạn được chuyển sang, phần thay đổi được đánh dấu."""
    if not_renewing is not None:
        return _decline(code, not_renewing, given=file is not None or round_ is not None)
    data = read_record(file) if file is not None else {}
    if round_ is not None and isinstance(data, dict):
        data = {**data, "round": round_}
    with writing_desk() as desk:
        who = acting(desk, Role.PRODUCER, Role.COMMUNE_OFFICER, Role.COORDINATOR)
        attempt = hand_in_again(desk.session, code, data, who, desk.now)
        changes = paper_changes(desk.session, attempt)
        answer = {
            "certificate": code,
            "dossier": attempt.dossier.code,
            "round": attempt.round.code,
            "regime": attempt.regime,
            "papers": changes,
        }
    kept = sum(change.change == "carried" for change in changes)
    dropped = ", ".join(change.title for change in changes if change.change == "dropped")
    note = f" Hết hạn, cần nộp mới: {dropped}." if dropped else ""
    return Answer(
        answer, f"Đã nhận hồ sơ {answer['dossier']} vào đợt {answer['round']}; chuyển sang {kept} giấy tờ.{note}"
    )


def _decline(code: str, reason: str, *, given: bool) -> Answer:
    if given:
        raise InputError(
            "Không đánh giá lại thì không nộp hồ sơ.",
            field="--not-renewing",
            remedy="Bỏ tệp và --round, hoặc bỏ lý do.",
        )
    with writing_desk() as desk:
        who = acting(desk, Role.PRODUCER, Role.COMMUNE_OFFICER, Role.COORDINATOR)
        row = decline(desk.session, code, reason, who, desk.now)
        until = row.certificate.valid_until
        facts = {"certificate": code, "not_renewing": reason, "valid_until": until, "ended": row.closed_because}
    return Answer(facts, f"Đã ghi: chủ thể không đánh giá lại; giấy {code} hết hiệu lực sau ngày {until:%d/%m/%Y}.")


def inspect(
    code: Code,
    /,
    *,
    by: Annotated[Day, Parameter(help="Kiểm tra đột xuất trước hết ngày này.")],
    reason: Annotated[str, Parameter(help="Lý do kiểm tra đột xuất.")],
    ad_hoc: Annotated[bool, Parameter(help="Đột xuất (kiểm tra hằng năm hệ thống tự lập).")] = False,
) -> Answer:
    """Yêu cầu kiểm tra đột xuất: giao việc cho cơ quan chuyên môn. (Điều phối, chuyên môn, lãnh đạo)"""
    if not ad_hoc:
        raise InputError(
            "Kiểm tra hằng năm do hệ thống tự lập.", field="--ad-hoc", remedy="Chỉ dùng lệnh này khi kiểm tra đột xuất."
        )
    with writing_desk() as desk:
        who = acting(desk, Role.COORDINATOR, Role.TECHNICAL_OFFICER, Role.LEADER)
        certificate = certificate_by_code(desk.session, code)
        row = plan_ad_hoc(desk.session, certificate, by, reason, who, desk.now)
        item = item_in_case(desk.session, row, StepKind.CERTIFICATE_INSPECTION)
        facts = {"certificate": code, "planned_on": row.planned_on, "item": item.id if item is not None else None}
    return Answer(facts, f"Đã giao việc {facts['item']}: kiểm tra {code} trước hết ngày {by:%d/%m/%Y}.")


def sweep(
    *,
    now: Annotated[str | None, Parameter(help="Ngày hoặc thời điểm (mặc định: lúc này).")] = None,
) -> Answer:
    """Rà mọi giấy chứng nhận một lần: mốc mới qua (mỗi mốc một lần), mở việc đánh giá lại và kiểm tra đến kỳ."""
    with looking_desk(now) as (desk, moment, preview):
        known = desk.session.scalar(select(func.max(WorkItem.id))) or 0
        passed = sweep_certificates(desk.session, moment)
        query = select(WorkItem).where(WorkItem.id > known).order_by(WorkItem.id)
        opened = [item_row(desk.session, item, vn_date(moment)) for item in desk.session.scalars(query)]
    data = {"now": moment.isoformat(), "preview": preview, "passed": passed, "opened": opened}
    told = draw(
        f"Mốc mới qua đến ngày {vn_date(moment):%d/%m/%Y}", ["Giấy", "Mốc"], [(p.code, p.told.label) for p in passed]
    )
    items = draw(
        "Việc mới mở",
        ["Số", "Việc", "Giấy chứng nhận", "Chờ", "Hạn"],
        [(r.id, r.label, r.about, r.waiting_for, r.due_on) for r in opened],
    )

    def show_both(console: Console) -> None:
        told(console)
        items(console)
        if preview:
            console.print(PREVIEW)

    return Answer(data, show_both)


def revoke(
    code: Code,
    /,
    *,
    ground: Annotated[str | None, Parameter(help="Căn cứ thu hồi: số thứ tự hoặc nguyên văn.")] = None,
    finding: Annotated[str | None, Parameter(help="Nội dung phát hiện.")] = None,
    found_on: Annotated[Day | None, Parameter(help="Ngày phát hiện (mặc định: hôm nay).")] = None,
    decision: Annotated[str | None, Parameter(help="Số quyết định thu hồi.")] = None,
    signed_on: Annotated[Day | None, Parameter(help="Ngày ký quyết định (mặc định: hôm nay).")] = None,
    signer: Annotated[str | None, Parameter(help="Người ký quyết định.")] = None,
    no_ground: Annotated[str | None, Parameter(help="Không có căn cứ thu hồi: lý do.")] = None,
) -> Answer:
    """Ghi phát hiện (--ground, --finding): bắt đầu tính hạn; hoặc quyết định (--decision, --signer | --no-ground)."""
    if decision is None and ground is None and no_ground is None:
        raise InputError(
            "Chưa nêu việc cần ghi.",
            field="--ground",
            remedy="Ghi phát hiện: --ground … --finding …; hoặc quyết định: --decision … --signer …; "
            "hoặc --no-ground ….",
        )
    if sum(given is not None for given in (decision, ground, no_ground)) > 1:
        raise InputError(
            "Phát hiện và quyết định là hai việc của hai người.", field="--decision", remedy="Ghi bằng hai lệnh."
        )
    facts: dict[str, object]
    with writing_desk() as desk:
        if no_ground is not None:
            who = acting(desk, Role.LEADER, Role.COORDINATOR)
            dismissed = dismiss(desk.session, code, no_ground, who, desk.now)
            facts = {"certificate": code, "ground": dismissed.ground, "kept": no_ground}
            return Answer(facts, f"Đã ghi: không có căn cứ thu hồi giấy chứng nhận {code}.")
        if decision is None:
            who = acting(desk, *sorted(MAY_FIND))
            row = record_finding(desk.session, code, ground or "", finding or "", found_on or desk.today, who, desk.now)
            due = (
                f" Hạn ra quyết định: {row.due_on:%d/%m/%Y}."
                if row.due_on
                else f" UBND xã xác nhận trước hết ngày {row.confirm_by:%d/%m/%Y}, hạn ra quyết định tính từ đó."
            )
            facts = {
                "certificate": code,
                "ground": row.ground,
                "found_on": row.found_on,
                "confirm_by": row.confirm_by,
                "due_on": row.due_on,
            }
            return Answer(facts, f"Đã ghi phát hiện với giấy chứng nhận {code}: {row.ground}.{due}")
        who = acting(desk, Role.LEADER, Role.COORDINATOR)
        revoked = revoke_certificate(desk.session, code, decision, signed_on or desk.today, signer or "", who, desk.now)
        facts = {"certificate": code, "decision": decision, "revoked_on": revoked.revoked_on}
    return Answer(facts, f"Giấy chứng nhận {code} bị thu hồi theo quyết định {decision}.")


def _form(name: str) -> OrganisationForm:
    if name in {form.value for form in OrganisationForm}:
        return OrganisationForm(name)
    known = ", ".join(form.value for form in OrganisationForm)
    raise InputError(f"Không có loại chủ thể «{name}».", field="--form", remedy=f"Chọn một trong: {known}.")


def _level(name: str | None) -> Level | None:
    if name is None or name in {level.value for level in Level}:
        return Level(name) if name else None
    known = ", ".join(level.value for level in Level if level is not Level.COMMUNE)
    raise InputError(f"Không có cấp «{name}».", field="--level", remedy=f"Chọn một trong: {known}.")


def _next(row: RegisterRow) -> str:
    coming = f"{row.next_milestone} {row.next_on:%d/%m/%Y}" if row.next_on is not None else ""
    filed = f"Hồ sơ đánh giá lại {row.renewal}" if row.renewal else ""
    return "; ".join(part for part in (*row.waiting, filed, coming) if part)


def _state(name: str | None) -> CertificateState | None:
    if name is None:
        return None
    found = next((state for state in CertificateState if state.value == name.replace("-", "_")), None)
    if found is None:
        known = ", ".join(state.value for state in CertificateState)
        raise InputError(f"Không có trạng thái «{name}».", field="--state", remedy=f"Chọn một trong: {known}.")
    return found
