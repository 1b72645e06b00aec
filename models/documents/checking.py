"""Which fields a template uses that its kind of paper does not have, found without rendering anything."""

from __future__ import annotations

import dataclasses
import difflib
import re
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from models.documents.building import fields_of
from models.documents.kinds import all_kinds
from models.errors import InputError, NotFoundError, Problem

UNKNOWN = object
"""A value of which nothing more is known: whatever is asked of it may exist."""
LOOP = "loop"
"""What a template may use besides the fields of its paper, within a repeated part."""

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def kind_of_file(file: Path) -> str:
    """The kind that a template file is for, by its name (`decision.docx`).

    Raises:
        NotFoundError: no kind has a template of this name.
    """
    stem = file.stem.split("__")[0]
    for kind in all_kinds():
        if stem in {kind.template, kind.code}:
            return kind.code
    known = ", ".join(dict.fromkeys(kind.template for kind in all_kinds()))
    raise NotFoundError(
        f"Tên tệp «{file.name}» không ứng với loại giấy tờ nào.",
        field=str(file),
        remedy=f"Đặt tên theo loại giấy tờ, hoặc thêm --kind. Các loại: {known}.",
    )


def check_template(file: Path, kind: str) -> list[Problem]:
    """What is wrong with a template of this kind: fields that do not exist, faulty syntax, filters that do not exist.

    Raises:
        InputError: the file is no Word file.
    """
    fields = _fields(fields_of(kind))
    problems: dict[str, Problem] = {}
    for source in _sources(file):
        try:
            tree = _environment().parse(source)
        except TemplateSyntaxError as error:
            problem = _faulty_syntax(file, source, error)
            problems[str(problem)] = problem
            continue
        for found in _Walk(fields, kind).problems(tree):
            problems.setdefault(str(found), found)
    return list(problems.values())


def _faulty_syntax(file: Path, source: str, error: TemplateSyntaxError) -> Problem:
    """The first place that cannot be read; of a part that is opened and never closed there is no such place."""
    where = next((tag for tag in _TAG.findall(source) if not _readable(tag)), None)
    if where is None:
        return Problem(
            file.name,
            f"sai cú pháp, có phần mở mà không đóng, hoặc đóng mà không mở ({error.message})",
            "Mỗi {% for %}, {% if %} cần {% endfor %}, {% endif %} của nó.",
        )
    return Problem(file.name, f"sai cú pháp ở «{' '.join(where.split())}»", "Sửa chỗ này trong mẫu.")


def _readable(tag: str) -> bool:
    """Whether a place that prints something can be read; those that begin or end a part only make sense together."""
    if tag.startswith("{%"):
        return True
    try:
        _environment().parse(tag)
    except TemplateSyntaxError:
        return False
    return True


def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(autoescape=True)


def _sources(file: Path) -> Iterator[str]:
    try:
        document = DocxTemplate(str(file))
        document.init_docx()
        yield document.patch_xml(document.get_xml())
        for uri in (document.HEADER_URI, document.FOOTER_URI):
            for _, part in document.get_headers_footers(uri):
                yield document.patch_xml(document.get_part_xml(part))
    except (OSError, BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise InputError(
            f"Không đọc được tệp Word: {error}", field=str(file), remedy="Lưu mẫu ở dạng .docx rồi kiểm tra lại."
        ) from error


def _fields(type_: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(type_)
    return {entry.name: hints[entry.name] for entry in dataclasses.fields(type_)}


class _Walk:
    """Goes through a template with the types of what each name stands for."""

    def __init__(self, fields: Mapping[str, Any], kind: str) -> None:
        self.fields = fields
        self.kind = kind
        self.found: list[Problem] = []

    def problems(self, tree: nodes.Template) -> list[Problem]:
        """Every field that does not exist."""
        self._all(tree.body, dict(self.fields))
        return self.found

    def _all(self, body: list[nodes.Node], scope: dict[str, Any]) -> None:
        for node in body:
            self._node(node, scope)

    def _node(self, node: nodes.Node, scope: dict[str, Any]) -> None:
        if isinstance(node, nodes.For):
            self._loop(node, scope)
        elif isinstance(node, nodes.Assign):
            scope |= self._bound(node.target, self._type(node.node, scope))
        elif isinstance(node, nodes.Expr):
            self._type(node, scope)
        else:
            for child in node.iter_child_nodes():
                self._node(child, scope)

    def _loop(self, node: nodes.For, scope: dict[str, Any]) -> None:
        inner = scope | self._bound(node.target, _element(self._type(node.iter, scope)))
        self._all(node.body, inner)
        self._all(node.else_, scope)
        if node.test is not None:
            self._type(node.test, inner)

    def _bound(self, target: nodes.Node, type_: Any) -> dict[str, Any]:
        if isinstance(target, nodes.Name):
            return {target.name: type_}
        return {name.name: UNKNOWN for name in target.find_all(nodes.Name)}

    def _type(self, node: nodes.Node, scope: dict[str, Any]) -> Any:
        """The type of an expression; notes what it uses that does not exist."""
        if isinstance(node, nodes.Name):
            return self._name(node, scope)
        if isinstance(node, nodes.Getattr):
            return self._attribute(node, self._type(node.node, scope))
        if isinstance(node, nodes.Getitem):
            self._type(node.arg, scope)
            return _element(self._type(node.node, scope))
        if isinstance(node, nodes.Filter) and node.name not in _environment().filters:
            self._note(node.name, f"không có bộ lọc «{node.name}»", "Bỏ bộ lọc này.")
        for child in node.iter_child_nodes():
            self._type(child, scope)
        return UNKNOWN

    def _name(self, node: nodes.Name, scope: dict[str, Any]) -> Any:
        if node.name in scope:
            return scope[node.name]
        if node.name != LOOP:
            self._unknown(node.name, node.name, scope)
        return UNKNOWN

    def _attribute(self, node: nodes.Getattr, of: Any) -> Any:
        if node.attr.startswith("_"):
            self._note(node.attr, f"mẫu không được dùng «{node.attr}»", "Chỉ dùng các mục của giấy tờ.")
            return UNKNOWN
        if not (isinstance(of, type) and dataclasses.is_dataclass(of)):
            return UNKNOWN
        known = _fields(of)
        if node.attr not in known:
            self._unknown(f"{_written(node.node)}.{node.attr}", node.attr, known)
            return UNKNOWN
        return known[node.attr]

    def _unknown(self, written: str, name: str, known: Mapping[str, Any]) -> None:
        near = difflib.get_close_matches(name, known, n=3)
        remedy = f"Có phải «{'» hoặc «'.join(near)}»?" if near else f"Các mục dùng được: {', '.join(known)}."
        self._note(written, f"không có mục «{written}» trong loại giấy tờ này", remedy)

    def _note(self, field: str, problem: str, remedy: str) -> None:
        self.found.append(Problem(field, problem, remedy))


def _written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    return f"{_written(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else "…"


def _element(type_: Any) -> Any:
    """What is in a list of this type."""
    origin, arguments = get_origin(type_), get_args(type_)
    if origin in {list, tuple} and arguments:
        return arguments[0]
    if origin in {Union, types.UnionType}:
        return next((_element(one) for one in arguments if get_origin(one) in {list, tuple}), UNKNOWN)
    return UNKNOWN
