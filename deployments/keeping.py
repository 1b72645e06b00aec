"""What becomes of a thing of ours in Prefect that a person may have changed there: one rule for all kinds."""

from __future__ import annotations

from typing import Any

from models.enums import Labelled

Facts = dict[str, Any]


class Standing(Labelled):
    """How a schedule or an automation of ours stands after deploying."""

    AS_WANTED = "as_wanted", ""
    CREATED = "created", "mới tạo"
    UPDATED = "updated", "đã cập nhật"
    CHANGED_BY_PERSON = "changed_by_person", "đã sửa trong Prefect"
    DELETED_BY_PERSON = "deleted_by_person", "đã xóa trong Prefect"
    REMOVED = "removed", "đã gỡ"


def decide(wanted: Facts | None, sent: Facts | None, shown: Facts | None, *, reset: bool = False) -> Standing | None:
    """What to do so that Prefect has what is `wanted`; `None`: nothing is wanted and nothing of ours is there.

    `sent` is what we sent last, `shown` what Prefect has now. Where they differ a person changed it, and it stays
    until `reset` asks for ours. What nobody wants any more goes, unless a person changed it.
    """
    if wanted is None:
        if sent is None:
            return None
        return Standing.REMOVED if reset or shown in (None, sent) else Standing.CHANGED_BY_PERSON
    if shown is None:
        return Standing.CREATED if reset or sent is None else Standing.DELETED_BY_PERSON
    if shown == wanted:
        return Standing.AS_WANTED
    return Standing.UPDATED if reset or shown == sent else Standing.CHANGED_BY_PERSON
