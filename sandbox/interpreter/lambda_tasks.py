"""`lambda:invoke` tasks: names of the errors of the Invoke API itself.

AWS calls the API with the SDK for Java: modelled errors keep their names, any other error (denied access, a 503) is
`Lambda.AWSLambdaException`, and a missing answer is `Lambda.SdkClientException`.
https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
"""

from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_lambda import (
    StateTaskServiceLambda,
)

from sandbox.interpreter.failures import task_failure
from sandbox.patches import wrapped

UNNAMED, UNREACHABLE = "Lambda.AWSLambdaException", "Lambda.SdkClientException"


def _failure(task: Any, env: Any, error: str, cause: str) -> Any:
    return task_failure(env, error, cause, task._get_sfn_resource_type(), task._get_sfn_resource())


def _error_and_cause(original: Any, error: ClientError) -> tuple[str, str]:
    name, cause = original(error)
    # The SDK raises its general exception for errors that it does not model, such as denied access.
    return (UNNAMED if type(error) is ClientError else name), cause


def _explained(original: Any, self: Any, env: Any, ex: Exception) -> Any:
    if isinstance(ex, HTTPClientError | ConnectionError):
        return _failure(self, env, UNREACHABLE, f"Unable to execute HTTP request: {ex}")
    if isinstance(ex, ClientError):
        ex.response["ResponseMetadata"].setdefault("RequestId", "null")
        if type(ex) is ClientError:
            return _failure(self, env, UNNAMED, self._error_cause_from_client_error(ex)[1])
    return original(self, env, ex)


PATCHES = (
    wrapped(
        StateTaskServiceLambda,
        "_error_cause_from_client_error",
        _error_and_cause,
        "does not know Lambda.AWSLambdaException",
    ),
    wrapped(StateTaskServiceLambda, "_from_error", _explained, "does not name an Invoke without an answer"),
)
