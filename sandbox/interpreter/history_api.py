"""GetExecutionHistory with its parameters for pages, reverse order and execution data.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from typing import Any

from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.interpreter.execution_logs import EXECUTION_DATA
from sandbox.patches import replaced

# maxResults: "The default is 100 and the maximum allowed page size is 1000. A value of 0 uses the default."
DEFAULT_PAGE = 100


class InvalidTokenError(AWSError):
    """A nextToken that no answer contained."""

    TYPE = "InvalidToken"


def _get_execution_history(self: Any) -> ActionResult:
    execution_arn, token = self._get_param("executionArn"), self._get_param("nextToken")
    events = self.stepfunction_backend.get_execution_history(execution_arn)["events"]
    if self._get_bool_param("reverseOrder", False):
        events = events[::-1]
    if token is not None and not (token.isdecimal() and int(token) < len(events)):
        raise InvalidTokenError(f"Invalid Token: '{token}'")
    start = int(token or 0)
    end = start + (self._get_int_param("maxResults") or DEFAULT_PAGE)
    page = events[start:end]
    if self._get_bool_param("includeExecutionData", True) is False:
        page = [_without_data(event) for event in page]
    return ActionResult({"events": page} | ({"nextToken": str(end)} if end < len(events) else {}))


def _without_data(event: Any) -> Any:
    return {
        name: {key: each for key, each in value.items() if key not in EXECUTION_DATA}
        if isinstance(value, dict)
        else value
        for name, value in event.items()
    }


PATCHES = (
    replaced(
        StepFunctionResponse,
        "get_execution_history",
        _get_execution_history,
        "ignores pages, reverseOrder and includeExecutionData",
    ),
)
