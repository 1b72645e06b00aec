"""The picture of the procedures in the docs is the one that the code draws."""

from __future__ import annotations

from deployments.write_diagram import PLACE, page
from flows.diagram import edges_of
from flows.procedure import dossier_procedure, round_procedure


def test_diagram_page_is_what_the_code_draws() -> None:
    assert PLACE.read_text(encoding="utf-8") == page()


def test_dossier_can_end_in_five_ways() -> None:
    ends = {target for _, _, target in edges_of(dossier_procedure) if target.startswith("end:")}

    assert ends == {
        "end:Đã trả hồ sơ",
        "end:UBND xã không đề nghị",
        "end:Bị loại",
        "end:Chưa được công nhận",
        "end:Đã công nhận",
    }


def test_second_scoring_leads_back_to_the_session() -> None:
    assert ("council_session", "chấm lần hai", "council_session") in edges_of(round_procedure)
