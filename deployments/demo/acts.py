"""The scripted people of the demo. Each act is one transaction through the calls that portal and commands use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from random import Random
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from deployments.demo.papers import papers
from deployments.demo.sheets import sheet
from models.actors import Actor, actor
from models.clock import Clock
from models.criteria import load_set
from models.dossiers.attempts import dossier_by_code
from models.dossiers.handing_in import resubmit, submit
from models.enums import CommuneTopic, ItemStatus, OfficeKind, Role
from models.errors import OcopError
from models.process.kinds import StepKind
from models.rounds.opening import open_round
from models.rounds.queries import product_by_name, round_by_code
from models.subjects import attempt_subject, item_key, round_subject
from models.tables import Capacity, Certificate, Dossier, Office, Person, SessionProduct, WorkItem
from models.work_items import complete, extend


class Stage(Protocol):
    """What the people stand on: a clock, transactions, and a way to wait until the engine has opened an item."""

    rng: Random

    @property
    def clock(self) -> Clock:
        """The simulated day."""

    def transaction(self) -> Any:
        """A transaction on the domain database."""

    def wait_for(self, what: str, found: Callable[[], int | None]) -> int:
        """Wait until `found` gives an id."""


class People:
    """Everybody of the story, by what they do."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @contextmanager
    def _acting(self, code: str, role: Role) -> Iterator[tuple[Session, Actor]]:
        with self.stage.transaction() as session:
            yield session, actor(session, code, role, self.stage.clock.today())

    # The coordination office

    def opens_round(self, code: str) -> None:
        """The coordinator opens a round."""
        with self._acting("dieu-phoi", Role.COORDINATOR) as (session, who):
            open_round(session, code, who, self.stage.clock.now())

    def announces(self, code: str, number: str, communes: Sequence[str]) -> None:
        """Outreach: the notice goes out; communes report what they did."""
        day = self.stage.clock.today().isoformat()
        self._round_step(
            code,
            StepKind.OUTREACH,
            ("dieu-phoi", Role.COORDINATOR),
            {
                "outcome": "announced",
                "notice_number": number,
                "notice_date": day,
                "activities": [
                    {"on": day, "place": f"Nhà văn hóa {c}", "what": "Tuyên truyền chu trình OCOP", "people": 60}
                    for c in communes
                ],
            },
        )

    def closes_list(self, code: str) -> None:
        """The list of the round is closed."""
        self._round_step(
            code, StepKind.REGISTRATION_WINDOW, ("dieu-phoi", Role.COORDINATOR), {"outcome": "closed", "note": ""}
        )

    def accepts(self, product: str) -> None:
        """The dossier is complete."""
        self._step(product, StepKind.REGISTRATION_CHECK, ("dieu-phoi", Role.COORDINATOR), {"outcome": "accepted"})

    def returns(self, product: str, missing: Sequence[str]) -> None:
        """The dossier goes back with the list of what is missing."""
        self._step(
            product,
            StepKind.REGISTRATION_CHECK,
            ("dieu-phoi", Role.COORDINATOR),
            {"outcome": "returned", "missing": list(missing), "note": "Bổ sung đủ giấy tờ rồi nộp lại trong đợt."},
        )

    def extends(self, product: str, kind: StepKind, days: int, reason: str) -> None:
        """The coordinator gives more days, with the reason."""
        item = self._open_item(product, kind, 1)
        with self._acting("dieu-phoi", Role.COORDINATOR) as (session, who):
            office = session.scalars(select(Office).where(Office.kind == OfficeKind.COORDINATION)).one()
            extend(session, item, days, reason, who, self.stage.clock.now(), office=office)

    def hears_from_above(self, product: str, stars: int | None, points: str, number: str) -> None:
        """The result of the provincial council is recorded."""
        self._step(
            product,
            StepKind.HIGHER_LEVEL_RESULT,
            ("dieu-phoi", Role.COORDINATOR),
            {
                "outcome": "recognised" if stars else "not_recognised",
                "stars": stars,
                "points": points,
                "decision_number": number,
                "decided_on": self.stage.clock.today().isoformat(),
                "issuer": "UBND tỉnh Thanh Hóa",
            },
        )

    # Producers

    def hands_in(
        self,
        product: str,
        round_code: str,
        kind: str = "first",
        *,
        without: tuple[str, ...] = (),
        expiring: dict[str, str] | None = None,
    ) -> None:
        """The producer hands in a dossier."""
        with self.stage.transaction() as session:
            who = self._producer(session, product)
            data = {
                "round": round_code,
                "product": product,
                "kind": kind,
                "evidence": papers(without=without, expiring=expiring),
            }
            submit(session, data, who, self.stage.clock.now())

    def hands_in_again(self, product: str, round_code: str, kinds: tuple[str, ...] = ()) -> None:
        """The producer hands in again, with the papers that were missing."""
        new = [paper for paper in papers() if paper["kind"] in kinds]
        with self.stage.transaction() as session:
            who = self._producer(session, product)
            code = self._dossier(session, product).code
            resubmit(session, code, {"round": round_code, "evidence": new}, who, self.stage.clock.now())

    def supplements(self, product: str, turn: int, kinds: tuple[str, ...] = ()) -> None:
        """The producer answers the consultant's requests."""
        new = [paper for paper in papers() if paper["kind"] in kinds]
        item = self._open_item(product, StepKind.SUPPLEMENT, turn)
        with self.stage.transaction() as session:
            who = self._producer(session, product)
            data = {"outcome": "supplemented", "evidence": new, "note": "Đã bổ sung theo yêu cầu."}
            complete(session, item, data, who, self.stage.clock.now())

    # Communes, consultant, technical office

    def reports(self, product: str, number: str) -> None:
        """The commune reports on the four topics."""
        with self.stage.transaction() as session:
            place = product_by_name(session, product).place
            commune = session.scalars(
                select(Office).where(Office.kind == OfficeKind.COMMUNE, Office.place_id == place.id)
            ).one()
            officer = _officer(session, commune)
        finding = {"described": "Như hồ sơ chủ thể", "found": "Đúng thực tế tại địa phương", "agrees": True}
        self._step(
            product,
            StepKind.COMMUNE_ASSESSMENT,
            (officer, Role.COMMUNE_OFFICER),
            {
                "outcome": "proposed",
                "report_number": number,
                "signed_on": self.stage.clock.today().isoformat(),
                "signer": f"Chủ tịch {commune.name}",
                "findings": {topic.value: finding for topic in CommuneTopic},
            },
        )

    def visits(self, product: str, turn: int = 1, requests: Sequence[str] = ()) -> None:
        """The consultant visits: ready, or with requests."""
        self._step(product, StepKind.CONSULTING, ("tu-van-1", Role.CONSULTANT), self._visit(requests), turn)

    def tries_ready(self, product: str) -> str:
        """The consultant declares ready what is not; gives the refusal of the domain."""
        try:
            self.visits(product)
        except OcopError as refusal:
            return str(refusal)
        raise AssertionError("the domain accepted a dossier with an expiring paper")

    def _visit(self, requests: Sequence[str]) -> dict[str, Any]:
        return {
            "outcome": "not_ready" if requests else "ready",
            "visited_on": self.stage.clock.today().isoformat(),
            "findings": "Đã đối chiếu bộ tiêu chí và điều kiện từng hạng sao tại cơ sở.",
            "requests": list(requests),
        }

    def inspects(self, product: str, passed: bool, findings: str) -> None:
        """The technical office inspects after recognition."""
        self._step(
            product,
            StepKind.INSPECTION,
            ("kiem-tra", Role.TECHNICAL_OFFICER),
            {
                "outcome": "passed" if passed else "failed",
                "inspected_on": self.stage.clock.today().isoformat(),
                "findings": findings,
                "remedies": [] if passed else ["Khắc phục trong 15 ngày"],
            },
        )

    def mends(self, product: str, findings: str) -> None:
        """The technical office looks again at what an inspection found."""

        def waiting() -> int | None:
            with self.stage.transaction() as session:
                found: int | None = session.scalar(
                    select(WorkItem.id)
                    .join(Certificate, Certificate.id == WorkItem.certificate_id)
                    .where(
                        Certificate.product_id == product_by_name(session, product).id,
                        WorkItem.kind == StepKind.REMEDY_CHECK,
                        WorkItem.status == ItemStatus.OPEN,
                    )
                )
                return found

        item = self.stage.wait_for(f"khắc phục của {product}", waiting)
        form = {"outcome": "mended", "checked_on": self.stage.clock.today().isoformat(), "findings": findings}
        with self._acting("kiem-tra", Role.TECHNICAL_OFFICER) as (session, actor_):
            complete(session, item, form, actor_, self.stage.clock.now())

    # The council

    def convenes(self, code: str, products: Sequence[str], held_on: date) -> None:
        """The secretary calls the meeting."""
        for product in products:
            self._open_item(product, StepKind.COUNCIL_EVALUATION, 1)
        with self.stage.transaction() as session:
            dossiers = [self._dossier(session, product).code for product in products]
        self._round_step(
            code,
            StepKind.COUNCIL_CONVENING,
            ("thu-ky", Role.COUNCIL_SECRETARY),
            {
                "outcome": "called",
                "held_on": held_on.isoformat(),
                "place": "Hội trường UBND huyện Thọ Xuân",
                "dossiers": dossiers,
            },
        )

    def score(
        self,
        product: str,
        totals: Sequence[int],
        *,
        scoring: int = 1,
        gates_up_to: int = 3,
        fixed: Sequence[Mapping[str, int]] = (),
        recused: dict[str, str] | None = None,
    ) -> None:
        """All members hand in their sheets for one product; `fixed` holds single choices, sheet by sheet."""
        recused = recused or {}
        with self.stage.transaction() as session:
            attempt = self._dossier(session, product).latest
            agenda = session.scalars(select(SessionProduct).where(SessionProduct.attempt_id == attempt.id)).one()
            criteria = load_set(attempt.criteria_source, attempt.criteria_set)
            given = iter(enumerate(totals))
            for member in agenda.session.council.members:
                who = actor(session, member.person.code, Role.COUNCIL_MEMBER, self.stage.clock.today())
                item = session.scalar(
                    select(WorkItem.id).where(
                        WorkItem.key == item_key(f"sheet:{agenda.id}", StepKind.SCORE_SHEET, scoring, member.id)
                    )
                )
                if item is None:
                    continue  # recused in the first scoring
                if member.person.code in recused:
                    data: dict[str, Any] = {"outcome": "recused", "reason": recused[member.person.code]}
                else:
                    index, total = next(given)
                    held = fixed[index] if fixed else None
                    choices = sheet(criteria, attempt.case, total, self.stage.rng, gates_up_to=gates_up_to, fixed=held)
                    data = {"outcome": "scored", "choices": choices, "opinion": ""}
                complete(session, item, data, who, self.stage.clock.now())

    def orders_second_scoring(self, code: str) -> None:
        """The spread is too large: the council discusses and scores again."""
        self._round_step(
            code,
            StepKind.COUNCIL_SESSION,
            ("thu-ky", Role.COUNCIL_SECRETARY),
            {"outcome": "second_scoring", "discussion": "Thảo luận các tiêu chí chênh lệch nhiều."},
        )

    def concludes(self, code: str, minutes: str, turn: int = 1, eliminated: dict[str, str] | None = None) -> None:
        """The minutes are closed."""
        with self.stage.transaction() as session:
            out = {self._dossier(session, p).code: [ground] for p, ground in (eliminated or {}).items()}
        self._round_step(
            code,
            StepKind.COUNCIL_SESSION,
            ("thu-ky", Role.COUNCIL_SECRETARY),
            {"outcome": "concluded", "minutes_number": minutes, "eliminations": out},
            turn,
        )

    def signs(self, code: str, number: str, letter: str) -> None:
        """The leader signs; the clerk's number and day are recorded."""
        self._round_step(
            code,
            StepKind.DECISION_SIGNING,
            ("lanh-dao", Role.LEADER),
            {
                "outcome": "signed",
                "decision_number": number,
                "letter_number": letter,
                "signed_on": self.stage.clock.today().isoformat(),
                "signer": "Nguyễn Quang Minh",
            },
        )

    def signs_for(self, product: str, stars: int, number: str) -> None:
        """The leader signs for one product alone."""
        self._step(
            product,
            StepKind.DECISION,
            ("lanh-dao", Role.LEADER),
            {
                "outcome": "recognised",
                "stars": stars,
                "decision_number": number,
                "signed_on": self.stage.clock.today().isoformat(),
                "signer": "Nguyễn Quang Minh",
            },
            2,
        )

    # What they all need

    def _step(self, product: str, kind: StepKind, who: tuple[str, Role], data: dict[str, Any], turn: int = 1) -> None:
        item = self._open_item(product, kind, turn)
        with self._acting(*who) as (session, actor_):
            complete(session, item, data, actor_, self.stage.clock.now())

    def _round_step(
        self, code: str, kind: StepKind, who: tuple[str, Role], data: dict[str, Any], turn: int = 1
    ) -> None:
        with self.stage.transaction() as session:
            key = item_key(round_subject(round_by_code(session, code).id), kind, turn)
        item = self.stage.wait_for(key, lambda: self._open(key))
        with self._acting(*who) as (session, actor_):
            complete(session, item, data, actor_, self.stage.clock.now())

    def _open_item(self, product: str, kind: StepKind, turn: int) -> int:
        with self.stage.transaction() as session:
            key = item_key(attempt_subject(self._dossier(session, product).latest.id), kind, turn)
        return self.stage.wait_for(key, lambda: self._open(key))

    def _open(self, key: str) -> int | None:
        with self.stage.transaction() as session:
            found: int | None = session.scalar(
                select(WorkItem.id).where(WorkItem.key == key, WorkItem.status == ItemStatus.OPEN)
            )
            return found

    def _dossier(self, session: Session, product: str) -> Dossier:
        found = product_by_name(session, product)
        code = session.scalars(
            select(Dossier.code).where(Dossier.product_id == found.id).order_by(Dossier.id.desc()).limit(1)
        ).one()
        return dossier_by_code(session, code)

    def _producer(self, session: Session, product: str) -> Actor:
        producer = product_by_name(session, product).producer
        return actor(session, f"chu-the-{producer.code}", Role.PRODUCER, self.stage.clock.today())


def _officer(session: Session, commune: Office) -> str:
    person = session.scalars(
        select(Person).join(Capacity).where(Capacity.office_id == commune.id, Capacity.role == Role.COMMUNE_OFFICER)
    ).first()
    if person is None:
        raise AssertionError(f"no officer for {commune.name}")
    return person.code
