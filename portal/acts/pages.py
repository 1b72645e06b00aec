"""Acts as pages: a form to fill in, and its target."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from models.errors import ConflictError, InputError, OcopError, Problem
from portal.acts.base import Act, Ask, Done, Ids, carry_out, go_ahead
from portal.acts.capacities import stand_ins
from portal.errors import status_of
from portal.forms import Field, Option, Sent, data_from, fields_of
from portal.routing import Post, page, posted
from portal.signatures import with_ids
from portal.uploads import inline, with_files
from portal.view import View, go

MORE = "_more"
"""The button that asks for further rows, for browsers without scripts; the form comes back with all that was typed."""

BEHALF = "_on_behalf_of"
"""The control that says whom the person stands in for; it is no part of the form, which all ways of acting share."""


@dataclass(frozen=True)
class FormPage:
    """What the template of a form needs; `other_problems` stand above it, the rest at their fields."""

    title: str
    action: str
    button: str
    back: str
    csrf: str
    key: str
    fields: list[Field]
    data: Mapping[str, Any]
    problems: Sequence[Problem]
    explanation: str = ""
    danger: bool = False
    version: str = ""
    behalf: str = ""
    stand_ins: Sequence[Option] = ()
    me: str = ""
    other_problems: list[Problem] = field(default_factory=list)

    def at(self, path: str) -> list[Problem]:
        """The problems of one field, for templates that draw it themselves."""
        return [problem for problem in self.problems if problem.field == path]


def form_page(
    act: Act,
    view: View,
    ids: Ids,
    data: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
    *,
    key: str = "",
    version: str = "",
    behalf: str = "",
) -> FormPage:
    """The form of `act` for this case: prepared, or as it was typed with what is wrong at each field."""
    desk = view.desk
    if data is None:
        data = act.prefill(desk, ids) if act.prefill is not None else {}
    options = act.options(desk, ids) if act.options is not None else None
    fields = fields_of(act.form, data, problems, options=options, hidden=act.hidden)
    shown = {problem for made in fields for problem in made.all_problems()}
    shown |= {problem for problem in problems if problem.field == "on_behalf_of"}
    return FormPage(
        title=act.title,
        action=act.path.format(**ids),
        button=act.button,
        back=act.back(ids),
        csrf=desk.visitor.csrf,
        key=key or uuid.uuid4().hex,
        fields=fields,
        data=data,
        problems=problems,
        explanation=act.explanation,
        danger=act.danger,
        version=version or (act.etag(desk, ids) if act.etag is not None else ""),
        behalf=behalf,
        me=desk.visitor.code,
        stand_ins=stand_ins(desk, act.holders(desk, ids)),
        other_problems=[problem for problem in problems if problem not in shown],
    )


def register_pages(router: APIRouter, acts: Sequence[Act]) -> None:
    """Give every act its form (unless another page holds it) and the target of that form."""
    for act in acts:
        if act.own_page:
            page(router, act.path, act.access)(with_ids(_shower(act), act.ids))
        posted(router, act.path, act.access)(with_ids(_target(act), act.ids))


def _shower(act: Act) -> Callable[..., Response]:
    def show(view: View, **ids: Any) -> Response:
        if act.check is not None:
            act.check(view.desk, ids)
        return view.page(act.template, page=form_page(act, view, ids), **_more(act, view, ids))

    return show


def _target(act: Act) -> Callable[..., Response]:
    def take(post: Post, **ids: Any) -> Response:
        sent, wrong_files = _stored(act, post, ids)
        data = data_from(act.form, sent)
        if MORE in post.sent or wrong_files:
            return _again(act, post, ids, data, InputError.of(wrong_files) if wrong_files else None)
        try:
            go_ahead(act, post.visitor, ids, data)
            done = carry_out(act, post.working, ids, _ask(post, data))
        except OcopError as error:
            return _again(act, post, ids, data, error)
        return _answer(act, post, done)

    return take


def _stored(act: Act, post: Post, ids: Ids) -> tuple[Sent, list[Problem]]:
    """What was sent, with its files in the store; nothing is taken from who could not do the act."""
    if act.inline:
        return {**post.sent, **{name: [inline(post.files[name][0])] for name in act.inline if post.files.get(name)}}, []
    if not act.takes_files or not post.files:
        return post.sent, []
    if act.check is not None:
        with post.view() as view:
            act.check(view.desk, ids)
    return with_files(post.sent, post.files, post.working)


def _ask(post: Post, data: Mapping[str, Any]) -> Ask:
    return Ask(data, post.one("_key") or None, post.one("_version") or None, post.one(BEHALF))


def _answer(act: Act, post: Post, done: Done) -> Response:
    """On to the next page; what is told once, or only looked at, is the answer itself."""
    template = done.show or ("once.html.j2" if done.once else "")
    if not template:
        return go(done.goto, done.message)
    with post.view() as view:
        return view.page(template, title=act.title, act=act, done=done, key=uuid.uuid4().hex, behalf=post.one(BEHALF))


def _again(act: Act, post: Post, ids: Ids, data: Mapping[str, Any], error: OcopError | None = None) -> Response:
    """The page once more with everything that was typed; after a conflict on the version that is now the latest."""
    problems = error.problems if error is not None else []
    stale = isinstance(error, ConflictError)
    with post.view() as view:
        made = form_page(
            act, view, ids, data, problems, key="" if stale else post.one("_key"),
            version="" if stale else post.one("_version"), behalf=post.one(BEHALF),
        )  # fmt: skip
        status = status_of(error)[0] if error is not None else 200
        return view.page(act.template, status=status, **{"page": made} | dict(_more(act, view, ids)))


def _more(act: Act, view: View, ids: Ids) -> Mapping[str, Any]:
    return {"title": act.title} | dict(act.context(view, ids) if act.context is not None else {})
