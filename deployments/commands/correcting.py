"""Correcting a recorded outcome, for `ocop dossier correct` and `ocop task correct`."""

from __future__ import annotations

from typing import Any

from deployments.commands.acting import acting, acting_on, person_of_call
from deployments.commands.call import Answer
from deployments.commands.data import Desk
from models.acting import capacities_of
from models.actors import Actor
from models.dossiers.attempts import dossier_by_code
from models.errors import InputError, NotFoundError
from models.forms import FORMS
from models.forms.words import outcome_in_words
from models.process import Scope, step_definition
from models.process.kinds import StepKind
from models.steps.correcting import correct
from models.subjects import attempt_subject, item_key, round_subject
from models.tables import WorkItem
from models.work_items.closing import find_item
from models.work_items.queries import item_by_id, item_detail


def correct_item(desk: Desk, item: WorkItem, changes: Any, reason: str) -> Answer:
    """Correct the outcome of the item as the person of `--as`.

    Raises:
        InputError: the file holds no fields.
    """
    if not isinstance(changes, dict):
        raise InputError("Tệp phải là các mục cần sửa: tên và giá trị.", field="file", remedy="Ví dụ: report_number: …")
    before = item.version
    correct(desk.session, item.id, changes, reason, _who_corrects(desk, item), desk.now)
    same = item.version == before
    detail = item_detail(desk.session, item.id, desk.today)
    words = "đúng như đã ghi, không có gì thay đổi" if same else "đã đính chính, giữ cả bản trước"
    stated = outcome_in_words(detail.outcomes[-1].outcome)
    return Answer(detail, f"{detail.item.label} · {detail.item.about}: {words} ({stated}).")


def _who_corrects(desk: Desk, item: WorkItem) -> Actor:
    role = step_definition(item.kind).corrected_by
    held = {held.capacity.role for held in capacities_of(desk.session, person_of_call(desk), desk.today)}
    if role is None and held:  # nobody corrects it: the domain says what to do instead
        return acting(desk, *sorted(held)[:1])
    if role is not None and role is not item.role and role in held:
        return acting(desk, role)
    return acting_on(desk, item)


def item_of_dossier(desk: Desk, code: str, number: int | None, step: str | None, turn: int) -> WorkItem:
    """The item of a dossier by its number, or by step and turn in the latest attempt (of its round, for its steps).

    Raises:
        NotFoundError: no such dossier or item, or the item is another dossier's.
        InputError: neither or both are named, or the step is unknown.
    """
    if (number is None) == (step is None):
        raise InputError("Nêu một trong hai: --item hoặc --step.", field="--item", remedy="Xem: ocop dossier show.")
    dossier = dossier_by_code(desk.session, code)
    if number is not None:
        item = item_by_id(desk.session, number)
        if item.attempt is None or item.attempt.dossier_id != dossier.id:
            remedy = f"Xem các việc của hồ sơ: ocop dossier show {code}."
            raise NotFoundError(f"Việc {number} không thuộc hồ sơ {code}.", field="--item", remedy=remedy)
        return item
    found = find_item(desk.session, _key(dossier.latest.id, dossier.latest.round_id, _kind(step or ""), turn))
    if found is None:
        remedy = f"Xem các bước: ocop dossier show {code}."
        raise NotFoundError(f"Hồ sơ {code} chưa có bước «{step}» lượt {turn}.", field="--step", remedy=remedy)
    return found


def _kind(name: str) -> StepKind:
    found = next((kind for kind in FORMS if kind.value == name.replace("-", "_")), None)
    if found is None or step_definition(found).scope is Scope.SHEET:
        known = ", ".join(kind.value for kind in FORMS if step_definition(kind).scope is not Scope.SHEET)
        raise InputError(f"Không có bước «{name}».", field="--step", remedy=f"Chọn một trong: {known}.")
    return found


def _key(attempt_id: int, round_id: int, kind: StepKind, turn: int) -> str:
    of_round = step_definition(kind).scope is Scope.ROUND
    return item_key(round_subject(round_id) if of_round else attempt_subject(attempt_id), kind, turn)
