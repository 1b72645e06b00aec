"""Automations of ours in Prefect: what it does by itself when an event comes, or does not come.

No deadline hangs on them (docs/traps.md, 8): they pass on what `watch` found, and look after runs and workers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.client.schemas.objects import WorkPool
from prefect.events.actions import ActionTypes, RunDeployment, SendNotification
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger, Posture

from deployments.alerting import alert_block
from deployments.keeping import Facts, Standing, decide
from deployments.remembering import recall, remember
from models.database import reading
from models.settings import settings
from tasks.prefect_client import talking
from tasks.watching import POOL

SENT = "prefect-automations"
OVERDUE = "OCOP · việc quá hạn → gửi cảnh báo"
FAILED = "OCOP · lượt chạy lỗi → chạy lại, báo điều phối"
SILENT = "OCOP · lượt chạy im lặng → chạy lại, báo điều phối"
OFFLINE = "OCOP · không còn tiến trình xử lý → báo điều phối"
OFFLINE_ALERT = "OCOP · không còn tiến trình xử lý → gửi cảnh báo"
DUE_IN_WORDS = "{{ event.resource.get('ocop.due-on', '').split('-') | reverse | join('/') }}"
SINCE_IN_WORDS = "{{ event.occurred.strftime('%H:%M ngày %d/%m/%Y') }} (giờ UTC)"
"""Days of events as people read them, in the templates of Prefect."""
CARERS = ("run-trouble", "worker-offline")
"""Flows that look after the others: their own failures set off nothing, or they would go round for ever."""
_COMPARED = {"description", "enabled", "trigger", "actions", "actions_on_trigger", "actions_on_resolve"}


@dataclass(frozen=True)
class Patience:
    """How long is waited before something counts as wrong, and how often a run is started again a day [ours]."""

    silent: timedelta = timedelta(minutes=10)  # three signs of life of Prefect's own engine, for its stock pools
    offline: timedelta = timedelta(minutes=2)
    most: int = 3
    pause_seconds: int = 60


@dataclass(frozen=True)
class AutomationLine:
    """One automation after deploying: whether it is on, and how it came to stand so."""

    name: str
    enabled: bool
    standing: Standing


USUAL = Patience()


def keep_automations(
    ids: Mapping[str, UUID], pool: str = POOL, *, reset: bool = False, patience: Patience = USUAL
) -> list[AutomationLine]:
    """Bring our automations, found by name, to what the settings ask for; what a person changed stays.

    Without `OCOP_ALERT_URL` there is nowhere to send an alert, and the two that send one are not made.

    Raises:
        InputError: `OCOP_ALERT_URL` is no web address.
        RetryableError: Prefect does not answer.
    """
    with talking() as client:
        wanted = {one.name: one for one in _wanted(ids, client.read_work_pool(pool), patience)}
        shown = {one.name: one for one in client.read_automations()}
    with reading() as session:
        sent = recall(session, SENT)
    lines = []
    for name in dict.fromkeys([*wanted, *sent]):
        line, facts = _keep(name, wanted.get(name), sent.get(name), shown.get(name), reset)
        remember(SENT, {name: facts})
        lines += [line] if line is not None else []
    return lines


def _keep(
    name: str, wanted: AutomationCore | None, sent: Facts | None, shown: Automation | None, reset: bool
) -> tuple[AutomationLine | None, Facts | None]:
    ours = automation_facts(wanted) if wanted is not None else None
    theirs = automation_facts(shown) if shown is not None else None
    standing = decide(ours, sent, theirs, reset=reset)
    with talking() as client:
        if standing is Standing.CREATED and wanted is not None:
            client.create_automation(wanted)
        elif standing is Standing.UPDATED and wanted is not None and shown is not None:
            client.update_automation(shown.id, wanted)
        elif standing is Standing.REMOVED and shown is not None:
            client.delete_automation(shown.id)
    if standing is None or standing is Standing.REMOVED:
        return None, None
    if standing in {Standing.CHANGED_BY_PERSON, Standing.DELETED_BY_PERSON}:
        return AutomationLine(name, bool(theirs and theirs["enabled"]), standing), sent or {}
    return AutomationLine(name, True, standing), ours


def automation_facts(automation: AutomationCore) -> Facts:
    """An automation as plain JSON that can be compared: sets in order, nothing that the server adds."""
    facts: Facts = automation.model_dump(mode="json", include=_COMPARED)
    trigger = facts["trigger"]
    for name in ("expect", "after", "for_each"):
        trigger[name] = sorted(trigger.get(name, []))
    trigger.pop("id", None)
    return facts


def _wanted(ids: Mapping[str, UUID], pool: WorkPool, patience: Patience) -> list[AutomationCore]:
    watched = [f"prefect.deployment.{number}" for flow, number in ids.items() if flow not in CARERS]
    run = {
        "run_id": "{{ event.resource.id | replace('prefect.flow-run.', '') }}",
        "most": patience.most,
        "pause_seconds": patience.pause_seconds,
    }
    failed = _run(ids["run-trouble"], run)
    silent = _run(ids["run-trouble"], run | {"silent_since": "{{ event.occurred.isoformat() }}"})
    away = _run(ids["worker-offline"], {"pool": pool.name, "since": "{{ event.occurred.isoformat() }}"})
    found = [
        _automation(FAILED, "Chạy lại có giới hạn; báo lần đầu và khi thôi.", _failed(watched), failed),
        _automation(SILENT, "Lượt chạy đang «Running» mà nhịp báo sống đã dừng.", _silent(watched, patience), silent),
        _automation(OFFLINE, "Báo khi có tiến trình chạy lại.", _offline(pool, patience), away),
    ]
    block = alert_block(settings().alert_url)
    if block is not None:
        overdue = _alert(block, "Quá hạn: {{ event.resource.name }}", f"Hạn {DUE_IN_WORDS}.")
        stopped = _alert(block, "OCOP: không còn tiến trình xử lý", f"Ngừng từ {SINCE_IN_WORDS}.")
        found += [
            _automation(OVERDUE, "Gửi tới OCOP_ALERT_URL.", _overdue(), overdue),
            _automation(OFFLINE_ALERT, "Gửi tới OCOP_ALERT_URL.", _offline(pool, patience), stopped),
        ]
    return found


def _automation(name: str, description: str, trigger: EventTrigger, action: ActionTypes) -> AutomationCore:
    return AutomationCore(name=name, description=description, trigger=trigger, actions=[action])


def _run(deployment: UUID, parameters: Mapping[str, Any]) -> RunDeployment:
    return RunDeployment(source="selected", deployment_id=deployment, parameters=dict(parameters))


def _alert(block: UUID, subject: str, body: str) -> SendNotification:
    return SendNotification(block_document_id=block, subject=subject, body=body)


def _overdue() -> EventTrigger:
    return EventTrigger(
        expect={"ocop.step.overdue"}, for_each={"prefect.resource.id"}, posture=Posture.Reactive, threshold=1
    )


def _failed(deployments: Sequence[str]) -> EventTrigger:
    return EventTrigger(
        expect={"prefect.flow-run.*"},  # a state's own name is in the event's: its type is what counts
        match={"prefect.resource.id": "prefect.flow-run.*", "prefect.state-type": ["FAILED", "CRASHED"]},
        match_related=_of(deployments),
        for_each={"prefect.resource.id"},
        posture=Posture.Reactive,
        threshold=1,
    )


def _silent(deployments: Sequence[str], patience: Patience) -> EventTrigger:
    return EventTrigger(
        # Only after a heartbeat: a trigger that followed every start would write twice for each of our short runs.
        after={"prefect.flow-run.heartbeat"},
        expect={"prefect.flow-run.*"},
        match={"prefect.resource.id": "prefect.flow-run.*"},
        match_related=_of(deployments),
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=patience.silent,
    )


def _offline(pool: WorkPool, patience: Patience) -> EventTrigger:
    # At each start the server finds the worker of the last time gone, seconds before the new one is there.
    return EventTrigger(
        after={"prefect.work-pool.not-ready"},
        expect={"prefect.work-pool.ready"},
        match={"prefect.resource.id": f"prefect.work-pool.{pool.id}"},
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=patience.offline,
    )


def _of(deployments: Sequence[str]) -> dict[str, Any]:
    return {"prefect.resource.role": "deployment", "prefect.resource.id": list(deployments)}
