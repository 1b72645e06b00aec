"""What people do with their own account: tokens, sessions, standing in (thay mặt), the address of their calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from models.accounts import sessions, tokens
from models.actors import oneself
from models.delegations.making import delegate, end_delegation
from models.delegations.rules import PERSONAL_KINDS
from models.enums import Role, Takes, TokenScope
from models.notifications.calendar_feed import calendar_token
from models.notifications.keeping import choose
from models.offices.people import person_of_code
from models.process import step_definition
from models.process.kinds import StepKind
from portal.access import SIGNED_IN
from portal.acts.base import Act, ActForm, Done, Ids, NoFacts
from portal.acts.many_items import people_options
from portal.desk import Desk
from portal.forms.describing import Option, Options

ACCOUNT = "/account"
TAG = "Tài khoản của mình"


class TokenForm(ActForm):
    """A token for a program of one's own."""

    name: str = Field(min_length=1, max_length=100, title="Tên", description="Để nhớ mã dùng ở đâu.")
    scopes: list[TokenScope] = Field(min_length=1, title="Phạm vi")
    expires_on: date = Field(title="Dùng đến ngày", description="Nhiều nhất một năm.")


class DelegationForm(ActForm):
    """Whom the person lets act in their place, for what, and how long."""

    to: str = Field(min_length=1, title="Người làm thay")
    valid_from: date = Field(title="Từ ngày")
    valid_to: date = Field(title="Đến hết ngày")
    reason: str = Field(min_length=1, title="Lý do", description="Ví dụ: nghỉ phép, đi công tác.")
    kinds: list[StepKind] = Field(
        default_factory=list, title="Loại việc", description="Không chọn loại nào: làm thay mọi việc."
    )


class TakesForm(ActForm):
    """What one of the own channels takes."""

    takes: Takes = Field(title="Kênh này nhận")


def _choose(desk: Desk, ids: Ids, form: TakesForm) -> Done:
    who = oneself(desk.session, desk.person.id, desk.today)
    channel = choose(desk.session, ids["channel_id"], form.takes, desk.person, who, desk.now)
    return Done(f"Kênh số {channel.id}: {form.takes.label.lower()}.", ACCOUNT, {"channel": channel.id})


def _new_token(desk: Desk, _ids: Ids, form: TokenForm) -> Done:
    token, secret = tokens.create(
        desk.session, desk.person, form.name, form.scopes, form.expires_on, desk.real_now
    )  # fmt: skip
    return Done("Đã tạo mã truy cập.", ACCOUNT, {"id": token.id}, once={f"Mã truy cập «{token.name}»": secret})


def _revoke(desk: Desk, ids: Ids, _form: NoFacts) -> Done:
    tokens.revoke(desk.session, desk.person, ids["token_id"], desk.real_now)
    return Done("Đã thu hồi mã truy cập.", ACCOUNT)


def _end_session(desk: Desk, ids: Ids, _form: NoFacts) -> Done:
    sessions.end_one(desk.session, desk.person.id, ids["session_id"], desk.real_now)
    return Done("Đã kết thúc phiên đăng nhập đó.", ACCOUNT)


def _end_sessions(desk: Desk, _ids: Ids, _form: NoFacts) -> Done:
    ended = sessions.end_all(desk.session, desk.person.id, desk.real_now, but=desk.visitor.session_id)
    return Done(f"Đã đăng xuất ở mọi nơi khác ({ended} phiên).", ACCOUNT, {"ended": ended})


def _delegate(desk: Desk, _ids: Ids, form: DelegationForm) -> Done:
    taker = person_of_code(desk.session, form.to)
    who = oneself(desk.session, desk.person.id, desk.today)
    rule = delegate(
        desk.session, desk.person, taker, form.kinds, form.valid_from, form.valid_to, form.reason, who, desk.now
    )
    words = f"{taker.name} làm thay anh/chị từ {rule.valid_from:%d/%m/%Y} đến hết {rule.valid_to:%d/%m/%Y}."
    return Done(words, ACCOUNT, {"id": rule.id})


def _end_delegation(desk: Desk, _ids: Ids, _form: NoFacts) -> Done:
    end_delegation(desk.session, desk.person, oneself(desk.session, desk.person.id, desk.today), desk.now)
    return Done("Đã kết thúc ủy quyền.", ACCOUNT)


def _new_calendar(desk: Desk, _ids: Ids, _form: NoFacts) -> Done:
    calendar_token(desk.session, desk.person, renew=True)
    return Done("Đã tạo đường dẫn lịch; đường dẫn cũ (nếu có) không dùng được nữa.", ACCOUNT)


def _scopes(desk: Desk, _ids: Ids) -> Options:
    own = [scope for scope in TokenScope if scope is not TokenScope.ADMIN or Role.ADMINISTRATOR in desk.roles]
    return {"scopes": [Option(scope.value, scope.label) for scope in own]}


def _delegation_options(desk: Desk, _ids: Ids) -> Options:
    kinds = [Option(kind.value, step_definition(kind).label) for kind in StepKind if kind not in PERSONAL_KINDS]
    return {"to": people_options(desk, desk.person), "kinds": kinds}


def _from_today(desk: Desk, _ids: Ids) -> Mapping[str, Any]:
    return {"valid_from": desk.today.isoformat()}


def _back(_ids: Ids) -> str:
    return ACCOUNT


ACTS: list[Act] = [
    Act(
        name="account.token", title="Tạo mã truy cập API", path="/account/tokens/new", access=SIGNED_IN,
        form=TokenForm, run=_new_token, options=_scopes, back=_back, tag=TAG, by_program=False, button="Tạo mã",
        explanation="Chương trình dùng mã này làm việc thay anh/chị qua API. Mã chỉ hiện một lần.",
    ),
    Act(
        name="account.token.revoke", title="Thu hồi mã truy cập", path="/account/tokens/{token_id}/revocation",
        ids={"token_id": int}, access=SIGNED_IN, form=NoFacts, run=_revoke, back=_back, tag=TAG, danger=True,
        button="Thu hồi", explanation="Chương trình đang dùng mã này không vào được nữa.",
    ),
    Act(
        name="account.session.end", title="Kết thúc phiên đăng nhập", path="/account/sessions/{session_id}/end",
        ids={"session_id": int}, access=SIGNED_IN, form=NoFacts, run=_end_session, back=_back, tag=TAG,
        button="Kết thúc phiên",
    ),
    Act(
        name="account.sessions.end", title="Đăng xuất ở mọi nơi khác", path="/account/sessions/end",
        access=SIGNED_IN, form=NoFacts, run=_end_sessions, back=_back, tag=TAG, button="Đăng xuất ở mọi nơi khác",
        explanation="Chỉ phiên đang dùng này còn lại.",
    ),
    Act(
        name="account.delegation", title="Ủy quyền làm thay", path="/account/delegation", access=SIGNED_IN,
        form=DelegationForm, run=_delegate, options=_delegation_options, prefill=_from_today, back=_back, tag=TAG,
        button="Ủy quyền",
        explanation="Người làm thay đăng nhập bằng tài khoản của mình; việc làm ghi tên cả hai người.",
    ),
    Act(
        name="account.delegation.end", title="Kết thúc ủy quyền", path="/account/delegation/end", access=SIGNED_IN,
        form=NoFacts, run=_end_delegation, back=_back, tag=TAG, button="Kết thúc ủy quyền",
        explanation="Người làm thay không làm thay được nữa; việc đã làm vẫn giữ.",
    ),
    Act(
        name="account.channel", title="Chọn thông báo kênh này nhận", path="/account/channels/{channel_id}/takes",
        ids={"channel_id": int}, access=SIGNED_IN, form=TakesForm, run=_choose, back=_back, tag=TAG,
        explanation="Mọi thông báo vẫn luôn có trong hộp thư đến.",
    ),
    Act(
        name="account.calendar", title="Tạo đường dẫn lịch mới", path="/account/calendar", access=SIGNED_IN,
        form=NoFacts, run=_new_calendar, back=_back, tag=TAG, button="Tạo đường dẫn",
        explanation="Ai có đường dẫn đều xem được lịch việc của anh/chị; đường dẫn cũ sẽ hết tác dụng.",
    ),
]  # fmt: skip
