"""`lambda:invoke` tasks: what the errors of the Invoke API itself are called.

AWS calls it with the SDK for Java: what the service's model names keeps its name, every other answer (a denied access,
a 503) is `Lambda.AWSLambdaException`, and no answer at all is `Lambda.SdkClientException`.
https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
"""

import functools
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_lambda import (
    StateTaskServiceLambda,
)

from sandbox.interpreter.patch import replace

UNNAMED, UNREACHABLE = "Lambda.AWSLambdaException", "Lambda.SdkClientException"


@functools.cache
def install() -> None:
    """Name the errors as described in the module's first lines."""
    explain = StateTaskServiceLambda._from_error

    def explain_failure(self: Any, env: Any, ex: Exception) -> Any:
        if isinstance(ex, HTTPClientError | ConnectionError):
            return _failure(self, env, UNREACHABLE, f"Unable to execute HTTP request: {ex}")
        if isinstance(ex, ClientError):
            ex.response["ResponseMetadata"].setdefault("RequestId", "null")
            if type(ex) is ClientError:
                return _failure(self, env, UNNAMED, self._error_cause_from_client_error(ex)[1])
        return explain(self, env, ex)

    replace(StateTaskServiceLambda, "_from_error", explain_failure)


def _failure(task: Any, env: Any, error: str, cause: str) -> Any:
    details: Any = {
        "taskFailedEventDetails": {
            "error": error,
            "cause": cause,
            "resource": task._get_sfn_resource(),
            "resourceType": task._get_sfn_resource_type(),
        }
    }
    return FailureEvent(
        env=env, error_name=CustomErrorName(error), event_type=HistoryEventType.TaskFailed, event_details=details
    )
