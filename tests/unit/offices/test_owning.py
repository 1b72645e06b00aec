"""Which coordination office looks after a product, and which authority decides on its certificate."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import SYSTEM
from models.certificates.findings import record_finding
from models.certificates.revoking import dismiss, revoke
from models.enums import Level, OfficeKind
from models.errors import FinalError, NotAllowedError
from models.offices.migration import migrate
from models.offices.owning import office_of
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name
from models.tables import Office, WorkItem
from tests.factories import CAKE, at, coordinator, coordinator_elsewhere
from tests.scenarios.test_certificate_life import old_one


def test_office_of_the_district_and_after_it_ended_of_the_province(session: Session) -> None:
    product = product_by_name(session, CAKE)
    other = Office(code="vpdp-0", name="VPĐP huyện khác", kind=OfficeKind.COORDINATION, level=Level.DISTRICT)
    session.add(other)
    session.flush()
    before = office_of(session, product).code

    migrate(session, date(2025, 7, 1), SYSTEM, at("2025-07-01"))

    assert (before, office_of(session, product).code) == ("vpdp", "vpdp-tinh")


def test_no_coordination_office_is_loud(session: Session) -> None:
    for office in session.scalars(select(Office).where(Office.kind == OfficeKind.COORDINATION)):
        office.kind = OfficeKind.CONSULTANT
    session.flush()

    with pytest.raises(FinalError, match="Chưa khai báo văn phòng điều phối"):
        office_of(session, product_by_name(session, CAKE))


def test_coordinator_of_another_office_records_and_decides_nothing_about_ours(session: Session) -> None:
    certificate, elsewhere = old_one(session, "2024-09-20"), coordinator_elsewhere(session)
    certificate.level = Level.PROVINCE
    day, now = date(2025, 6, 20), at("2025-06-20")

    with pytest.raises(NotAllowedError, match="được ghi phát hiện về sản phẩm này"):
        record_finding(session, certificate.code, "Nhãn sai", "Nhãn sai.", day, elsewhere, now)
    record_finding(session, certificate.code, "Nhãn sai", "Nhãn sai.", day, coordinator(session), now)
    with pytest.raises(NotAllowedError, match="được ghi quyết định về giấy chứng nhận này"):
        revoke(session, certificate.code, "9/QĐ-UBND", day, "Nguyễn A", elsewhere, now)
    with pytest.raises(NotAllowedError, match="được ghi quyết định về giấy chứng nhận này"):
        dismiss(session, certificate.code, "Không có căn cứ", elsewhere, now)

    assert dismiss(session, certificate.code, "Không có căn cứ", coordinator(session), now).closed_on == day


@pytest.mark.parametrize(
    ("level", "found_on", "authority"),
    [
        (Level.DISTRICT, "2025-06-20", "ubnd-huyen"),
        (Level.DISTRICT, "2025-07-10", "ubnd-tinh"),
        (Level.PROVINCE, "2025-06-20", "ubnd-tinh"),
        (Level.MINISTRY, "2025-06-20", "ubnd-tinh"),
    ],
)
def test_finding_goes_to_the_authority_that_issued_or_the_highest_there_is(
    session: Session, level: Level, found_on: str, authority: str
) -> None:
    certificate = old_one(session, "2024-09-20")
    certificate.level = level
    day = date.fromisoformat(found_on)

    record_finding(session, certificate.code, "Nhãn sai", "Nhãn sai.", day, coordinator(session), at(found_on))

    item = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.REVOCATION_DECISION)).one()
    assert session.get_one(Office, item.office_id).code == authority
    assert (item.due_on - day).days == 15
