"""Work items: open, complete, extend, cancel; their clocks and who may close them."""

from models.subjects import attempt_subject, item_key, round_subject, split_subject
from models.work_items.authority import addressee, check_may_close
from models.work_items.closing import complete, find_item
from models.work_items.opening import Addressee, cancel_open_items, extend, open_item
from models.work_items.suspending import resume, suspend

__all__ = [
    "Addressee",
    "addressee",
    "attempt_subject",
    "cancel_open_items",
    "check_may_close",
    "complete",
    "extend",
    "find_item",
    "item_key",
    "open_item",
    "resume",
    "round_subject",
    "split_subject",
    "suspend",
]
