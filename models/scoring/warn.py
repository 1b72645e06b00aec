"""What a result must be read with: faults of the set, and readings of ours that took effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.criteria import DOSSIER, CriteriaSet
from models.scoring.schema import Role, Sheet


def warnings(
    criteria: CriteriaSet, case: int | None, sheets: Sequence[Sheet], eliminations: Sequence[str]
) -> tuple[str, ...]:
    """All warnings of one scoring, in Vietnamese; the sheets have been checked before."""
    return (
        *criteria.known_faults(),
        *_case_ignored(criteria, case),
        *_chairs(sheets),
        *_unprinted_zeros(criteria, case if criteria.cases else None, sheets),
        *_no_ground(criteria, eliminations),
    )


def _case_ignored(criteria: CriteriaSet, case: int | None) -> Iterator[str]:
    if case is not None and not criteria.cases:
        yield f"Bộ {criteria.number} không chia trường hợp: bỏ qua case {case}."


def _chairs(sheets: Sequence[Sheet]) -> Iterator[str]:
    chairs = [sheet.member for sheet in sheets if sheet.role is Role.CHAIR]
    if len(chairs) > 1:
        yield f"Có {len(chairs)} phiếu ghi vai trò chủ tịch hội đồng: {', '.join(chairs)}."


def _unprinted_zeros(criteria: CriteriaSet, case: int | None, sheets: Sequence[Sheet]) -> Iterator[str]:
    for criterion in criteria.criteria.values():
        if 0 in criterion.printed_points(case):
            continue
        givers = [s.member for s in sheets if s.counts and s.choices[criterion.code] == 0]
        if givers:
            yield (
                f"Tiêu chí {criterion.title} không in mức 0 điểm; {', '.join(givers)} cho 0, hiểu là không đạt mức nào."
            )


def _no_ground(criteria: CriteriaSet, eliminations: Sequence[str]) -> Iterator[str]:
    for code in dict.fromkeys(eliminations):
        if not criteria.elimination_grounds(code):
            where = ground_place(criteria, code)
            yield f"Bộ tiêu chí không in căn cứ loại ở {where}: biên bản phải ghi rõ lý do loại."


def ground_place(criteria: CriteriaSet, code: str) -> str:
    """What an elimination names, as people read it: a criterion, a group or the whole dossier."""
    if code in criteria.criteria:
        return f"tiêu chí {criteria.title_of(code)}"
    return "hồ sơ" if code == DOSSIER else f"nhóm {criteria.title_of(code)}"
