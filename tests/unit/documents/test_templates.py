"""The shipped templates: made by the script, laid out as Decree 30/2020 asks, asking only for what there is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Mm

from models.documents.checking import check_template, kind_of_file
from models.documents.kinds import By, all_kinds
from models.documents.templates import SHIPPED
from templates.documents.build.layout import Page
from templates.documents.build.shipped import TEMPLATES, template_file
from tests.docx_reading import W, parts, xml_of

NAMES = [make.__name__ for make in TEMPLATES]


@pytest.mark.parametrize("make", TEMPLATES, ids=NAMES)
def test_shipped_template_is_what_the_script_makes(make: Callable[[], Page]) -> None:
    with zipfile.ZipFile(io.BytesIO(template_file(make))) as built:
        expected = {name: built.read(name) for name in built.namelist()}

    assert parts(SHIPPED / f"{make.__name__}.docx") == expected, "run: python -m templates.documents.build"


def test_every_kind_has_a_template_and_every_template_a_kind() -> None:
    assert sorted({kind.template for kind in all_kinds()}) == sorted(NAMES)
    assert sorted(path.stem for path in SHIPPED.glob("*.docx")) == sorted(NAMES)


@pytest.mark.parametrize("kind", [kind.code for kind in all_kinds()])
def test_template_uses_only_fields_that_exist(kind: str) -> None:
    template = next(k.template for k in all_kinds() if k.code == kind)

    assert check_template(SHIPPED / f"{template}.docx", kind) == []


def test_file_name_says_the_kind() -> None:
    assert kind_of_file(Path("decision.docx")) == "decision"
    assert kind_of_file(Path("decision__2024-1.docx")) == "decision"


@pytest.mark.parametrize("name", NAMES)
def test_page_is_a4_with_the_margins_of_the_decree(name: str) -> None:
    for section in Document(str(SHIPPED / f"{name}.docx")).sections:
        sides = (section.page_width, section.page_height)
        assert sorted(round((side or 0) / Mm(1)) for side in sides) == [210, 297]
        if name != "certificate":  # a certificate is no administrative paper: its frame sets its margins
            assert [round((m or 0) / Mm(1)) for m in (section.top_margin, section.bottom_margin)] == [20, 20]
            assert [round((m or 0) / Mm(1)) for m in (section.left_margin, section.right_margin)] == [30, 20]


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_set_in_times_new_roman(name: str) -> None:
    content = (SHIPPED / f"{name}.docx").read_bytes()

    normal = next(s for s in xml_of(content, "word/styles.xml").iter(f"{W}style") if s.get(f"{W}styleId") == "Normal")
    fonts = normal.find(f"{W}rPr/{W}rFonts")
    assert fonts is not None
    assert {fonts.get(f"{W}{part}") for part in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    others = {f.get(f"{W}ascii") for f in xml_of(content).iter(f"{W}rFonts")}
    assert others == ({"DejaVu Sans"} if name == "certificate" else set())  # the stars


@pytest.mark.parametrize("name", NAMES)
def test_page_number_stands_in_the_top_margin_from_the_second_page(name: str) -> None:
    for section in Document(str(SHIPPED / f"{name}.docx")).sections:
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert 'w:jc w:val="center"' in section.header._element.xml
        assert "PAGE" not in section.first_page_header._element.xml


@pytest.mark.parametrize("name", sorted({k.template for k in all_kinds() if k.by is not By.NOBODY} - {"certificate"}))
def test_head_has_state_and_motto_in_the_sizes_of_the_decree(name: str) -> None:
    document = Document(str(SHIPPED / f"{name}.docx"))
    right = document.tables[0].rows[0].cells[1].paragraphs

    state, motto = right[0].runs[0], right[1].runs[0]
    assert (state.text, state.bold, state.font.size.pt) == ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True, 12)
    assert (motto.text, motto.bold, motto.underline, motto.font.size.pt) == (
        "Độc lập - Tự do - Hạnh phúc",
        True,
        True,
        13,
    )


@pytest.mark.parametrize("name", sorted({k.template for k in all_kinds() if k.recipients}))
def test_recipients_and_end_sign_are_those_of_the_decree(name: str) -> None:
    content = (SHIPPED / f"{name}.docx").read_bytes()
    document = Document(io.BytesIO(content))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    label = next(p for cell in cells for p in cell.paragraphs if p.text == "Nơi nhận:")

    run = label.runs[0]
    assert (run.bold, run.italic, run.font.size.pt) == (True, True, 12)
    assert [p.text for p in document.paragraphs if p.text.endswith("./.")]
