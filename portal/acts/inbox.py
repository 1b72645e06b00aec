"""What people do with their inbox."""

from __future__ import annotations

from models.notifications.inbox import mark_read
from portal.access import SIGNED_IN
from portal.acts.base import Act, Done, Ids, NoFacts
from portal.desk import Desk


def _read(desk: Desk, _ids: Ids, _form: NoFacts) -> Done:
    new = mark_read(desk.session, desk.person, desk.now)
    return Done(f"Đã đánh dấu {new} thông báo là đã đọc.", "/inbox", {"read": new})


READ = Act(
    name="inbox.read", title="Đánh dấu đã đọc mọi thông báo", path="/inbox/read", access=SIGNED_IN, form=NoFacts,
    run=_read, own_page=False, template="act.html.j2", back=lambda _ids: "/inbox", tag="Thông báo",
)  # fmt: skip

ACTS: list[Act] = [READ]
