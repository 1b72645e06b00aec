"""From a template and what a paper says to a Word file: same template and same words, same bytes.

Texts of users are data: they are escaped (without that a `<` cuts off the rest of the paragraph) and never read as
template. Templates of offices run in a sandbox: they reach the fields of the paper and nothing else.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from models.documents.cleaning import cleaned
from models.documents.paper import Paper
from models.documents.pictures import pictures_of
from models.errors import FinalError, OcopError

LONG_AGO = (1980, 1, 1, 0, 0, 0)


def render(template: Path, paper: Paper) -> bytes:
    """The paper as a Word file.

    Raises:
        FinalError: the template is no Word file, or uses what does not exist; it is named in the words of the office.
    """
    try:
        document = DocxTemplate(io.BytesIO(_bytes_of(template, template.stat().st_mtime_ns)))
        document.render(_context(document, paper), jinja_env=_sandbox(), autoescape=True)
        out = io.BytesIO()
        document.save(out)
    except (OSError, BadZipFile, PackageNotFoundError, KeyError) as error:
        raise _faulty(template, f"không đọc được như tệp Word (.docx): {error}") from error
    except TemplateError as error:
        raise _faulty(template, in_words(error)) from error
    return repacked(out.getvalue())


def in_words(error: TemplateError) -> str:
    """What Jinja2 found, in Vietnamese."""
    what = error.message or ""
    if isinstance(error, UndefinedError):
        return f"dùng mục không có ({what})"
    if isinstance(error, SecurityError):
        return f"dùng điều không được phép trong mẫu ({what})"
    if isinstance(error, TemplateSyntaxError):
        return f"sai cú pháp ({what})"
    return what


def _faulty(template: Path, why: str) -> OcopError:
    return FinalError(
        f"Mẫu {template.name} {why}.",
        field=str(template),
        remedy=f"Kiểm tra mẫu: ocop template check {template}; hoặc bỏ tệp này để dùng mẫu có sẵn.",
    )


@lru_cache(maxsize=64)
def _bytes_of(template: Path, _changed: int) -> bytes:
    return template.read_bytes()


class _Sandbox(ImmutableSandboxedEnvironment):
    """Compiles a part of a template once a process: that is half of the work of a short paper."""

    @lru_cache(maxsize=256)  # noqa: B019
    def compiled(self, source: str) -> Template:
        """The compiled template of this text."""
        return super().from_string(source)

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:
        """As Jinja2 does it, from the cache where docxtpl asks."""
        if isinstance(source, str) and globals is None and template_class is None:
            return self.compiled(source)
        return super().from_string(source, globals, template_class)


@lru_cache(maxsize=1)
def _sandbox() -> _Sandbox:
    found = _Sandbox(autoescape=True, undefined=StrictUndefined, finalize=_as_written)
    found.globals.clear()  # no `range` and the like: a part is repeated for what the paper lists, never a million times
    return found


def _as_written(value: Any) -> Any:
    """A text in which docxtpl's own way of writing a brace (`{_{`) stays what somebody wrote."""
    if isinstance(value, str) and "_" in value:
        return Markup(str(escape(value)).replace("_", "&#95;"))
    return value


def _context(document: DocxTemplate, paper: Paper) -> dict[str, Any]:
    facts = cleaned(paper)
    return {entry.name: getattr(facts, entry.name) for entry in fields(facts)} | pictures_of(document, facts)


def repacked(file: bytes) -> bytes:
    """The same Word file with fixed times in its archive, so that equal content is equal bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(file)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, LONG_AGO)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, source.read(entry))
    return out.getvalue()
