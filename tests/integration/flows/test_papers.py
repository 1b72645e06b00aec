"""Papers in the flow: made when their step opens or closes, once, linked on the run; a faulty one holds up nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from docx import Document as WordDocument
from sqlalchemy import select

from deployments.demo.story import DUA_LEO, NEM
from models.settings import settings
from models.tables import Document
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


def faulty_template(path: Path, line: str) -> None:
    """A template of one line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = WordDocument()
    document.add_paragraph(line)
    document.save(str(path))
