"""A distributed Map fails when more of its children fail than it tolerates; moto lets any number fail.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html (Tolerated failure threshold)
"""

from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import distributed_iteration_component

from sandbox.interpreter.failures import state_failure
from sandbox.patches import wrapped


def _exceeds(eval_input: Any, items: int) -> bool:
    counted = eval_input.map_run_record.item_counter
    failed = counted.failed.get() + counted.timed_out.get() + counted.aborted.get()
    count, percentage = eval_input.tolerated_failure_count, eval_input.tolerated_failure_percentage
    if not count and not percentage:
        return bool(failed)
    return bool(count and failed > count) or bool(percentage and failed * 100 > percentage * items)


def _counted(original: Any, self: Any, env: Any, eval_input: Any) -> None:
    items = len(env.stack[-1])
    original(self, env, eval_input)
    if _exceeds(eval_input, items):
        kind = StatesErrorNameType.StatesExceedToleratedFailureThreshold
        cause = "The specified tolerated failure threshold was exceeded"
        raise state_failure(env, kind, cause, HistoryEventType.MapRunFailed)


PATCHES = (
    wrapped(
        distributed_iteration_component.DistributedIterationComponent,
        "_map_run",
        _counted,
        "lets any number of a distributed Map's children fail",
    ),
)
