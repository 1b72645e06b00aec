"""What must hold inside a criteria set before anybody is scored with it.

Arithmetic and twin options are *faults*: a set may have them when its file declares them, each exactly as
found. Everything else (order, gates, codes, cases) is *structure* and is never excused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from models.criteria.schema import CriteriaSet, Criterion, Fault, FaultKind, Group

PART_MAXIMA = {"A": 40, "B": 25, "C": 35}
"""Points of the three parts in every set of both decisions [law]."""

Found = tuple[FaultKind, str, int | None, int | None]


def problems(criteria: CriteriaSet) -> list[tuple[str, str]]:
    """All that is wrong with a set as (field, Vietnamese problem); empty when it may be used."""
    return [*_structure(criteria), *_undeclared(criteria)]


def _undeclared(criteria: CriteriaSet) -> Iterator[tuple[str, str]]:
    found = set(_found(criteria))
    declared = Counter(_key(fault) for fault in criteria.faults)
    for kind, at, printed, points in sorted(found - declared.keys(), key=str):
        counted = "" if printed is None else f" (ghi {printed} điểm, cộng được {points})"
        yield at, f"lỗi chưa khai báo trong faults: {kind}{counted}"
    for kind, at, *_ in sorted(declared.keys() - found, key=str):
        yield "faults", f"khai báo lỗi {kind} ở {at} nhưng dữ liệu không có đúng lỗi ấy"
    for (kind, at, *_), times in declared.items():
        if times > 1:
            yield "faults", f"khai báo lỗi {kind} ở {at} {times} lần"


def _key(fault: Fault) -> Found:
    return fault.kind, fault.at, fault.printed, fault.found


def _cases(criteria: CriteriaSet) -> tuple[int | None, ...]:
    return tuple(criteria.cases) or (None,)


def _found(criteria: CriteriaSet) -> Iterator[Found]:
    for part in criteria.parts:
        yield from _sum(FaultKind.PART_SUM, part.code, part.max, [g.max for g in part.groups])
    for group in criteria.groups:
        yield from _sum(FaultKind.GROUP_SUM, group.code, group.max, [c.max for c in group.criteria])
        for sub in group.subgroups:
            inside = [c.max for c in group.criteria if c.under == sub.code]
            yield from _sum(FaultKind.SUBGROUP_SUM, sub.code, sub.max, inside)
        for criterion in group.criteria:
            for case in _cases(criteria):
                yield from _option_faults(criterion, case)


def _sum(kind: FaultKind, at: str, printed: int, inside: list[int]) -> Iterator[Found]:
    if sum(inside) != printed:
        yield kind, at, printed, sum(inside)


def _option_faults(criterion: Criterion, case: int | None) -> Iterator[Found]:
    options = criterion.options_in(case)
    best = max((o.points for o in options), default=criterion.max)
    if best != criterion.max:
        yield FaultKind.OPTIONS_MAX, criterion.code, criterion.max, best
    if len({o.points for o in options}) < len(options):
        yield FaultKind.SAME_POINTS, criterion.code, None, None
    if len({o.label for o in options}) < len(options):
        yield FaultKind.SAME_LABEL, criterion.code, None, None


def _structure(criteria: CriteriaSet) -> Iterator[tuple[str, str]]:
    parts = {part.code: part.max for part in criteria.parts}
    if parts != PART_MAXIMA or len(criteria.parts) != len(PART_MAXIMA):
        yield "parts", "ba phần phải là A 40, B 25, C 35 điểm"
    if len(criteria.cases) == 1:
        yield "cases", "phải có đủ hai trường hợp"
    yield from _twice([c.code for g in criteria.groups for c in g.criteria])
    yield from _twice([g.code for g in criteria.groups])
    for group in criteria.groups:
        yield from _group(group)
        for criterion in group.criteria:
            yield from _criterion(criterion, criteria)


def _twice(codes: list[str]) -> Iterator[tuple[str, str]]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield code, f"mã dùng {times} lần"


def _group(group: Group) -> Iterator[tuple[str, str]]:
    subgroups = [sub.code for sub in group.subgroups]
    yield from _twice(subgroups)
    for criterion in group.criteria:
        code = criterion.code
        # a group without numbered criteria repeats its own number on its single criterion
        if not code.startswith(f"{group.code}.") and (code != group.code or len(group.criteria) > 1):
            yield code, f"mã không thuộc nhóm {group.code}"
        if subgroups and criterion.under not in subgroups:
            yield code, "thiếu nhóm con (under), hoặc nhóm con không có trong nhóm"
        if not subgroups and criterion.under is not None:
            yield code, f"nhóm {group.code} không có nhóm con {criterion.under}"


def _criterion(criterion: Criterion, criteria: CriteriaSet) -> Iterator[tuple[str, str]]:
    if criterion.all_or_nothing == bool(criterion.options):
        yield criterion.code, "phải có các mức điểm, hoặc all_or_nothing và không có mức nào"
    of_case = {o.case for o in criterion.options}
    if of_case not in (set(), {None}, set(criteria.cases)):
        yield criterion.code, "các mức phải chung cho mọi trường hợp, hoặc chia đủ cho từng trường hợp"
    for case in _cases(criteria):
        points = [o.points for o in criterion.options_in(case)]
        if points != sorted(points):
            yield criterion.code, "các mức điểm phải xếp từ thấp đến cao"
        yield from _gates(criterion, case)


def _gates(criterion: Criterion, case: int | None) -> Iterator[tuple[str, str]]:
    stars = [o.gate for o in criterion.options_in(case) if o.gate is not None] + list(criterion.gates)
    if len(set(stars)) < len(stars):
        yield criterion.code, "một sao có hai điều kiện"
    gates = criterion.gates_in(case)
    wrong = {least for least in gates.values() if least == 0 or least not in criterion.printed_points(case)}
    if wrong:
        yield criterion.code, "điều kiện sao phải là một mức điểm có in và lớn hơn 0"
    rising = [gates[star] for star in sorted(gates)]
    if any(low >= high for low, high in pairwise(rising)):
        yield criterion.code, "điều kiện của sao cao hơn phải cao hơn"
