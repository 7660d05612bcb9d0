"""The data that a state sees, as AWS writes it: times, undefined results, compact JSON."""

import functools
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

from sandbox.interpreter.patch import replace


@functools.cache
def install() -> None:
    """Write the context object, `$states` and JSON as AWS does."""

    def timestamp(moment: datetime) -> str:
        return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def entered(**fields: Any) -> dict[str, Any]:
        return fields | {"EnteredTime": timestamp(datetime.now(UTC))}

    replace(state_module, "StateData", entered)

    # The sandbox does not redrive, so this is always the first attempt.
    replace(execution_worker, "ExecutionData", lambda **fields: fields | {"RedriveCount": 0})

    details = Execution.get_start_execution_details

    def start_details(self: Any) -> Any:
        found: Any = details(self)
        found.start_time = timestamp(self.start_date)
        return found

    replace(Execution, "get_start_execution_details", start_details)

    reset = States.reset

    def reset_fields(self: Any, input_value: Any) -> None:
        # $states.result and $states.errorOutput are undefined, not null, where there is none.
        reset(self, input_value)
        del self._states_data["result"], self._states_data["errorOutput"]

    replace(States, "reset", reset_fields)

    # moto escapes all that is not ASCII and adds blanks, and counts those against the limit of 262,144 bytes.
    initialise = encoding._DateTimeEncoder.__init__

    def compact(self: Any, **options: Any) -> None:
        options.update(ensure_ascii=False, separators=options.get("separators") or (",", ":"))
        initialise(self, **options)

    replace(encoding._DateTimeEncoder, "__init__", compact)

    # moto measures what a task gives, and not what it is given.
    before_execution = StateTaskService._before_eval_execution

    def measured(self: Any, env: Any, raw_parameters: Any, **others: Any) -> None:
        self._verify_size_quota(env, raw_parameters)
        before_execution(self, env=env, raw_parameters=raw_parameters, **others)

    replace(StateTaskService, "_before_eval_execution", measured)

    # moto takes names and keys as they stand in the text, with their escapes.
    inner_string = preprocessor.Preprocessor._inner_string_of

    def unescaped(parser_rule_context: Any) -> Any:
        inner = inner_string(parser_rule_context)
        return inner if inner is None or "\\" not in inner else json.loads(f'"{inner}"')

    replace(preprocessor.Preprocessor, "_inner_string_of", staticmethod(unescaped))
