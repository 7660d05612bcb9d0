"""`states:startExecution` and its `.sync:2`: arguments and results are spelled as on AWS.

Tasks use StateMachineArn, ExecutionArn, Output; the API, to which moto passes them unchanged, has
stateMachineArn, executionArn, output.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
"""

from datetime import datetime
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)

from sandbox.patches import replaced, wrapped


def _rename(fields: dict[str, Any], case: Any) -> None:
    for name in list(fields):
        fields[case(name[:1]) + name[1:]] = fields.pop(name)


def _to_api(original: Any, self: Any, parameters: dict[str, Any], *args: Any, **options: Any) -> None:
    original(self, parameters, *args, **options)
    _rename(parameters, str.lower)


def _from_api(_self: Any, response: dict[str, Any], *_args: Any, **_options: Any) -> None:
    _rename(response, str.upper)
    for name, value in response.items():
        if isinstance(value, datetime):
            response[name] = int(value.timestamp() * 1000)


PATCHES = (
    wrapped(StateTaskServiceSfn, "_normalise_parameters", _to_api, "calls StartExecution with misspelt parameters"),
    replaced(StateTaskServiceSfn, "_normalise_response", _from_api, "spells results as the API does"),
)
