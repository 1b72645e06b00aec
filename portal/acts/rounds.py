"""What people do with a round."""

from __future__ import annotations

from models.enums import Role
from models.rounds.listing import round_detail
from models.rounds.opening import open_round
from models.rounds.seeing import visible_round
from portal.access import of
from portal.acts.base import Act, Done, Ids, NoFacts
from portal.desk import Desk


def round_page(ids: Ids) -> str:
    """The page of the round."""
    return f"/rounds/{ids['code']}"


def _check(desk: Desk, ids: Ids) -> None:
    visible_round(desk.session, desk.capacities, ids["code"])


def _open(desk: Desk, ids: Ids, _form: NoFacts) -> Done:
    round_ = open_round(desk.session, ids["code"], desk.acting(Role.COORDINATOR), desk.now)
    return Done(f"Đã mở {round_.title}.", round_page(ids), round_detail(desk.session, round_.code))


OPEN = Act(
    name="round.open", title="Mở đợt", path="/rounds/{code}/opening", ids={"code": str}, access=of(Role.COORDINATOR),
    form=NoFacts, run=_open, check=_check, back=round_page, button="Mở đợt", tag="Đợt",
    explanation="Từ lúc mở, các chủ thể nộp hồ sơ được và các việc đầu tiên của đợt được giao.",
)  # fmt: skip

ACTS: list[Act] = [OPEN]
