"""Says a result in Vietnamese words: points, gates, star, who certifies, what comes next, what is lacking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from models.criteria import CriteriaSet
from models.regimes import Regime
from models.scoring.labels import GRANTER, LEVEL, number, share
from models.scoring.result import MissedGate, Result
from models.scoring.schema import CouncilRules
from models.scoring.warn import ground_place


def explain(result: Result, criteria: CriteriaSet, council: CouncilRules, regime: Regime) -> str:
    """The whole explanation; a result that is not final says so and why."""
    return " ".join(
        [
            _outcome(result, criteria, council, regime),
            *_higher_gates(result, council),
            *_quorum(result, council),
            *_spread(result, council),
        ]
    )


def _outcome(result: Result, criteria: CriteriaSet, council: CouncilRules, regime: Regime) -> str:
    if result.mean is None:
        points = "Chưa có phiếu chấm nào được tính nên chưa có điểm"
        tail = f"; {_eliminated(result, criteria)}" if result.eliminated else ", chưa xếp hạng"
        return f"{points}{tail}."
    points = f"Đạt {number(result.mean)} điểm (khung {result.band} sao)"
    if result.eliminated:
        return f"{points} nhưng {_eliminated(result, criteria)}."
    return f"{points}{_held_back(result, council)}: {_ranked(result, regime)}."


def _eliminated(result: Result, criteria: CriteriaSet) -> str:
    grounds = []
    for code in result.eliminated:
        printed = "; ".join(criteria.elimination_grounds(code) or ("theo kết luận của hội đồng",))
        grounds.append(f"{ground_place(criteria, code)} ({printed})")
    follows = "không xếp hạng sao, không công nhận, không chuyển hồ sơ lên cấp trên"
    return f"bị loại ở {', '.join(grounds)}: {follows}"


def _held_back(result: Result, council: CouncilRules) -> str:
    missed = [gate for gate in result.missed_gates if gate.stars <= (result.band or 0)]
    return f" nhưng thiếu {_gates(missed, council)}" if missed else ""


def _ranked(result: Result, regime: Regime) -> str:
    said = [f"{'xếp' if result.final else 'tạm xếp'} hạng {result.stars} sao"]
    if result.granted_by is None:
        said.append("không ban hành quyết định, không cấp giấy chứng nhận")
        said.append("thông báo lý do và hướng dẫn chủ thể hoàn thiện")
    else:
        said.append(f"{GRANTER[result.granted_by]} công nhận và cấp giấy chứng nhận")
    if result.forward_to is not None:
        least = next(rule.from_points for rule in regime.forwards if rule.to == result.forward_to)
        said.append(f"chuyển hồ sơ lên {LEVEL[result.forward_to]} (từ {least} điểm trở lên)")
    return "; ".join(said)


def _higher_gates(result: Result, council: CouncilRules) -> Iterator[str]:
    missed = [gate for gate in result.missed_gates if gate.stars > (result.band or 0)]
    if missed and not result.eliminated:
        yield f"Hạng cao hơn còn thiếu {_gates(missed, council)}."


def _gates(missed: Iterable[MissedGate], council: CouncilRules) -> str:
    got = "được" if council.gate_rule == "mean" else "thành viên thấp nhất cho"
    told = []
    for stars, gates in groupby(missed, key=lambda gate: gate.stars):
        each = [f"{g.title} (cần ít nhất {g.least}, {got} {number(g.got)})" for g in gates]
        told.append(f"điều kiện {stars} sao ở tiêu chí {', '.join(each)}")
    return " và ".join(told)


def _quorum(result: Result, council: CouncilRules) -> Iterator[str]:
    if result.quorum_met:
        return
    there = result.attendance
    if there.eligible == 0:
        yield "Không có thành viên nào được chấm: kết quả chưa có giá trị."
        return
    lacking = []
    if there.counting < council.quorum * there.eligible:
        lacking.append(
            f"chỉ có {there.counting}/{there.eligible} thành viên được chấm có phiếu, "
            f"cần ít nhất {share(council.quorum)}"
        )
    if council.chair_present and not there.chaired:
        lacking.append("không có chủ tịch hoặc phó chủ tịch hội đồng cùng chấm")
    yield f"Chưa đủ điều kiện họp: {'; '.join(lacking)}; kết quả chưa có giá trị."


def _spread(result: Result, council: CouncilRules) -> Iterator[str]:
    if result.spread is None or result.spread <= council.spread_limit:
        return
    over = f"Các phiếu chênh nhau {number(result.spread)} điểm, vượt mức {number(council.spread_limit)}"
    if result.needs_rescoring:
        yield f"{over}: hội đồng phải thảo luận và chấm lần hai, giữ cả hai phiếu."
    else:
        yield f"{over}, nhưng đây là lần chấm thứ hai: không chấm lại nữa."
