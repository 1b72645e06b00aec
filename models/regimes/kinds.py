"""The three kinds of dossier (domain.md §3), with their Vietnamese names."""

from __future__ import annotations

from enum import StrEnum


class DossierKind(StrEnum):
    """Why a product is put forward: for the first time, for more stars, or because its certificate ends."""

    FIRST = "first"
    UPGRADE = "upgrade"
    RENEWAL = "renewal"

    @property
    def label(self) -> str:
        """The Vietnamese name of the kind."""
        return _LABELS[self]


_LABELS = {
    DossierKind.FIRST: "lần đầu",
    DossierKind.UPGRADE: "nâng hạng",
    DossierKind.RENEWAL: "đánh giá lại",
}
