"""The data that a state sees, in AWS's format: times, undefined results, compact JSON."""

import json
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.asl.component.state import state as state_module
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.eval.states import States
from moto.stepfunctions.parser.asl.parse import preprocessor
from moto.stepfunctions.parser.asl.utils import encoding
from moto.stepfunctions.parser.backend import execution_worker
from moto.stepfunctions.parser.backend.execution import Execution

from sandbox.patches import replaced, wrapped


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _entered(**fields: Any) -> dict[str, Any]:
    return fields | {"EnteredTime": _timestamp(datetime.now(UTC))}


def _first_attempt(**fields: Any) -> dict[str, Any]:
    # The sandbox does not redrive, so this is always the first attempt.
    return fields | {"RedriveCount": 0}


def _start_details(original: Any, self: Any) -> Any:
    found: Any = original(self)
    found.start_time = _timestamp(self.start_date)
    return found


def _reset(original: Any, self: Any, input_value: Any) -> None:
    original(self, input_value)
    del self._states_data["result"], self._states_data["errorOutput"]


def _compact(original: Any, self: Any, **options: Any) -> None:
    options.update(ensure_ascii=False, separators=options.get("separators") or (",", ":"))
    original(self, **options)


def _measured(original: Any, self: Any, env: Any, raw_parameters: Any, **others: Any) -> None:
    self._verify_size_quota(env, raw_parameters)
    original(self, env=env, raw_parameters=raw_parameters, **others)


def _unescaped(original: Any, parser_rule_context: Any) -> Any:
    inner = original(parser_rule_context)
    return inner if inner is None or "\\" not in inner else json.loads(f'"{inner}"')


PATCHES = (
    replaced(state_module, "StateData", _entered, "writes EnteredTime with other digits than AWS"),
    replaced(execution_worker, "ExecutionData", _first_attempt, "leaves RedriveCount out of the context object"),
    wrapped(Execution, "get_start_execution_details", _start_details, "writes StartTime with other digits than AWS"),
    wrapped(States, "reset", _reset, "defines $states.result and $states.errorOutput as null where AWS has none"),
    wrapped(
        encoding._DateTimeEncoder, "__init__", _compact, "counts escapes and blanks against the limit of 262,144 bytes"
    ),
    wrapped(StateTaskService, "_before_eval_execution", _measured, "does not measure a task's parameters"),
    wrapped(preprocessor.Preprocessor, "_inner_string_of", _unescaped, "takes names and keys with their escapes"),
)
