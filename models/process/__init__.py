"""The process as data: what each step is, who closes it, what people see while it waits."""

from models.process.kinds import Scope, StepKind
from models.process.schema import (
    StepDefinition,
    place_in_order,
    process_version,
    stage_tag,
    step_definition,
)

__all__ = ["Scope", "StepDefinition", "StepKind", "place_in_order", "process_version", "stage_tag", "step_definition"]
