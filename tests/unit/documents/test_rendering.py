"""What people write is data: markup, template signs, control characters, very long names, many products."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy.orm import Session

from models.documents.kinds import kind_named
from models.documents.rendering import render
from models.documents.templates import SHIPPED, template_of
from models.errors import FinalError
from tests.docx_reading import lines, opened_docx, tables, text
from tests.factories import concluded
from tests.unit.documents.conftest import NOWHERE, Put

AWKWARD = [
    "Bánh gai A & B",
    "Bánh <b>gai</b> <A & B>",
    "Bánh {{ 7 * 7 }} {% for x in y %} {# gai #}",
    "Bánh {_{ gai }_} \\ %",
    "\"Bánh\" 'gai' ‘ngon’ …",
    "Bánh " + "gai " * 73 + "!!!",
    "Bánh 🍃 gai",
]


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("kind", ["decision", "council_minutes", "result_notice_producer"])
def test_name_with_any_signs_stands_on_paper_as_it_is(session: Session, put: Put, kind: str, name: str) -> None:
    meeting = concluded(session, 45 if kind == "result_notice_producer" else 66)
    attempt = meeting.products[0].attempt
    attempt.dossier.product.name = name
    attempt.status = attempt.status.NOT_RECOGNISED
    subject = {"decision": meeting.round, "council_minutes": meeting}.get(kind, attempt)

    content = put(kind, subject)

    opened_docx(content)
    assert " ".join(name.split()) in text(content)


def test_control_characters_and_broken_letters_are_left_out(session: Session, put: Put) -> None:
    meeting = concluded(session, 66)
    meeting.products[0].attempt.dossier.product.name = "Bánh\x00\x07\x0b\x1f\ufffe gai\ud800\r\nngon"
    with session.no_autoflush:
        content = render_now(session, meeting.round)

    assert "Bánh gai ngon" in text(content)


def render_now(session: Session, round_: Any) -> bytes:
    """The decision without writing the row (no database takes such letters)."""
    from models.documents.building import build
    from models.documents.framing import Making
    from tests.unit.documents.conftest import TODAY

    kind = kind_named("decision")
    paper = build(Making(session, TODAY), kind, round_)
    assert paper is not None
    return render(template_of(kind, NOWHERE), paper)


def test_line_breaks_of_users_stay_line_breaks(session: Session, say: Callable[..., Any]) -> None:
    paper = replace(say("council_minutes", concluded(session, 66)), discussion="Dòng một\nDòng hai")

    content = render(SHIPPED / "council_minutes.docx", paper)

    assert "Thảo luận chung: Dòng một Dòng hai" in lines(content)


def test_annex_of_forty_products_is_whole(session: Session, say: Callable[..., Any]) -> None:
    paper = say("decision", concluded(session, 66).round)
    rows = [replace(paper.rows[0], no=no, product=f"Sản phẩm {no}") for no in range(1, 41)]

    (annex,) = tables(render(SHIPPED / "decision.docx", replace(paper, rows=rows)))

    assert [row[1] for row in annex[1:]] == [f"Sản phẩm {no}" for no in range(1, 41)]


def test_missing_optional_fields_leave_no_trace_of_the_template(session: Session, say: Callable[..., Any]) -> None:
    paper = say("decision", concluded(session, 66).round)
    bare = replace(paper, superior="", bases=[], recipients=[], signature=replace(paper.signature, before=[], name=""))

    said = text(render(SHIPPED / "decision.docx", bare))

    assert "None" not in said
    assert "{" not in said


def test_same_paper_gives_the_same_bytes(session: Session, put: Put) -> None:
    round_ = concluded(session, 66).round

    assert put("decision", round_) == put("decision", round_)


def own_template(path: Path, line: str) -> Path:
    document = Document()
    document.add_paragraph(line)
    document.save(str(path))
    return path


def test_template_of_the_office_with_a_wrong_field_is_named_in_words(
    session: Session, say: Callable[..., Any], tmp_path: Path
) -> None:
    paper = say("decision", concluded(session, 66).round)

    with pytest.raises(FinalError, match=r"Mẫu decision\.docx dùng mục không có \('so_quyet_dinh' is undefined\)"):
        render(own_template(tmp_path / "decision.docx", "{{ so_quyet_dinh }}"), paper)


def test_template_cannot_leave_the_sandbox(session: Session, say: Callable[..., Any], tmp_path: Path) -> None:
    paper = say("decision", concluded(session, 66).round)

    with pytest.raises(FinalError, match="không được phép"):
        render(own_template(tmp_path / "decision.docx", "{{ count.__class__.__mro__ }}"), paper)


def test_endless_loop_of_a_template_is_told_as_its_fault(
    session: Session, say: Callable[..., Any], tmp_path: Path
) -> None:
    paper = say("decision", concluded(session, 66).round)

    with pytest.raises(FinalError, match="dùng mục không có"):
        render(own_template(tmp_path / "decision.docx", "{% for a in range(10**9) %}x{% endfor %}"), paper)


def test_template_that_is_no_word_file_is_named(session: Session, say: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "decision.docx"
    file.write_bytes(b"PK no zip")

    with pytest.raises(FinalError, match="không đọc được như tệp Word"):
        render(file, say("decision", concluded(session, 66).round))


def test_certificate_of_a_long_name_prints_it_smaller(session: Session, say: Callable[..., Any]) -> None:
    from sqlalchemy import select

    from models.tables import Certificate
    from tests.factories import decided

    attempt = decided(session, 66)
    paper = say("certificate", session.scalars(select(Certificate).where(Certificate.attempt_id == attempt.id)).one())

    sizes = {}
    for name in ("Bánh", "Bánh gai " * 8, "Bánh gai " * 33):
        document = Document(io.BytesIO(render(SHIPPED / "certificate.docx", replace(paper, product=name))))
        line = next(p for p in document.paragraphs if p.text.startswith("Sản phẩm:"))
        size = line.runs[0].font.size
        assert size is not None
        sizes[len(name)] = size.pt

    assert list(sizes.values()) == [24, 18, 12]
