"""The registration wizard: a step a page, saved at each and while people type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from models.clock import VN_TZ
from models.dossiers.registering import before, carried_papers, under_way
from models.dossiers.registration_draft import as_form, paper_problems
from models.dossiers.registration_list import registration_page
from models.errors import NotFoundError, OcopError, Problem
from models.paging import PageAsked
from portal.acts.base import Act, Ask, carry_out
from portal.acts.pages import FormPage, form_page
from portal.acts.registrations import (
    CHOOSE,
    HAND_IN,
    REGISTRARS,
    SAVE_PAPER,
    START,
    STEPS,
    registration,
)
from portal.forms import data_from
from portal.menu import MENU, ROUNDS, Link
from portal.registrations import earlier_hints, needed, step_path, steps_context, wrong_in_step
from portal.routing import Post, page, posted
from portal.view import View, go

router = APIRouter()
MENU.append(Link("Đăng ký sản phẩm", "/registrations", REGISTRARS, order=24, group=ROUNDS))


@page(router, "/registrations", REGISTRARS)
def listing(view: View, search: str = "", number: int = 1) -> Response:
    """The products that the visitor may register, and how far each is."""
    desk = view.desk
    found = registration_page(desk.session, desk.held, desk.today, PageAsked(number), search)
    return view.page("registrations/list.html.j2", title="Đăng ký sản phẩm", found=found, search=search)


@page(router, "/registrations/{round}/{product_id}", REGISTRARS)
def begin(view: View, round: str, product_id: int) -> Response:
    """Where this person goes on: the first step, or the review of what is drafted."""
    reg = registration(view.desk, {"round": round, "product_id": product_id})
    code = under_way(view.desk.session, reg.product)
    if code is not None:
        return go(f"/dossiers/{code}", f"Hồ sơ {code} của sản phẩm này đang được xử lý.")
    return go(step_path(reg, "start" if reg.draft is None else "review"))


def _shown(title: str, made: FormPage, context: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": title, "page": made, "saved": True, **context}


def _step_page(act: Act, step: str) -> Callable[..., Response]:
    def show(view: View, round: str, product_id: int) -> Response:
        ids = {"round": round, "product_id": product_id}
        reg = registration(view.desk, ids)
        if reg.draft is None and step != "start":
            return go(step_path(reg, "start"), "Chọn loại hồ sơ trước.")
        if step == "start" and under_way(view.desk.session, reg.product) is not None:
            return begin(view, round, product_id)
        made = form_page(act, view, ids, problems=wrong_in_step(reg, step) if step in STEPS else ())
        context = steps_context(view.desk, reg, step, ids)
        hints = earlier_hints(reg, context["old"], step)
        for field in made.fields:
            field.hint = hints.get(field.path, field.hint)
            field.required = field.required or field.path in needed(step)
        return view.page(act.template, **_shown(act.title, made, context))

    show.__name__ = f"show_{step}"
    return show


for _name, _one in {"start": START, **STEPS, "versions": CHOOSE}.items():
    page(router, _one.path, REGISTRARS)(_step_page(_one, _name))


@page(router, "/registrations/{round}/{product_id}/evidence", REGISTRARS)
def evidence(view: View, round: str, product_id: int) -> Response:
    """The papers and the checklist."""
    ids = {"round": round, "product_id": product_id}
    reg = registration(view.desk, ids)
    if reg.draft is None:
        return go(step_path(reg, "start"), "Chọn loại hồ sơ trước.")
    context = steps_context(view.desk, reg, "evidence", ids)
    return view.page("registrations/evidence.html.j2", title="Minh chứng", page=None, **context)


@page(router, SAVE_PAPER.path, REGISTRARS)
def paper(view: View, round: str, product_id: int, number: int, kind: str = "", replaces: int = 0) -> Response:
    """One paper: a new one (of this kind, or in place of one that would be carried over), or one of the draft."""
    ids = {"round": round, "product_id": product_id, "number": number}
    reg = registration(view.desk, ids)
    if reg.draft is None:
        return go(step_path(reg, "start"), "Chọn loại hồ sơ trước.")
    prefilled: Mapping[str, Any] = SAVE_PAPER.prefill(view.desk, ids) if SAVE_PAPER.prefill else {}
    problems: list[Problem] = paper_problems(view.desk.session, reg, _entries(prefilled))
    if replaces:
        old = before(view.desk.session, reg, view.desk.today)
        taken = [one for one in carried_papers(view.desk.session, old, view.desk.today) if one.id == replaces]
        prefilled = {**prefilled, **(as_form(taken[0]) if taken else {})}
    if kind:
        prefilled = {"kind": kind, **prefilled}
    made = form_page(SAVE_PAPER, view, ids, prefilled, problems)
    context = steps_context(view.desk, reg, "paper", ids)
    return view.page("registrations/paper.html.j2", **_shown("Giấy tờ", made, context))


def _entries(prefilled: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in prefilled.items() if key not in {"version", "page"}}


@page(router, "/registrations/{round}/{product_id}/review", REGISTRARS)
def review(view: View, round: str, product_id: int) -> Response:
    """What is filled in, what lacks and where, and the handing in."""
    ids = {"round": round, "product_id": product_id}
    reg = registration(view.desk, ids)
    if reg.draft is None:
        return go(step_path(reg, "start"), "Chọn loại hồ sơ trước.")
    made = form_page(HAND_IN, view, ids, {"version": reg.version})
    context = steps_context(view.desk, reg, "review", ids)
    return view.page("registrations/review.html.j2", **_shown("Xem lại và nộp", made, context))


@posted(router, "/registrations/{round}/{product_id}/{step}/autosave", REGISTRARS)
def autosave(post: Post, round: str, product_id: int, step: str) -> Response:
    """Keep what is typed so far: the same act as the step's button, answered with what changes on the page."""
    act = STEPS.get(step)
    if act is None:
        raise NotFoundError(f"Không có bước «{step}».", field="step", remedy="Mở lại trang đăng ký.")
    ids = {"round": round, "product_id": product_id}
    problems: list[Problem] = []
    try:
        carry_out(act, post.working, ids, Ask(data_from(act.form, post.sent)))
    except OcopError as error:
        problems = error.problems
    with post.view() as view:
        reg = registration(view.desk, ids)
        context = steps_context(view.desk, reg, step, ids)
        at = f"{view.desk.now.astimezone(VN_TZ):%H:%M}"
        return view.part("registrations/_saved.html.j2", **context | {"problems": problems, "at": at})
