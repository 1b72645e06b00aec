"""The levels of government that certify products or receive forwarded ones (domain.md §2)."""

from __future__ import annotations

from enum import StrEnum


class Body(StrEnum):
    """A level that recognises stars; the commune is none, since it gives neither points nor stars."""

    DISTRICT = "district"
    PROVINCE = "province"
    MINISTRY = "ministry"

    @property
    def label(self) -> str:
        """The Vietnamese name of the level."""
        return _LABELS[self]


_LABELS = {
    Body.DISTRICT: "cấp huyện",
    Body.PROVINCE: "cấp tỉnh",
    Body.MINISTRY: "cấp trung ương (Bộ)",
}
