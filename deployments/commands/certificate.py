"""`ocop certificate list|renew|revoke`: the register of certificates and the acts of their life."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from deployments.commands.acting import acting
from deployments.commands.call import Answer
from deployments.commands.data import reading_desk, writing_desk
from deployments.commands.files import read_record
from deployments.commands.options import Day, Number
from deployments.commands.tables import draw
from models.certificates.entering import enter_certificate
from models.certificates.life import CertificateState
from models.certificates.register import register
from models.certificates.renewal import paper_changes
from models.certificates.renewal import renew as hand_in_again
from models.certificates.revoking import MAY_FIND, record_finding
from models.certificates.revoking import revoke as revoke_certificate
from models.enums import Level, Role
from models.errors import InputError

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
        (r.code, r.product, r.producer, r.commune, f"{r.stars} sao", r.issued_on, r.ends_on, r.state_label, r.renewal)
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
        "Hồ sơ đánh giá lại",
    ]
    return Answer(rows, draw("Sổ giấy chứng nhận", columns, cells))


def enter(
    product: Annotated[str, Parameter("PRODUCT", help="Tên sản phẩm (có trong kế hoạch).")],
    /,
    *,
    stars: Annotated[Number, Parameter(help="Hạng sao, 3–5.")],
    decision: Annotated[str, Parameter(help="Số quyết định công nhận.")],
    issued: Annotated[Day, Parameter(help="Ngày cấp.")],
    level: Annotated[str | None, Parameter(help="Cấp công nhận: district, province, ministry.")] = None,
) -> Answer:
    """Ghi giấy chứng nhận cấp trước khi dùng phần mềm, để nâng hạng, đánh giá lại và được nhắc hạn."""
    with writing_desk() as desk:
        who = acting(desk, Role.COORDINATOR)
        row = enter_certificate(
            desk.session,
            product,
            stars=stars,
            decision_number=decision,
            issued_on=issued,
            level=_level(level),
            who=who,
            now=desk.now,
        )
        name = row.product.name
    facts = {"certificate": row.code, "product": name, "stars": row.stars, "valid_until": row.valid_until}
    return Answer(facts, f"Đã ghi {row.code}: {name}, hiệu lực đến {row.valid_until:%d/%m/%Y}.")


def renew(
    code: Code,
    file: Annotated[str | None, Parameter("FILE", help="Những gì thay đổi (JSON); «-»: đọc từ đầu vào.")] = None,
    /,
    *,
    round_: Annotated[str | None, Parameter("--round", help="Mã đợt (mặc định: đợt tới).")] = None,
) -> Answer:
    """Nộp hồ sơ đánh giá lại: giấy tờ cũ còn hạn được chuyển sang, phần thay đổi được đánh dấu."""
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
) -> Answer:
    """Ghi phát hiện (--ground, --finding): bắt đầu tính hạn; hoặc ghi quyết định (--decision, --signer): thu hồi."""
    if decision is None and ground is None:
        raise InputError(
            "Chưa nêu việc cần ghi.",
            field="--ground",
            remedy="Ghi phát hiện: --ground … --finding …; hoặc quyết định: --decision … --signer ….",
        )
    if decision is not None and ground is not None:
        raise InputError(
            "Phát hiện và quyết định là hai việc của hai người.", field="--decision", remedy="Ghi bằng hai lệnh."
        )
    with writing_desk() as desk:
        if decision is None:
            who = acting(desk, *sorted(MAY_FIND))
            row = record_finding(desk.session, code, ground or "", finding or "", found_on or desk.today, who, desk.now)
            due = f" Hạn ra quyết định: {row.due_on:%d/%m/%Y}." if row.due_on else ""
            facts = {"certificate": code, "ground": row.ground, "found_on": row.found_on, "due_on": row.due_on}
            return Answer(facts, f"Đã ghi phát hiện với giấy chứng nhận {code}: {row.ground}.{due}")
        who = acting(desk, Role.LEADER, Role.COORDINATOR)
        revoked = revoke_certificate(desk.session, code, decision, signed_on or desk.today, signer or "", who, desk.now)
        facts = {"certificate": code, "decision": decision, "revoked_on": revoked.revoked_on}
    return Answer(facts, f"Giấy chứng nhận {code} bị thu hồi theo quyết định {decision}.")


def _level(name: str | None) -> Level | None:
    if name is None or name in {level.value for level in Level}:
        return Level(name) if name else None
    known = ", ".join(level.value for level in Level if level is not Level.COMMUNE)
    raise InputError(f"Không có cấp «{name}».", field="--level", remedy=f"Chọn một trong: {known}.")


def _state(name: str | None) -> CertificateState | None:
    if name is None:
        return None
    found = next((state for state in CertificateState if state.value == name.replace("-", "_")), None)
    if found is None:
        known = ", ".join(state.value for state in CertificateState)
        raise InputError(f"Không có trạng thái «{name}».", field="--state", remedy=f"Chọn một trong: {known}.")
    return found
