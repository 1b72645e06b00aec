"""What people do with councils and their meetings beside the steps: rules, composition, closing the scoring, drafts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from models.councils.keeping import NewSeat, change_rules, check_keeps, people_in, set_up_anew
from models.councils.reading import GATE_RULE_WORDS, council_by_id
from models.councils.sheet_drafts import load_sheet_draft, save_sheet_draft
from models.enums import CouncilRole, Labelled, Role
from models.process.kinds import StepKind
from models.steps.council_scoring import close_scoring
from models.tables import Council
from models.work_items.queries import item_by_id
from portal.access import of
from portal.acts.base import Act, ActForm, Done, Ids
from portal.acts.items import ITEM, OUTCOMES, item_page, item_version
from portal.desk import Desk
from portal.forms.describing import Option, Options

KEEPERS = of(Role.COORDINATOR, Role.COUNCIL_SECRETARY)
COUNCIL: Mapping[str, type] = {"council_id": int}
MOST_SEATS = 25
TAG = "Hội đồng"


class GateRuleChoice(Labelled):
    """How a star gate is met."""

    MEAN = "mean", GATE_RULE_WORDS["mean"]
    EVERY_MEMBER = "every_member", GATE_RULE_WORDS["every_member"]


def _comma(value: object) -> object:
    return value.replace(",", ".").rstrip("% ") if isinstance(value, str) else value


Points = Annotated[Decimal, BeforeValidator(_comma)]


class RulesForm(ActForm):
    """The council's own rules; what is left empty is the default of the decision in force."""

    quorum: Points | None = Field(
        default=None, gt=0, le=100, title="Tỷ lệ thành viên phải có phiếu (%)",
        description="Ví dụ 75. Tính trên số thành viên được chấm sản phẩm đó.",
    )  # fmt: skip
    spread_limit: Points | None = Field(
        default=None, ge=0, le=100, title="Chênh lệch tối đa giữa các phiếu (điểm)",
        description="Vượt mức này thì thảo luận và chấm lần hai.",
    )  # fmt: skip
    gate_rule: GateRuleChoice | None = Field(default=None, title="Cách xét điều kiện sao")


class SeatForm(ActForm):
    """One seat."""

    person: str = Field(default="", title="Thành viên (bỏ trống để bỏ dòng này)")
    role: CouncilRole = Field(default=CouncilRole.MEMBER, title="Vị trí")
    post: str = Field(default="", title="Chức vụ", max_length=200)


class CompositionForm(ActForm):
    """The council as a new decision composes it."""

    decision_number: str = Field(min_length=1, max_length=100, title="Số quyết định kiện toàn")
    decided_on: date = Field(title="Ngày quyết định")
    secretary: str = Field(min_length=1, title="Thư ký")
    members: list[SeatForm] = Field(min_length=1, max_length=MOST_SEATS, title="Thành viên")


class ScoringClosedForm(ActForm):
    """Who did not come."""

    absent: list[str] = Field(default_factory=list, title="Thành viên vắng mặt")


class SheetDraftForm(ActForm):
    """A sheet as far as it is filled in."""

    choices: dict[str, int] = Field(default_factory=dict, title="Mức chọn của từng tiêu chí")
    opinion: str = Field(default="", title="Ý kiến", max_length=20_000)
    version: int = Field(default=0, ge=0, title="Bản nháp đã xem")


def _council(desk: Desk, ids: Ids) -> Council:
    return council_by_id(desk.session, desk.capacities, ids["council_id"])


def _may_keep(desk: Desk, ids: Ids) -> None:
    check_keeps(_council(desk, ids), desk.acting(Role.COORDINATOR, Role.COUNCIL_SECRETARY))


def _rules_now(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    rules = _council(desk, ids).rules
    quorum = rules.get("quorum")
    return dict(rules) | ({"quorum": _plain(Decimal(str(quorum)) * 100)} if quorum is not None else {})


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _change_rules(desk: Desk, ids: Ids, form: RulesForm) -> Done:
    rules = {
        "quorum": str(form.quorum / 100) if form.quorum is not None else None,
        "spread_limit": str(form.spread_limit) if form.spread_limit is not None else None,
        "gate_rule": form.gate_rule.value if form.gate_rule is not None else None,
    }
    own = {name: value for name, value in rules.items() if value is not None}
    who = desk.acting(Role.COORDINATOR, Role.COUNCIL_SECRETARY)
    change_rules(desk.session, _council(desk, ids), own, who, desk.now)
    return Done("Đã đổi quy chế hội đồng.", "/councils", {"rules": own})


def _composition_now(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    council = _council(desk, ids)
    members = [{"person": m.person.code, "role": m.role.value, "post": m.post} for m in council.members]
    return {"secretary": council.secretary.code, "members": members}


def _people(desk: Desk, _ids: Ids) -> Options:
    def named(role: Role) -> list[Option]:
        return [Option(one.code, one.name) for one in people_in(desk.session, role, desk.today).values()]

    members = named(Role.COUNCIL_MEMBER)
    return {"secretary": named(Role.COUNCIL_SECRETARY)} | {
        f"members[{row}].person": members for row in range(MOST_SEATS + 2)
    }


def _set_up(desk: Desk, ids: Ids, form: CompositionForm) -> Done:
    new = set_up_anew(
        desk.session,
        _council(desk, ids),
        decision_number=form.decision_number,
        decided_on=form.decided_on,
        secretary=form.secretary,
        seats=[NewSeat(seat.person, seat.role, seat.post) for seat in form.members],
        who=desk.acting(Role.COORDINATOR, Role.COUNCIL_SECRETARY),
        now=desk.now,
    )
    return Done(f"Đã kiện toàn hội đồng theo {new.decision_number}.", "/councils", {"council": new.id})


def _close_scoring(desk: Desk, ids: Ids, form: ScoringClosedForm) -> Done:
    item = item_by_id(desk.session, ids["item_id"])
    meeting = close_scoring(desk.session, item.id, form.absent, desk.acting_on(item), desk.now)
    return Done("Đã đóng chấm điểm; kết quả hiện ở dưới.", item_page(ids), {"session": meeting.id})


def _save_sheet(desk: Desk, ids: Ids, form: SheetDraftForm) -> Done:
    item = item_by_id(desk.session, ids["item_id"])
    who = desk.acting_on(item)
    draft = save_sheet_draft(desk.session, item, form.choices, form.opinion, form.version, who, desk.now)
    return Done("Đã lưu nháp; phiếu chưa nộp.", item_page(ids), {"version": draft.version})


def _draft_now(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    item = item_by_id(desk.session, ids["item_id"])
    draft = load_sheet_draft(desk.session, item, desk.acting_on(item))
    return {"choices": draft.choices, "opinion": draft.opinion, "version": draft.version}


def _to_councils(_ids: Ids) -> str:
    return "/councils"


RULES = Act(
    name="council.rules", title="Quy chế của hội đồng", path="/councils/{council_id}/rules", ids=COUNCIL,
    access=KEEPERS, form=RulesForm, run=_change_rules, prefill=_rules_now, check=_may_keep, back=_to_councils,
    button="Ghi quy chế", explanation="Mục để trống thì theo mặc định của quy định đang áp dụng.", tag=TAG,
)  # fmt: skip
COMPOSITION = Act(
    name="council.composition", title="Kiện toàn hội đồng", path="/councils/{council_id}/composition", ids=COUNCIL,
    access=KEEPERS, form=CompositionForm, run=_set_up, prefill=_composition_now, options=_people, check=_may_keep,
    back=_to_councils, button="Ghi hội đồng mới", tag=TAG,
    explanation="Thêm, thay, bớt thành viên theo quyết định mới. Phiên họp đã triệu tập vẫn theo hội đồng lúc triệu "
    "tập.",
)  # fmt: skip
CLOSE_SCORING = Act(
    name="council.close-scoring", title="Đóng chấm điểm", path="/items/{item_id}/scoring-closed", ids=ITEM,
    access=of(Role.COUNCIL_SECRETARY), form=ScoringClosedForm, run=_close_scoring, etag=item_version,
    back=item_page, button="Đóng chấm điểm", own_page=False, tag=TAG,
    explanation="Sau khi đóng, không nhận thêm phiếu và điểm được mở để hội đồng thảo luận.",
    template=OUTCOMES[StepKind.COUNCIL_SESSION].template, context=OUTCOMES[StepKind.COUNCIL_SESSION].context,
)  # fmt: skip
SHEET_DRAFT = Act(
    name="sheet.draft", title="Lưu nháp phiếu chấm", path="/items/{item_id}/sheet-draft", ids=ITEM,
    access=of(Role.COUNCIL_MEMBER), form=SheetDraftForm, run=_save_sheet, prefill=_draft_now, back=item_page,
    button="Lưu nháp", own_page=False, tag=TAG,
    explanation="Giữ phần đã chấm, chưa nộp. Chỉ thành viên ấy xem được.",
    template=OUTCOMES[StepKind.SCORE_SHEET].template, context=OUTCOMES[StepKind.SCORE_SHEET].context,
)  # fmt: skip

ACTS: list[Act] = [RULES, COMPOSITION, CLOSE_SCORING, SHEET_DRAFT]
