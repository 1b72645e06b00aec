"""What an import did: how many rows were new, changed something, or were there already."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass
class Imported:
    """Counts of rows."""

    new: int = 0
    updated: int = 0
    same: int = 0

    def add(self, *, new: bool, changed: bool) -> None:
        """Count one row."""
        if new:
            self.new += 1
        elif changed:
            self.updated += 1
        else:
            self.same += 1

    @property
    def changed(self) -> bool:
        """Whether anything was stored."""
        return bool(self.new or self.updated)

    @property
    def words(self) -> str:
        """The counts in a sentence."""
        return f"{self.new} mới, {self.updated} bổ sung, {self.same} giữ nguyên"

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)
