"""Reading the regimes and choosing among them by the day of receipt and the kind of dossier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml
from pydantic import ValidationError

from models.errors import FinalError, InputError
from models.regimes.kinds import DossierKind
from models.regimes.schema import Regime

_DATA = Path(__file__).parent / "data"
_REMEDY = "Sửa tệp dữ liệu chế độ cho đúng quyết định hoặc cài lại phần mềm."


def parse_regime(raw: Mapping[str, object], where: str) -> Regime:
    """One regime from its data; `where` names the file. Raises `FinalError` with every fault found."""
    try:
        return Regime.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise FinalError(f"Dữ liệu chế độ sai: {faults}", field=where, remedy=_REMEDY) from error


def check_regimes(found: Iterable[Regime]) -> tuple[Regime, ...]:
    """The regimes in order of time. Raises `FinalError` when they leave or share a day, or name no regime."""
    ordered = tuple(sorted(found, key=lambda regime: regime.received_from))
    for kind in DossierKind:
        _check_days([regime for regime in ordered if kind in regime.kinds], kind)
    seen: set[str] = set()
    for regime in ordered:
        unknown = set(regime.transition.from_regimes) - seen if regime.transition else set()
        if unknown or regime.code in seen:
            raise _faulty(regime, f"mã lặp lại hoặc chuyển tiếp từ chế độ chưa có: {sorted(unknown)}")
        seen.add(regime.code)
    return ordered


def _check_days(ordered: Sequence[Regime], kind: DossierKind) -> None:
    if not ordered:
        raise FinalError(f"Không chế độ nào nhận hồ sơ {kind.label}", field="regimes", remedy=_REMEDY)
    for earlier, later in pairwise(ordered):
        if earlier.received_to != later.received_from - timedelta(days=1):
            raise _faulty(earlier, f"thời gian không nối liền với {later.code} (hồ sơ {kind.label})")
    if ordered[-1].received_to is not None:
        raise _faulty(ordered[-1], f"chế độ cuối phải còn mở (hồ sơ {kind.label})")


def _faulty(regime: Regime, problem: str) -> FinalError:
    return FinalError(f"Dữ liệu chế độ sai: {problem}", field=regime.code, remedy=_REMEDY)


def read_regimes(folder: Path) -> tuple[Regime, ...]:
    """All regimes of a folder, one YAML file each, named by its code. Raises `FinalError` on faulty data."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        regime = parse_regime(_read_yaml(path), path.name)
        if regime.code != path.stem:
            raise FinalError(f"Mã {regime.code} khác tên tệp", field=path.name, remedy=_REMEDY)
        found.append(regime)
    return check_regimes(found)


def _read_yaml(path: Path) -> dict[str, object]:
    try:
        return dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (yaml.YAMLError, TypeError, ValueError) as error:
        raise FinalError(f"Không đọc được tệp: {error}", field=path.name, remedy=_REMEDY) from error


@cache
def regimes() -> tuple[Regime, ...]:
    """The regimes that the software ships, in order of time."""
    return read_regimes(_DATA)


def load_regime(code: str) -> Regime:
    """The regime of this code. Raises `InputError` (field `regime`) when there is none."""
    for regime in regimes():
        if regime.code == code:
            return regime
    known = ", ".join(regime.code for regime in regimes())
    raise InputError(f"Không có chế độ “{code}”", field="regime", remedy=f"Dùng một trong các mã: {known}.")


def regime_for(received: date, kind: DossierKind) -> Regime:
    """The regime of a dossier of this kind received on this day; it keeps it to the end (domain.md §2).

    Raises `InputError` (field `received`) for days before the first regime, 21/08/2019.
    """
    for regime in regimes():
        if regime.takes(received, kind):
            return regime
    raise _too_early(received, "received")


def regime_in_force(day: date, field: str = "on") -> Regime:
    """The regime whose decision governs acts of this day, such as notices about a certificate.

    Raises `InputError` (on `field`) for days before the first regime.
    """
    started = [regime for regime in regimes() if regime.received_from <= day]
    if not started:
        raise _too_early(day, field)
    return started[-1]


def _too_early(day: date, field: str) -> InputError:
    first = regimes()[0].received_from
    return InputError(
        f"Ngày {day:%d/%m/%Y} trước khi có bộ tiêu chí OCOP đầu tiên",
        field=field,
        remedy=f"Nhập ngày từ {first:%d/%m/%Y} trở đi.",
    )


def finish_by(received: date, kind: DossierKind, pending_on: date | None) -> date | None:
    """The last day to finish, under its old rules, a dossier still not evaluated on `pending_on`.

    Null when no newer decision sets such a limit. A date in law: days off do not move it [law, 26/2026
    Điều 11–12]. Raises `InputError` when `pending_on` is before `received`.
    """
    own = regime_for(received, kind)
    if pending_on is None:
        return None
    if pending_on < received:
        raise InputError(
            f"Ngày {pending_on:%d/%m/%Y} trước ngày nhận hồ sơ {received:%d/%m/%Y}",
            field="pending_on",
            remedy="Nhập ngày mà hồ sơ còn chưa được đánh giá, không trước ngày nhận.",
        )
    for later in regimes():
        rule = later.transition
        if rule is not None and own.code in rule.from_regimes and pending_on >= rule.starts:
            return rule.finish_by(kind)
    return None
