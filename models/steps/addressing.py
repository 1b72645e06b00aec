"""To whom each step is addressed: the unit that `steps.yaml` names, found for the case at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import OfficeKind
from models.errors import FinalError, InputError, Problem
from models.process import Scope, step_definition
from models.process.kinds import StepKind
from models.tables import Council, DossierAttempt, Office, Place, Round
from models.work_items.opening import Addressee


def addressee_of(session: Session, kind: StepKind, round_: Round, attempt: DossierAttempt | None) -> Addressee:
    """The office, producer or person who has to close the step.

    Raises:
        FinalError: the unit is not set up; nobody would ever see the item.
    """
    return UNITS[step_definition(kind).unit](session, round_, attempt)


def check_units(session: Session, attempt: DossierAttempt) -> None:
    """Refuse at the door what would come to a halt on its way: a unit that has to act but is not set up.

    Raises:
        InputError: all such units.
    """
    _refuse(
        partial(addressee_of, session, kind, attempt.round, attempt)
        for kind in StepKind
        if step_definition(kind).scope is Scope.ATTEMPT
    )


def check_round_units(session: Session, round_: Round) -> None:
    """The same for a round that is about to open: its own steps, and the communes of its planned products.

    Raises:
        InputError: all such units.
    """
    steps = [kind for kind in StepKind if step_definition(kind).scope is Scope.ROUND]
    places = dict.fromkeys(planned.product.place for planned in round_.planned_products)
    _refuse(
        [
            *(partial(addressee_of, session, kind, round_, None) for kind in steps),
            *(partial(commune_office, session, place, round_) for place in places),
        ]
    )


def _refuse(questions: Iterable[Callable[[], object]]) -> None:
    problems: dict[str, Problem] = {}
    for ask in questions:
        try:
            ask()
        except FinalError as error:
            problems.update({problem.problem: problem for problem in error.problems})
    if problems:
        raise InputError.of(problems.values())


def council_of(session: Session, office: Office) -> Council:
    """The council in force of an office: the one of the latest decision.

    Raises:
        FinalError: none is set up.
    """
    council = session.scalar(
        select(Council).where(Council.office_id == office.id).order_by(Council.decided_on.desc()).limit(1)
    )
    if council is None:
        raise _not_set_up("hội đồng đánh giá, phân hạng", office)
    return council


def commune_office(session: Session, place: Place, round_: Round) -> Office:
    """The People's Committee of a commune.

    Raises:
        FinalError: it is not set up.
    """
    office = session.scalar(select(Office).where(Office.kind == OfficeKind.COMMUNE, Office.place_id == place.id))
    if office is None:
        raise _not_set_up(f"UBND {place.title}", round_.plan.office)
    return office


def _coordination(_session: Session, round_: Round, _attempt: DossierAttempt | None) -> Addressee:
    return Addressee(office_id=round_.plan.office_id)


def _commune(session: Session, round_: Round, attempt: DossierAttempt | None) -> Addressee:
    return Addressee(office_id=commune_office(session, _case(attempt).dossier.product.place, round_).id)


def _producer(_session: Session, _round: Round, attempt: DossierAttempt | None) -> Addressee:
    return Addressee(producer_id=_case(attempt).dossier.product.producer_id)


def _office_of_kind(kind: OfficeKind, setting: str) -> Callable[..., Addressee]:
    def find(session: Session, round_: Round, _attempt: DossierAttempt | None) -> Addressee:
        code = round_.plan.office.settings.get(setting)
        query = select(Office).where(Office.kind == kind).order_by(Office.id)
        if code is not None:
            query = query.where(Office.code == code)
        office = session.scalar(query.limit(1))
        if office is None:
            raise _not_set_up(kind.label, round_.plan.office)
        return Addressee(office_id=office.id)

    return find


def _council(session: Session, round_: Round, _attempt: DossierAttempt | None) -> Addressee:
    return Addressee(person_id=council_of(session, round_.plan.office).secretary_id)


def _case(attempt: DossierAttempt | None) -> DossierAttempt:
    if attempt is None:
        raise TypeError("steps.yaml gives this unit to a step that belongs to no attempt")
    return attempt


def _not_set_up(what: str, office: Office) -> FinalError:
    return FinalError(
        f"Chưa khai báo {what} cho {office.name}.",
        field="offices",
        remedy="Bổ sung vào tệp danh mục đơn vị rồi nhập lại: ocop office import.",
    )


UNITS: dict[str, Callable[[Session, Round, DossierAttempt | None], Addressee]] = {
    "coordination": _coordination,
    "commune": _commune,
    "producer": _producer,
    "consultant": _office_of_kind(OfficeKind.CONSULTANT, "consultant"),
    "technical": _office_of_kind(OfficeKind.TECHNICAL, "inspection_office"),
    "authority": _office_of_kind(OfficeKind.AUTHORITY, "authority"),
    "council": _council,
}
