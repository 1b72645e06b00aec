"""A product being registered: who may do it, what it may start as, what is filled in from what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor, Held
from models.certificates.register import in_force
from models.dossiers.attempts import takes_dossiers
from models.dossiers.candidacy import MOST_STARS, check_renewal_moment
from models.dossiers.evidence import still_good
from models.dossiers.handing_in import check_may_hand_in, refused_kinds
from models.drafts import DraftKey, load_draft, registration_key
from models.enums import AttemptStatus, Role, RoundStatus
from models.errors import NotAllowedError, NotFoundError, WrongMomentError
from models.offices.owning import office_of
from models.regimes import Regime, regime_for
from models.regimes.evidence_kinds import EvidenceKind
from models.regimes.kinds import DossierKind
from models.rounds.queries import round_by_code
from models.tables import Certificate, Dossier, DossierAttempt, Draft, Evidence, PlannedProduct, Product, Round

AGAIN = "again:"


@dataclass(frozen=True)
class Start:
    """One way in which a product may be registered now; `again`: the code of the dossier that is handed in again."""

    kind: DossierKind
    stars: int
    again: str | None = None

    @property
    def value(self) -> str:
        """The start as forms name it: `first`, `again:2024-007`."""
        return f"{AGAIN}{self.again}" if self.again else self.kind.value

    @property
    def label(self) -> str:
        """The start in words."""
        return f"Nộp lại hồ sơ {self.again} ({self.kind.label.lower()})" if self.again else self.kind.label


@dataclass(frozen=True)
class Registration:
    """One product in one round, as one person (the producer's, or who helps it) fills it in."""

    product: Product
    round: Round
    who: Actor
    key: DraftKey
    draft: Draft | None

    @property
    def data(self) -> dict[str, Any]:
        """What is filled in so far."""
        return self.draft.data if self.draft is not None else {}

    @property
    def version(self) -> int:
        """The version of the draft; 0 when nothing is filled in."""
        return self.draft.version if self.draft is not None else 0


def registration_of(session: Session, held: Iterable[Held], round_code: str, product_id: int) -> Registration:
    """The registration of a product in a round by somebody in these capacities.

    Raises:
        NotFoundError: no such product or round, or not for this person; which of the two is not told.
    """
    product = session.get(Product, product_id)
    round_ = round_by_code(session, round_code)
    if product is None:
        raise _unknown(product_id)
    try:
        who = who_hands_in(session, product, held, round_.plan.office_id)
    except NotAllowedError as error:
        raise _unknown(product_id) from error
    key = registration_key(who, str(product.id), round_)
    return Registration(product, round_, who, key, load_draft(session, key))


def who_hands_in(session: Session, product: Product, held: Iterable[Held], office_id: int) -> Actor:
    """The capacity in which a person may hand in the product's dossiers to this office.

    Raises:
        NotAllowedError: none of them.
    """
    nobody = Actor(None, Role.SYSTEM)
    for one in held:
        if one.delegation is not None and one.delegation.kinds:
            continue  # to stand in for some kinds of work only is not to hand in
        try:
            check_may_hand_in(session, product, one.actor, office_id)
        except NotAllowedError:
            continue
        return one.actor
    check_may_hand_in(session, product, nobody, office_id)
    raise AssertionError("unreachable")


def starts_open(session: Session, product: Product, round_: Round, on: date) -> list[Start]:
    """How the product may be registered on that day, the likeliest way first.

    Nothing while the round takes none, or while a dossier of the product is under way.
    """
    if not takes_dossiers(round_, on) or under_way(session, product) is not None:
        return []
    old = latest_dossier(session, product)
    again = [Start(old.kind, old.target_stars, old.code)] if old and old.latest.status.may_be_handed_in_again else []
    certificate = in_force(session, product, on)
    if certificate is None:
        return [*again, Start(DossierKind.FIRST, planned_stars(session, round_, product) or 3)]
    return again + _on_certificate(session, certificate, on)


def open_rounds(session: Session, product: Product, on: date) -> list[Round]:
    """The rounds of the product's own office that take dossiers on that day."""
    office = office_of(session, product).id
    rounds = session.scalars(select(Round).where(Round.status == RoundStatus.OPEN).order_by(Round.id))
    return [round_ for round_ in rounds if round_.plan.office_id == office and takes_dossiers(round_, on)]


def latest_dossier(session: Session, product: Product) -> Dossier | None:
    """The product's latest dossier."""
    query = select(Dossier).where(Dossier.product_id == product.id).order_by(Dossier.id.desc())
    return session.scalar(query.limit(1))


def under_way(session: Session, product: Product) -> str | None:
    """The code of the product's dossier that is being dealt with, if there is one."""
    query = select(Dossier.code).join(DossierAttempt).where(Dossier.product_id == product.id)
    return session.scalar(query.where(DossierAttempt.status == AttemptStatus.IN_PROGRESS))


def planned_stars(session: Session, round_: Round, product: Product) -> int | None:
    """The stars that the plan aims at."""
    query = select(PlannedProduct.target_stars)
    return session.scalar(query.where(PlannedProduct.round_id == round_.id, PlannedProduct.product_id == product.id))


def before(session: Session, registration: Registration, on: date) -> DossierAttempt | None:
    """The attempt that this registration builds on: the one handed in again, or that which earned the certificate."""
    code = registration.data.get("dossier")
    if code:
        dossier = session.scalar(select(Dossier).where(Dossier.code == code))
        own = dossier is not None and dossier.product_id == registration.product.id
        return dossier.latest if own and dossier is not None else None
    if registration.data.get("kind") in {DossierKind.UPGRADE.value, DossierKind.RENEWAL.value}:
        certificate = in_force(session, registration.product, on)
        return session.get(DossierAttempt, certificate.attempt_id) if certificate and certificate.attempt_id else None
    return None


def carried_papers(session: Session, old: DossierAttempt | None, on: date) -> list[Evidence]:
    """The papers of the attempt before that will be taken over."""
    return still_good(old, on, refused_kinds(session, old)) if old is not None else []


def to_replace(session: Session, old: DossierAttempt | None) -> list[EvidenceKind]:
    """The kinds of papers for which the attempt before was returned."""
    return sorted(refused_kinds(session, old), key=list(EvidenceKind).index) if old is not None else []


def rules_of(registration: Registration, on: date) -> Regime:
    """The rules by which the registration would be judged if it were handed in on that day."""
    return regime_for(on, DossierKind(registration.data.get("kind") or DossierKind.FIRST))


def known_facts(product: Product) -> dict[str, Mapping[str, Any]]:
    """What the office knows of producer and product, to begin forms 01 and 02 with."""
    maker = product.producer
    registration = {
        "unit": maker.name,
        "representative": maker.representative,
        "post": maker.representative_post,
        "address": maker.address,
        "phone": maker.phone,
        "email": maker.email,
        "product_name": product.name,
    }
    about = {
        "organisation_form": maker.form.value,
        "registration_number": maker.registration_number,
        "registered_on": maker.registered_on.isoformat() if maker.registered_on else None,
        "representative": maker.representative,
        "representative_sex": maker.representative_sex,
        "representative_ethnic_group": maker.representative_ethnic_group,
        "address": maker.address,
    }
    return {"registration": _filled(registration), "self_assessment": _filled(about)}


def _on_certificate(session: Session, certificate: Certificate, on: date) -> list[Start]:
    found = []
    try:
        check_renewal_moment(session, certificate, on)
        found.append(Start(DossierKind.RENEWAL, certificate.stars))
    except WrongMomentError:
        pass
    if certificate.stars < MOST_STARS:
        found.append(Start(DossierKind.UPGRADE, certificate.stars + 1))
    return found


def _filled(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}


def _unknown(product_id: int) -> NotFoundError:
    return NotFoundError(
        f"Không có sản phẩm số {product_id} mà anh/chị được đăng ký.",
        field="product_id",
        remedy="Chọn từ danh sách sản phẩm của mình.",
    )
