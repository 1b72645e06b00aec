"""To whom each step is addressed: the unit that `steps.yaml` names, found for the case at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Level, OfficeKind
from models.errors import FinalError, InputError, Problem
from models.offices.places import TWO_LEVELS_FROM
from models.process import Scope, step_definition
from models.process.kinds import StepKind
from models.steps.whose import Whose, of_round
from models.subjects import attempt_subject, round_subject
from models.tables import Certificate, Council, DossierAttempt, Office, Place, Product, Revocation, Round
from models.work_items.opening import Addressee


def addressee_of(session: Session, kind: StepKind, case: Whose) -> Addressee:
    """The office, producer or person who has to close the step.

    Raises:
        FinalError: the unit is not set up; nobody would ever see the item.
    """
    return UNITS[step_definition(kind).unit](session, case)


def check_units(session: Session, attempt: DossierAttempt) -> None:
    """Refuse at the door what would come to a halt on its way: a unit that has to act but is not set up.

    Raises:
        InputError: all such units.
    """
    case = of_round(attempt.round, attempt_subject(attempt.id), attempt)
    _refuse(
        partial(addressee_of, session, kind, case) for kind in StepKind if step_definition(kind).scope is Scope.ATTEMPT
    )


def check_round_units(session: Session, round_: Round) -> None:
    """The same for a round that is about to open: its own steps, and the communes of its planned products.

    Raises:
        InputError: all such units.
    """
    steps = [kind for kind in StepKind if step_definition(kind).scope is Scope.ROUND]
    places = dict.fromkeys(planned.product.place for planned in round_.planned_products)
    case = of_round(round_, round_subject(round_.id))
    _refuse(
        [
            *(partial(addressee_of, session, kind, case) for kind in steps),
            *(partial(commune_office, session, place, case.office) for place in places),
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


def commune_office(session: Session, place: Place, asking: Office) -> Office:
    """The People's Committee of a commune.

    Raises:
        FinalError: it is not set up.
    """
    office = session.scalar(select(Office).where(Office.kind == OfficeKind.COMMUNE, Office.place_id == place.id))
    if office is None:
        raise _not_set_up(f"UBND {place.title}", asking)
    return office


def _coordination(_session: Session, case: Whose) -> Addressee:
    return Addressee(office_id=case.office.id)


def _commune(session: Session, case: Whose) -> Addressee:
    return Addressee(office_id=commune_office(session, _product(case).place, case.office).id)


def _producer(_session: Session, case: Whose) -> Addressee:
    return Addressee(producer_id=_product(case).producer_id)


def _office_of_kind(kind: OfficeKind, setting: str) -> Callable[..., Addressee]:
    def find(session: Session, case: Whose) -> Addressee:
        code = case.office.settings.get(setting)
        query = select(Office).where(Office.kind == kind).order_by(Office.id)
        if code is not None:
            query = query.where(Office.code == code)
        office = session.scalar(query.limit(1))
        if office is None:
            raise _not_set_up(kind.label, case.office)
        return Addressee(office_id=office.id)

    return find


def _council(session: Session, case: Whose) -> Addressee:
    return Addressee(person_id=council_of(session, case.office).secretary_id)


def _issuer(session: Session, case: Whose) -> Addressee:
    """The authority at the level that issued the certificate; the highest that is set up where it is none of ours."""
    if case.certificate is None:
        raise TypeError("steps.yaml gives this unit to a step that belongs to no certificate")
    found_on = case.dates.found_on if isinstance(case.dates, Revocation) else case.certificate.issued_on
    wanted = issuing_level(case.certificate, found_on)
    offices = session.scalars(select(Office).where(Office.kind == OfficeKind.AUTHORITY).order_by(Office.id)).all()
    if not offices:
        raise _not_set_up(OfficeKind.AUTHORITY.label, case.office)
    ladder = list(Level)
    office = next((o for o in offices if o.level is wanted), max(offices, key=lambda o: ladder.index(o.level)))
    own = next((o for o in offices if o.level is wanted and o.code == case.office.settings.get("authority")), office)
    return Addressee(office_id=own.id)


def issuing_level(certificate: Certificate, on: date) -> Level:
    """The level that decides on the certificate on a day: its issuer, the province for former districts [ours]."""
    ended = certificate.level is Level.DISTRICT and on >= TWO_LEVELS_FROM
    return Level.PROVINCE if ended else certificate.level


def _product(case: Whose) -> Product:
    if case.product is None:
        raise TypeError("steps.yaml gives this unit to a step that belongs to no product")
    return case.product


def _not_set_up(what: str, office: Office) -> FinalError:
    return FinalError(
        f"Chưa khai báo {what} cho {office.name}.",
        field="offices",
        remedy="Bổ sung vào tệp danh mục đơn vị rồi nhập lại: ocop office import.",
    )


UNITS: dict[str, Callable[[Session, Whose], Addressee]] = {
    "coordination": _coordination,
    "commune": _commune,
    "producer": _producer,
    "consultant": _office_of_kind(OfficeKind.CONSULTANT, "consultant"),
    "technical": _office_of_kind(OfficeKind.TECHNICAL, "inspection_office"),
    "authority": _office_of_kind(OfficeKind.AUTHORITY, "authority"),
    "council": _council,
    "issuer": _issuer,
}
