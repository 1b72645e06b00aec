"""Checking an office's own template: every field that does not exist is named, with what may be meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from models.documents.checking import check_template, kind_of_file
from models.errors import InputError, NotFoundError


def template(folder: Path, *paragraphs: str, header: str = "") -> Path:
    document = Document()
    for line in paragraphs:
        document.add_paragraph(line)
    document.sections[0].header.paragraphs[0].text = header
    path = folder / "decision.docx"
    document.save(str(path))
    return path


def fields(path: Path) -> list[str]:
    return [problem.field for problem in check_template(path, "decision")]


def test_right_template_has_no_problems(tmp_path: Path) -> None:
    path = template(
        tmp_path,
        "{{ number_line }}{{ signature.name|upper }}",
        "{%p for row in rows %}",
        "{{ loop.index }}. {{ row.product }}: {{ row.stars if row.points else '–' }}",
        "{%p endfor %}",
        "{% set first = rows[0] %}{{ first.producer }}",
    )

    assert fields(path) == []


def test_unknown_field_is_named_with_what_may_be_meant(tmp_path: Path) -> None:
    (problem,) = check_template(template(tmp_path, "{{ recipient }}"), "decision")

    assert str(problem) == "recipient: không có mục «recipient» trong loại giấy tờ này → Có phải «recipients»?"


def test_unknown_field_of_a_row_a_signature_or_a_header_is_found(tmp_path: Path) -> None:
    path = template(
        tmp_path,
        "{%p for row in rows %}",
        "{{ row.produc }} {{ row.product }}",
        "{%p endfor %}",
        "{{ signature.ten }} {{ rows[0].diem }}",
        header="{{ tieu_de }}",
    )

    assert fields(path) == ["row.produc", "signature.ten", "….diem", "tieu_de"]


def test_name_of_a_loop_is_unknown_outside_it(tmp_path: Path) -> None:
    path = template(tmp_path, "{%p for row in rows %}", "{{ row.no }}", "{%p endfor %}", "{{ row.no }}")

    assert fields(path) == ["row"]


def test_wrong_syntax_and_unknown_filter_are_told(tmp_path: Path) -> None:
    assert "sai cú pháp" in str(check_template(template(tmp_path, "{% for row in rows %}"), "decision")[0])
    assert fields(template(tmp_path, "{{ count|chu_hoa }}")) == ["chu_hoa"]


def test_file_that_is_no_word_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "decision.docx"
    path.write_text("không phải Word", encoding="utf-8")

    with pytest.raises(InputError, match="Không đọc được tệp Word"):
        check_template(path, "decision")


def test_file_of_another_name_says_which_names_there_are() -> None:
    with pytest.raises(NotFoundError, match="không ứng với loại giấy tờ nào"):
        kind_of_file(Path("quyet-dinh.docx"))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "__subclasses__"),
        ("{% for a in range(10000000) %}x{% endfor %}", "range"),
    ],
)
def test_what_is_no_field_of_a_paper_is_named(tmp_path: Path, line: str, named: str) -> None:
    assert named in fields(template(tmp_path, line))


def test_place_of_faulty_syntax_is_shown(tmp_path: Path) -> None:
    (problem,) = check_template(template(tmp_path, "{{ number / }}"), "decision")

    assert problem.problem == "sai cú pháp ở «{{ number / }}»"


def test_part_that_is_never_closed_is_told(tmp_path: Path) -> None:
    (problem,) = check_template(template(tmp_path, "{% if number %}"), "decision")

    assert problem.problem.startswith("sai cú pháp, có phần mở mà không đóng")
