"""Papers in the flow: made when their step opens or closes, once, linked on the run; a faulty one holds up nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from docx import Document as WordDocument
from sqlalchemy import select

from deployments.demo.story import DUA_LEO, NEM
from models.actors import actor
from models.documents.issuing import issued_content
from models.dossiers.handing_in import withdraw
from models.enums import Role
from models.process.kinds import StepKind
from models.settings import settings
from models.steps.correcting import correct
from models.subjects import attempt_subject, item_key
from models.tables import Document
from models.work_items.closing import find_item
from tasks.prefect_client import WakeResult, wake
from tests.docx_reading import text
from tests.integration.flows.conftest import ROUND, Installation

pytestmark = pytest.mark.slow

CONSULTANT, SUPPLEMENT = "Chờ tư vấn hoàn thiện", "Chờ chủ thể bổ sung"


def links(office: Installation, name: str) -> list[str]:
    """The papers linked on the page of a run, as their descriptions say."""
    query = {"artifacts": {"flow_run_id": {"any_": [office.runs()[name]["id"]]}}, "sort": "ID_DESC", "limit": 50}
    found: list[dict[str, Any]] = office._ask("/artifacts/filter", query)
    return sorted(one["description"] for one in found if (one["key"] or "").startswith("giay-to"))


def shown(office: Installation, name: str) -> list[str]:
    """The papers on the page of a run, as it shows them."""
    query = {"artifacts": {"flow_run_id": {"any_": [office.runs()[name]["id"]]}}, "sort": "ID_DESC", "limit": 50}
    found: list[dict[str, Any]] = office._ask("/artifacts/filter", query)
    return sorted(one["data"] for one in found if (one["key"] or "").startswith("giay-to"))


def papers(office: Installation, product: str) -> dict[str, tuple[int, str | None]]:
    """The papers of a product's latest attempt: version and number."""
    with office.runner.transaction() as session:
        attempt = office.people._dossier(session, product).latest
        rows = session.scalars(select(Document).where(Document.attempt_id == attempt.id)).all()
        return {row.kind: (row.version, row.number) for row in rows}


def handed_in(office: Installation, product: str, commune: str) -> str:
    """A dossier that waits for its commune; gives the name of its run."""
    office.people.hands_in(product, ROUND)
    name = f"{product} · {commune} · lần 1"
    office.wait_until(name, "Chờ văn phòng kiểm tra hồ sơ")
    office.people.accepts(product)
    office.wait_until(name, "Chờ UBND xã đánh giá")
    return name


def test_papers_are_made_at_their_steps_linked_and_kept(office: Installation) -> None:
    name = handed_in(office, NEM, "Xuân Giang")
    assert papers(office, NEM) == {}

    office.people.reports(NEM, "21/BC-UBND")
    office.wait_until(name, CONSULTANT)
    office.people.visits(NEM, requests=["Hoàn thiện nhãn"])
    office.wait_until(name, SUPPLEMENT)

    assert papers(office, NEM) == {"commune_report": (1, "21/BC-UBND"), "supplement_request": (1, None)}
    assert links(office, name) == ["Báo cáo đánh giá cấp xã (mẫu 03) số 21/BC-UBND", "Yêu cầu bổ sung hồ sơ (dự thảo)"]
    with office.runner.transaction() as session:
        row = session.scalars(select(Document).where(Document.kind == "commune_report")).one()
    path = (settings().home / row.file).absolute()
    assert shown(office, name)[0] == f"Báo cáo đánh giá cấp xã (mẫu 03) số 21/BC-UBND: `{path}`"
    assert "Số: 21/BC-UBND" in text((settings().home / row.file).read_bytes())


def test_run_woken_for_nothing_makes_no_paper_again(office: Installation) -> None:
    name = f"{NEM} · Xuân Giang · lần 1"
    before = links(office, name)
    times = office.states(name).count(SUPPLEMENT)

    assert wake(UUID(office.runs()[name]["id"])) is WakeResult.RESUMED
    office.runner.wait_for("waits again", lambda: 1 if office.states(name).count(SUPPLEMENT) == times + 1 else None)

    assert links(office, name) == before


def test_faulty_template_of_the_office_holds_up_nobody_and_is_made_good(office: Installation) -> None:
    name = handed_in(office, DUA_LEO, "Trường Xuân")
    own = settings().home / "templates" / "documents" / "supplement_request.docx"
    faulty_template(own, "{{ khong_co_muc_nay }}")
    office.people.reports(DUA_LEO, "11/BC-UBND")
    office.wait_until(name, CONSULTANT)
    office.people.visits(DUA_LEO, requests=["Phiếu kiểm nghiệm mới"])

    office.wait_until(name, SUPPLEMENT)
    assert "supplement_request" not in papers(office, DUA_LEO)

    faulty_template(own, "Bổ sung: {{ requests[0] }}")
    wake(UUID(office.runs()[name]["id"]))
    office.runner.wait_for("the paper", lambda: 1 if "supplement_request" in papers(office, DUA_LEO) else None)
    own.unlink()


def test_correction_makes_another_version_of_what_was_issued_though_nothing_opens_again(office: Installation) -> None:
    name = f"{DUA_LEO} · Trường Xuân · lần 1"
    issued = (1, "11/BC-UBND")
    assert papers(office, DUA_LEO)["commune_report"] == issued

    correct_report(office, DUA_LEO, "77/BC-UBND")

    office.runner.wait_for("version 2", lambda: 1 if papers(office, DUA_LEO)["commune_report"][0] == 2 else None)
    with office.runner.transaction() as session:
        attempt = office.people._dossier(session, DUA_LEO).latest
        query = select(Document).where(Document.attempt_id == attempt.id, Document.kind == "commune_report")
        old, new = session.scalars(query.order_by(Document.version)).all()
    assert (old.number, new.number) == ("11/BC-UBND", "77/BC-UBND")
    assert "Số: 11/BC-UBND" in text(issued_content(old, settings().home))
    assert "Số: 77/BC-UBND" in text(issued_content(new, settings().home))
    wanted = "Báo cáo đánh giá cấp xã (mẫu 03) số 77/BC-UBND, bản 2"
    office.runner.wait_for("link", lambda: 1 if wanted in links(office, name) else None)
    office.wait_until(name, SUPPLEMENT)


def test_correction_after_the_end_of_the_run_makes_another_version_too(office: Installation) -> None:
    name = f"{DUA_LEO} · Trường Xuân · lần 1"
    withdrawn(office, DUA_LEO)
    office.wait_until(name, "Đã rút hồ sơ")

    correct_report(office, DUA_LEO, "78/BC-UBND")

    office.runner.wait_for("version 3", lambda: 1 if papers(office, DUA_LEO)["commune_report"][0] == 3 else None)
    assert papers(office, DUA_LEO)["commune_report"] == (3, "78/BC-UBND")
    assert office.state(name) == "Đã rút hồ sơ"


def correct_report(office: Installation, product: str, number: str) -> None:
    """The coordinator corrects the number of the commune's report."""
    with office.runner.transaction() as session:
        latest = office.people._dossier(session, product).latest
        item = find_item(session, item_key(attempt_subject(latest.id), StepKind.COMMUNE_ASSESSMENT, 1))
        assert item is not None
        clock = office.runner.clock
        who = actor(session, "dieu-phoi", Role.COORDINATOR, clock.today())
        correct(session, item.id, {"report_number": number}, "Ghi nhầm số", who, clock.now())


def withdrawn(office: Installation, product: str) -> None:
    """The office ends the dossier."""
    with office.runner.transaction() as session:
        code, clock = office.people._dossier(session, product).code, office.runner.clock
        withdraw(
            session, code, "Chủ thể xin rút", actor(session, "dieu-phoi", Role.COORDINATOR, clock.today()), clock.now()
        )


def faulty_template(path: Path, line: str) -> None:
    """A template of one line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = WordDocument()
    document.add_paragraph(line)
    document.save(str(path))
