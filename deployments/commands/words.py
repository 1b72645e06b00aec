"""The help pages in Vietnamese: the words that the library would write in English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cyclopts.help import HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions

METAVARS = {"DATE": "NGÀY", "INT": "SỐ", "STR": "CHỮ", "PATH": "THƯ-MỤC", "CHOICE": "MỤC"}
USAGE = METAVARS | {"COMMAND": "LỆNH", "OPTIONS": "TÙY CHỌN", "ARGS": "THAM SỐ"}


TITLES = {"Arguments": "Tham số", "Parameters": "Tùy chọn của lệnh", "Commands": "Lệnh"}


class VietnameseHelp:
    """Renders help pages through the library's own formatter, after putting its words into Vietnamese."""

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        """Draw one panel."""
        from cyclopts.help import DefaultFormatter

        entries = [_translated(entry) for entry in panel.entries]
        DefaultFormatter()(
            console, options, panel.copy(entries=entries, title=TITLES.get(str(panel.title), panel.title))
        )

    def render_usage(self, console: Console, _options: ConsoleOptions, usage: Any) -> None:
        """Draw the line that says how the command is written."""
        words = re.sub(r"\b[A-Z]+\b", lambda word: USAGE.get(word[0], word[0]), str(usage))
        console.print(f"Cách dùng: {words}", markup=False, highlight=False)

    def render_description(self, console: Console, _options: ConsoleOptions, description: Any) -> None:
        """Draw what the command is for."""
        if description:
            console.print(description)


def _translated(entry: HelpEntry) -> HelpEntry:
    notes = [
        f"[một trong: {', '.join(entry.choices)}]" if entry.choices else "",
        f"[biến môi trường: {', '.join(entry.env_var)}]" if entry.env_var else "",
        "[bắt buộc]" if entry.required else "",
    ]
    text = " ".join(filter(None, [_plain(entry.description), *notes]))
    metavar = METAVARS.get(entry.metavar, entry.metavar) if entry.metavar else entry.metavar
    return entry.copy(description=text, metavar=metavar, choices=None, env_var=None, default=None, required=False)


def _plain(description: Any) -> str:
    text = getattr(getattr(description, "primary_renderable", None), "plain", None)
    return str(text if text is not None else description or "").strip()
