"""Building blocks of a page: paper size, runs, paragraphs, tables, rules, page numbers (Decree 30/2020/NĐ-CP).

`**bold**` and `//italic//` mark runs in the texts given here; `{{ … }}` and `{% … %}` are left for the rendering.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
BODY = 14
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
MARKS = re.compile(r"(\*\*.+?\*\*|//.+?//)", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """One column of a table: heading, width in cm, the field shown in each row, and how it stands in the cell."""

    heading: str
    width: float
    field: str
    align: str = "left"


class Page:
    """One document under construction; every method adds at its end."""

    def __init__(self, title: str, *, landscape: bool = False, body: int = BODY) -> None:
        self.document: DocumentType = Document()
        self.body = body
        self._properties(title)
        self._normal_style()
        self._paper(self.document.sections[0], landscape=landscape)

    def _properties(self, title: str) -> None:
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = title, "OCOP", ""
        properties.language = "vi-VN"

    def _normal_style(self) -> None:
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(self.body)
        _in_vietnamese(self.document)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(name), FONT)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)

    def _paper(self, section: Section, *, landscape: bool) -> None:
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        width, height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
        section.page_width, section.page_height = width, height
        section.top_margin = section.bottom_margin = Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(20)
        section.header_distance, section.footer_distance = Mm(10), Mm(10)
        section.different_first_page_header_footer = True
        section.header.is_linked_to_previous = section.first_page_header.is_linked_to_previous = False
        page_number(section.header.paragraphs[0])

    @property
    def width(self) -> float:
        """The width of the text, in cm."""
        section = self.document.sections[-1]
        sides = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
        return round(sides / Cm(1), 2)

    def annex(self, *, landscape: bool = False) -> None:
        """Begin an annex on a page of its own, with page numbers of its own."""
        section = self.document.add_section()
        self._paper(section, landscape=landscape)
        numbers = OxmlElement("w:pgNumType")
        numbers.set(qn("w:start"), "1")
        section._sectPr.append(numbers)

    def text(self, text: str, align: str = "justify", **format_: object) -> Paragraph:
        """A paragraph of the body: first line 1.27 cm in, 6 pt from the one before."""
        indent = 1.27 if align == "justify" else 0
        return write(self.document.add_paragraph(), text, align, **{"indent": indent, "before": 6, **format_})  # type: ignore[arg-type]

    def center(self, text: str, **format_: object) -> Paragraph:
        """A centred line."""
        return self.text(text, "center", **{"before": 0, **format_})

    def tag(self, tag: str) -> None:
        """A paragraph that is only a tag and disappears: `for line in lines`."""
        self.document.add_paragraph("{%p " + tag + " %}")

    def each(self, loop: str, text: str, align: str = "justify", **format_: object) -> None:
        """A paragraph for each: `each("base in bases", "{{ base }}")`."""
        self.tag(f"for {loop}")
        self.text(text, align, **format_)
        self.tag("endfor")

    def listed(self, loop: str, text: str, **format_: object) -> None:
        """A list of short parts: a semicolon after each, a full stop after the last."""
        self.each(loop, f"- {text}" + "{{ '.' if loop.last else ';' }}", "justify", **format_)

    def when(self, condition: str, text: str, align: str = "justify", **format_: object) -> None:
        """A paragraph only when the condition holds."""
        self.tag(f"if {condition}")
        self.text(text, align, **format_)
        self.tag("endif")

    def dotted(self, text: str, lines: int = 1) -> None:
        """A text followed by dots to write on by hand, over so many lines."""
        for number in range(lines):
            line = self.text(f"{text}\t" if number == 0 else "\t", "left", indent=1.27 if number == 0 else 0)
            line.paragraph_format.tab_stops.add_tab_stop(Cm(self.width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)

    def filled(self, condition: str, label: str, field: str, lines: int = 1) -> None:
        """A text with what is known, or with dots to write on while it is not."""
        self.when(condition, f"{label} {field}")
        self.tag(f"if not ({condition})")
        self.dotted(label, lines)
        self.tag("endif")

    def keep_last(self) -> None:
        """Keep the last paragraph of the text on one page with what follows; of a choice the last of each branch."""
        after_tag = True
        for paragraph in reversed(self.document.paragraphs):
            tag = paragraph.text.startswith("{%p")
            if (not tag and not after_tag) or paragraph.text.startswith(("{%p if", "{%p for")):
                return
            if not tag:
                paragraph.paragraph_format.keep_with_next = True
            after_tag = tag

    def rule(self, width: float, *, before: float = 0, after: float = 0) -> None:
        """A short centred line, `width` in cm."""
        short_rule(self.document.add_paragraph(), self.width, width, before=before, after=after)

    def grid(self, widths: Sequence[float]) -> Table:
        """A table without lines of one row, for putting things side by side."""
        table: Table = self.document.add_table(rows=1, cols=len(widths))
        fix_widths(table, widths)
        return table

    def table(self, loop: str, columns: Sequence[Column], *, size: float = 12) -> Table:
        """A ruled table with a row for each of `loop`; its heading is repeated on every page."""
        if not self.document.paragraphs[-1].text.startswith("{%p"):
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        table: Table = self.document.add_table(rows=4, cols=len(columns))
        table.style = "Table Grid"
        fix_widths(table, [column.width for column in columns])
        heading = table.rows[0]
        repeat_on_every_page(heading._tr)
        for cell, column in zip(heading.cells, columns, strict=True):
            write(cell.paragraphs[0], f"**{column.heading}**", "center", size=size, before=2, after=2, keep_next=True)
        table.rows[1].cells[0].text = "{%tr for " + loop + " %}"
        for cell, column in zip(table.rows[2].cells, columns, strict=True):
            write(cell.paragraphs[0], column.field, column.align, size=size, before=2, after=2)
        table.rows[3].cells[0].text = "{%tr endfor %}"
        for row in table.rows:
            keep_whole(row._tr)
        return table


def write(
    paragraph: Paragraph,
    text: str,
    align: str = "left",
    *,
    size: float | None = None,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
    caps: bool = False,
    indent: float = 0,
    left: float = 0,
    before: float = 0,
    after: float = 0,
    keep_next: bool = False,
) -> Paragraph:
    """Put a text with its marks into a paragraph; lengths in cm, distances in pt."""
    paragraph.alignment = ALIGN[align]
    form = paragraph.paragraph_format
    form.first_line_indent = Cm(indent) if indent else None
    form.left_indent = Cm(left) if left else None
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.keep_with_next = keep_next or None
    for part in MARKS.split(text):
        if not part:
            continue
        strong = bold or part.startswith("**")
        slanted = italic or part.startswith("//")
        run = paragraph.add_run(part[2:-2] if part[:2] in {"**", "//"} else part)
        run.bold, run.italic = strong or None, slanted or None
        run.underline, run.font.all_caps = underline or None, caps or None
        if size is not None:
            run.font.size = Pt(size)
    return paragraph


def into(cell: _Cell, text: str, align: str = "left", *, first: bool = False, **format_: object) -> Paragraph:
    """A line in a cell; `first`: the cell's own first paragraph."""
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    return write(paragraph, text, align, **format_)  # type: ignore[arg-type]


def _in_vietnamese(document: DocumentType) -> None:
    """Make Vietnamese the language of all text, or Word underlines every word of it."""
    for lang in document.styles.element.iter(qn("w:lang")):
        for script in ("val", "eastAsia"):
            lang.set(qn(f"w:{script}"), "vi-VN")


def each_in(cell: _Cell, loop: str, text: str, align: str = "left", *, first: bool = False, **format_: object) -> None:
    """A line in a cell for each of `loop`."""
    into(cell, "{%p for " + loop + " %}", first=first)
    into(cell, text, align, **format_)  # type: ignore[arg-type]
    into(cell, "{%p endfor %}")


def short_rule(paragraph: Paragraph, room: float, width: float, *, before: float = 0, after: float = 0) -> None:
    """Make the paragraph a line of `width` cm in the middle of `room` cm."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Cm((room - width) / 2)
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(2)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def page_number(paragraph: Paragraph) -> None:
    """The number of the page, centred, 13 pt."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(13)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def fix_widths(table: Table, widths: Sequence[float]) -> None:
    """Give the columns these widths in cm, whatever their text."""
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for index, width in enumerate(widths):
        table.columns[index].width = Cm(width)
        for cell in table.columns[index].cells:
            cell.width = Cm(width)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), "57")
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    table._tbl.tblPr.append(margins)


def repeat_on_every_page(row: object) -> None:
    """Show the row again at the top of each page that the table goes on to."""
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # type: ignore[attr-defined]


def keep_whole(row: object) -> None:
    """Do not break the row over two pages."""
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # type: ignore[attr-defined]


def least_height(table: Table, row: int, height: float) -> None:
    """A row of at least `height` cm."""
    table.rows[row].height, table.rows[row].height_rule = Cm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
