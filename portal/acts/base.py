"""The pattern of an act, and how one is carried out: once per key, on the version that was seen, or not at all."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.actors import Held
from models.errors import RetryableError
from models.forms import read_form
from models.idempotency import Remembered, recall, remember, request_fingerprint
from portal.access import Access
from portal.acts.capacities import Holders, by_access, check_said
from portal.desk import Desk, Visitor, looking
from portal.errors import PreconditionError
from portal.forms.describing import Options
from portal.view import View

Ids = Mapping[str, Any]
"""What the path of an act names: `{"item_id": 12}`."""

TRIES = 4
PAUSE_SECONDS = 0.05


class ActForm(BaseModel):
    """Base of the forms of acts: text without blanks around it, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class NoFacts(ActForm):
    """The form of an act that needs no further facts."""


@dataclass(frozen=True)
class Done:
    """What came of an act: words for the person, the page to go on with, data for programs (or what makes them).

    `once` are secrets that are told this one time (name → secret): they are shown in the answer and kept nowhere.
    `show` is the template of a page that answers at once, for acts that only look (a preview).
    """

    message: str
    goto: str
    data: Any = None
    once: Mapping[str, str] = field(default_factory=dict)
    show: str = ""


@dataclass(frozen=True)
class Act:
    """One thing that people can do.

    `path` is that of the page and, under `/api/v1`, of the API; `ids` gives the types of its parts. `etag` tells the
    version of what the act changes. `prefill` and `options` prepare the form on a page; `template` and `context` are
    for acts whose form stands within another page (`own_page` off: that page shows it, the act only takes it). `check`
    refuses the page to those who could not do the act anyway, and the act to everybody it should be refused to.
    `takes_files`: the page's form may carry files (portal/uploads.py), which the API uploads beforehand. `inline`:
    controls whose file comes into the form itself (Base64) and into no store. `ahead`: what takes long and changes no
    data, done before the transaction is opened. `hidden`:
    paths of fields that the page does not ask for. `as_whom`: by which capacities the act may be done, where the roles
    of `access` do not say it (`portal/acts/capacities.py`).
    `by_program` is off for what nobody may do with a token: a stolen one would make others that outlive it.
    """

    name: str
    title: str
    path: str
    access: Access
    form: type[BaseModel]
    run: Callable[[Desk, Ids, Any], Done]
    ids: Mapping[str, type] = field(default_factory=dict)
    button: str = "Ghi"
    explanation: str = ""
    danger: bool = False
    scope: str = "act"
    tag: str = "Việc"
    status: int = 200
    etag: Callable[[Desk, Ids], str] | None = None
    check: Callable[[Desk, Ids], None] | None = None
    prefill: Callable[[Desk, Ids], Mapping[str, Any]] | None = None
    options: Callable[[Desk, Ids], Options] | None = None
    back: Callable[[Ids], str] = lambda _ids: "/"
    template: str = "act.html.j2"
    context: Callable[[View, Ids], Mapping[str, Any]] | None = None
    own_page: bool = True
    takes_files: bool = False
    inline: tuple[str, ...] = ()
    ahead: Callable[[Desk, Ids, Mapping[str, Any]], None] | None = None
    hidden: tuple[str, ...] = ()
    by_program: bool = True
    as_whom: Holders | None = None

    def holders(self, desk: Desk, ids: Ids) -> list[Held]:
        """The capacities by which the visitor may do it, one for each person as whom they may."""
        return (self.as_whom or by_access(self.access))(desk, ids)


@dataclass(frozen=True)
class Ask:
    """One request to carry out an act: what was filled in, its key, the version that was seen.

    `behalf`: the code of whom the person stands in for, where they say so.
    """

    data: Any
    key: str | None = None
    if_match: str | None = None
    behalf: str = ""


def carry_out(act: Act, desks: Callable[[], AbstractContextManager[Desk]], ids: Ids, ask: Ask) -> Done:
    """Do it in one transaction; what passes by itself (a busy database) is tried again.

    `desks` opens the transaction. The same key a second time gives the first answer back and changes nothing.

    Raises:
        InputError: the form is not filled in rightly.
        ConflictError: the key was used for something else.
        PreconditionError: `If-Match` names an older version.
        OcopError: what the domain refuses.
    """
    for left in reversed(range(TRIES)):
        try:
            with desks() as desk:
                return _once(act, desk, ids, ask)
        except RetryableError:
            if not left:
                raise
            time.sleep(PAUSE_SECONDS * (TRIES - left))
    raise AssertionError("unreachable")


def go_ahead(act: Act, visitor: Visitor | None, ids: Ids, data: Mapping[str, Any]) -> None:
    """Do what the act needs and may take long, while nobody waits for the database; `data` as it was sent."""
    if act.ahead is not None:
        with looking(lambda _session, _now: visitor) as desk:
            act.ahead(desk, ids, data)


def _once(act: Act, desk: Desk, ids: Ids, ask: Ask) -> Done:
    desk.behalf = ask.behalf
    check_said(desk, act.access, act.holders(desk, ids))
    if act.check is not None:
        act.check(desk, ids)
    form = read_form(act.form, ask.data)
    asked = request_fingerprint(act.name, _asked(ids, form, ask))
    person = desk.visitor.person_id
    known = recall(desk.session, person, ask.key, asked, desk.now) if ask.key is not None else None
    if known is not None:
        return Done(**json.loads(known.body))
    _check_version(act, desk, ids, ask.if_match)
    done = _with_data(act.run(desk, ids, form), desk)
    if ask.key is not None:
        answer = {"message": done.message, "goto": done.goto, "data": desk.plain(done.data)}
        body = json.dumps(answer, ensure_ascii=False)
        remember(desk.session, person, ask.key, asked, Remembered(act.status, body), desk.now)
    return done


def _with_data(done: Done, desk: Desk) -> Done:
    """What is only for programs is put together for programs only: the writers behind this one are waiting."""
    if not callable(done.data):
        return done
    return replace(done, data=done.data() if desk.visitor.session_id is None else None)


def _asked(ids: Ids, form: BaseModel, ask: Ask) -> dict[str, Any]:
    asked = {"ids": dict(ids), "form": form.model_dump(mode="json")}
    return asked | ({"behalf": ask.behalf} if ask.behalf else {})


def _check_version(act: Act, desk: Desk, ids: Ids, seen: str | None) -> None:
    if seen is None or seen == "*" or act.etag is None:
        return
    if seen != act.etag(desk, ids):
        raise PreconditionError(
            "Nội dung đã thay đổi từ lúc anh/chị mở ra.",
            field="If-Match",
            remedy="Mở lại để xem bản mới nhất rồi làm lại.",
        )
