"""The Invoke API of Lambda: synchronous, asynchronous and dry-run, with AWS's limits and errors."""

import json
from typing import Any
from urllib.parse import unquote

import moto.core.responses
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse

from sandbox.patches import MOTO_ISSUES, Patch, replaced, wrapped
from sandbox.services.lambda_.async_invocations import AsyncInvocations
from sandbox.services.lambda_.functions import Functions, Result
from sandbox.services.lambda_.pool import StoppedError, ThrottledError

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB synchronous, 1 MB asynchronous.
MAX_SYNCHRONOUS_REQUEST_BYTES = 6_291_456
MAX_ASYNCHRONOUS_REQUEST_BYTES = 1_048_576


class _InvokeError(LambdaClientError):
    """An error of the Invoke API itself (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html)."""

    def __init__(self, status: int, name: str, message: str, **fields: str) -> None:
        super().__init__(name, message)
        self.code = status
        self.description = json.dumps({"Type": "User", "message": message, **fields})


def patches(functions: Functions, asynchronous: AsyncInvocations) -> tuple[Patch, ...]:
    """Return the patches that make Invoke, and moto's services that invoke functions, run them."""

    def invoke(response: LambdaResponse) -> tuple[int, dict[str, str], bytes]:
        name = unquote(response.path.rsplit("/", 2)[-2])
        function = response.backend.get_function(name, response._get_param("Qualifier"))
        body = response.body
        payload = (body.encode() if isinstance(body, str) else body) or b"{}"
        kind = response.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        wants_log = response.headers.get("X-Amz-Log-Type") == "Tail"
        return _invoke(functions, asynchronous, function, payload, kind, wants_log)

    def invoke_from_moto(function: LambdaFunction, body: str, _request: Any, response_headers: dict[str, str]) -> bytes:
        result = functions.invoke(function, body.encode())
        if result.failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        return result.payload

    reason, issue = "needs Docker to run a function", f"{MOTO_ISSUES}/9916"
    return (
        replaced(LambdaResponse, "invoke", invoke, reason, issue),
        replaced(LambdaFunction, "invoke", invoke_from_moto, reason, issue),
        wrapped(
            moto.core.responses,
            "gen_amzn_requestid_long",
            _keeping_given_id,
            "puts another request id over the one that a function saw",
        ),
    )


def _keeping_given_id(original: Any, headers: dict[str, str]) -> str:
    """Keep the function's request id in the answer of Invoke; moto would replace it."""
    return headers.get("x-amzn-requestid") or str(original(headers))


def _invoke(
    functions: Functions,
    asynchronous: AsyncInvocations,
    function: LambdaFunction,
    payload: bytes,
    kind: str,
    wants_log: bool,
) -> tuple[int, dict[str, str], bytes]:
    _check(payload, MAX_ASYNCHRONOUS_REQUEST_BYTES if kind == "Event" else MAX_SYNCHRONOUS_REQUEST_BYTES)
    if kind == "DryRun":
        return 204, {"status": "204"}, b""
    if kind == "Event":
        return 202, {"status": "202", "x-amzn-requestid": asynchronous.invoke(function, payload)}, b""
    try:
        result = functions.invoke(function, payload)
    except ThrottledError:
        reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
        raise _InvokeError(429, "TooManyRequestsException", "Rate Exceeded.", Reason=reason) from None
    except StoppedError:
        raise _InvokeError(503, "ServiceException", "the sandbox is going down") from None
    return 200, _headers(function, result, wants_log), result.payload


def _check(payload: bytes, limit: int) -> None:
    if len(payload) > limit:
        message = f"Request must be smaller than {limit} bytes for the InvokeFunction operation"
        raise _InvokeError(413, "RequestEntityTooLargeException", message)
    try:
        json.loads(payload)
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise _InvokeError(400, "InvalidRequestContentException", message) from error


def _headers(function: LambdaFunction, result: Result, wants_log: bool) -> dict[str, str]:
    headers = {
        "content-type": "application/json",
        "x-amzn-requestid": result.request_id,
        "x-amz-executed-version": str(function.version),
    }
    if result.failed:
        headers["x-amz-function-error"] = "Unhandled"
    if wants_log:
        headers["x-amz-log-result"] = result.log_tail
    return headers
