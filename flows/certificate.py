"""A certificate's life: the daily look at all of them, and one run for each case that is under way."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.procedure import inspection_procedure, renewal_procedure, revocation_procedure
from flows.reaching import SUPERSEDED, Engine, follow
from models.database import reading, transaction
from models.office_clock import clock_for
from models.process import Scope
from models.settings import settings
from models.steps.cases import load_case, mark_run_ended
from models.subjects import split_subject
from tasks.certificates import sweep_certificates

PROCEDURES = {
    Scope.RENEWAL: renewal_procedure,
    Scope.INSPECTION: inspection_procedure,
    Scope.REVOCATION: revocation_procedure,
}


@flow(name="certificate", persist_result=False, validate_parameters=False)
async def certificate(case: str) -> State[Any]:
    """One case of one certificate (`renewal:12`); safe to run again at any time. No case, no run."""
    name = await follow(Engine(case), PROCEDURES[split_subject(case)[0]], ended="Đã kết thúc")
    if name == SUPERSEDED:
        return Completed(name=name, message="Việc này đang chạy tiếp ở lượt chạy mới hơn.")
    with transaction() as session:
        mark_run_ended(session, case, clock_for(session, settings()).now())
    with reading() as session:
        because = load_case(session, case).ended_because
    return Completed(name=name, message=because or name)


@flow(name="certificate-sweep", persist_result=False, validate_parameters=False)
async def certificate_sweep() -> str:
    """Claim every milestone that certificates have newly passed; running it twice tells nobody twice."""
    passed = await sweep_certificates()
    return f"{passed} giấy chứng nhận qua mốc mới"
