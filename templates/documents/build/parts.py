"""The parts that papers share: head, title, bases, signature with recipients, annex (Decree 30/2020/NĐ-CP, annex I)."""

from __future__ import annotations

from collections.abc import Sequence

from templates.documents.build.layout import Column, Page, each_in, into, keep_whole, short_rule, write

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
LEFT, RIGHT = 6.6, 9.4
END = "./."


def head(page: Page, *, about: str = "") -> None:
    """Issuing body and number on the left, state, motto, place and date on the right.

    `about`: the subject of a letter, which stands under its number.
    """
    wide = page.width - LEFT - RIGHT
    left_width, right_width = LEFT + wide / 2, RIGHT + wide / 2
    table = page.grid([left_width, right_width])
    left, right = table.rows[0].cells
    into(left, "{%p if superior %}", first=True)
    into(left, "{{ superior }}", "center", size=12)
    into(left, "{%p endif %}")
    each_in(left, "line in issuer", "{{ line }}", "center", size=12, bold=True)
    short_rule(left.add_paragraph(), left_width - 0.2, 2.4)
    into(right, STATE, "center", first=True, size=12, bold=True)
    into(right, MOTTO, "center", size=13, bold=True, underline=True)
    row = table.add_row()  # type: ignore[no-untyped-call]
    into(row.cells[0], "{{ number_line }}", "center", first=True, size=13, before=8)
    if about:
        into(row.cells[0], about, "center", size=12)
    into(row.cells[1], "{{ place_and_date }}", "center", first=True, size=13, italic=True, before=8)


def national_head(page: Page) -> None:
    """State and motto alone, for forms that no office issues."""
    page.center(STATE, size=13, bold=True)
    page.center(MOTTO, size=14, bold=True, underline=True)
    page.center("", size=8)


def title(page: Page, kind: str, subject: str, *, rule: float = 3.2) -> None:
    """The type of the document and what it is about, with a short line under it."""
    page.center(kind, size=14, bold=True, before=14)
    page.center(subject, size=14, bold=True)
    page.rule(rule, after=8)


def letter(page: Page) -> None:
    """`Kính gửi`: one addressee on the line, several below each other."""
    page.tag("if addressees|length == 1")
    page.center("Kính gửi: {{ addressees[0] }}", before=14, after=8)
    page.tag("else")
    page.text("Kính gửi:", "left", left=3.5, before=14, keep_next=True)
    page.each("one in addressees", "- {{ one }}", "left", left=5, before=0)
    page.tag("endif")


def bases(page: Page) -> None:
    """The legal bases, in italics, each ending with a semicolon and the last with a full stop."""
    page.each("base in bases", "{{ base }}", italic=True)


def table_or_none(page: Page, heading: str, loop: str, columns: Sequence[Column], *, more: str = "") -> None:
    """A heading with a table under it, or with "none" behind it when there are no rows; `more` ends the heading."""
    rows = loop.rpartition(" in ")[2]
    page.tag(f"if {rows}")
    page.text(f"**{heading}**{more}", before=8, after=4, keep_next=True)
    page.table(loop, columns, size=11.5)
    page.tag("else")
    page.text(f"**{heading}:** không có.", before=8)
    page.tag("endif")


def charts(page: Page, field: str) -> None:
    """Charts, each with its caption and what it says below."""
    page.tag(f"for one in {field}")
    page.center("{{ one.picture }}", before=8, keep_next=True)
    page.center("**{{ one.caption }}.** {{ one.summary }}", size=12, italic=True, after=4)
    page.tag("endfor")


def signature(page: Page, *, recipients: bool = True) -> None:
    """Recipients on the left, the signature on the right; on one page with the last words of the text."""
    page.keep_last()
    page.center("", size=8, keep_next=True)
    table = page.grid([7.2, page.width - 7.2])
    keep_whole(table.rows[0]._tr)
    left, right = table.rows[0].cells
    if recipients:
        into(left, "Nơi nhận:", first=True, size=12, bold=True, italic=True)
        each_in(left, "one in recipients", "- {{ one }}", size=11)
    signer(right, "signature")


def signer(cell: object, who: str, *, note: str = "") -> None:
    """One signature: `TM.`, `KT.`…, post, room, name."""
    into(cell, f"{{%p for line in {who}.before %}}", first=True, keep_next=True)  # type: ignore[arg-type]
    into(cell, "{{ line }}", "center", size=14, bold=True, keep_next=True)  # type: ignore[arg-type]
    into(cell, "{%p endfor %}", keep_next=True)  # type: ignore[arg-type]
    into(cell, f"{{{{ {who}.post }}}}", "center", size=14, bold=True, keep_next=True)  # type: ignore[arg-type]
    if note:
        into(cell, note, "center", size=12, italic=True, keep_next=True)  # type: ignore[arg-type]
    for _ in range(3 if note else 4):
        into(cell, "", size=14, keep_next=True)  # type: ignore[arg-type]
    into(cell, f"{{{{ {who}.name }}}}", "center", size=14, bold=True)  # type: ignore[arg-type]


def signers(page: Page, left: str, right: str, *, note: str = "") -> None:
    """Two signatures side by side, with who they are above."""
    page.keep_last()
    page.center("", size=8, keep_next=True)
    table = page.grid([page.width / 2, page.width / 2])
    keep_whole(table.rows[0]._tr)
    for cell, who in zip(table.rows[0].cells, (left, right), strict=True):
        signer(cell, who, note=note)


def annex(page: Page, name: str, subject: str, belongs_to: str, *, landscape: bool = False) -> None:
    """The head of an annex: its name, its subject, the paper that it belongs to."""
    page.annex(landscape=landscape)
    page.center(name, size=14, bold=True)
    page.center(subject, size=14, bold=True)
    page.center(belongs_to, size=14, italic=True, after=4)
    page.rule(4, after=8)


__all__ = [
    "END",
    "annex",
    "bases",
    "charts",
    "head",
    "letter",
    "national_head",
    "signature",
    "signer",
    "signers",
    "table_or_none",
    "title",
    "write",
]
