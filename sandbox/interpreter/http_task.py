"""HTTP Tasks: `arn:aws:states:::http:invoke` through an EventBridge connection.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
The sandbox differs from AWS in one point: plain http:// is allowed to this machine's loopback addresses.
"""

import contextlib
import http.client
import json
import socket
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Final

from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.quotas import MAX_STATE_SIZE_UTF8_BYTES

from sandbox import surrogates
from sandbox.faults import injection
from sandbox.faults.effects import exchanged
from sandbox.interpreter import connections, http_permissions, http_request
from sandbox.interpreter.failures import task_failure
from sandbox.interpreter.http_exchange import TIMEOUT_SECONDS, exchange_of, occasion_of
from sandbox.interpreter.http_request import HttpTaskError
from sandbox.patches import wrapped

REFUSED_CONTENT: Final = ("image/", "video/", "audio/", "application/octet-stream")
ARGUMENTS: Final = frozenset(
    {
        "ApiEndpoint",
        "Method",
        "Authentication",
        "InvocationConfig",
        "Headers",
        "QueryParameters",
        "RequestBody",
        "Transform",
    }
)


class HttpTask(StateTaskService):
    """The state `arn:aws:states:::http:invoke`."""

    def _get_supported_parameters(self) -> set[str]:
        return set(ARGUMENTS)

    def _from_error(self, env: Any, ex: Exception) -> Any:
        if isinstance(ex, HttpTaskError):
            return task_failure(env, ex.name, str(ex), "http", "invoke")
        return super()._from_error(env=env, ex=ex)

    def _eval_service_task(
        self, env: Any, resource_runtime_part: Any, normalised_parameters: Any, state_credentials: Any
    ) -> None:
        http_permissions.require(env, state_credentials.role_arn, normalised_parameters, resource_runtime_part)
        account, region = resource_runtime_part.account, resource_runtime_part.region
        exchange = exchange_of(lambda: invoke(normalised_parameters, account, region))
        occasion = occasion_of(normalised_parameters, state_credentials.role_arn)
        env.stack.append(exchanged(injection.in_force.value, occasion, exchange))


def invoke(arguments: dict[str, Any], account: str, region: str) -> dict[str, Any]:
    """Call an API with these Arguments, and return `{Headers, ResponseBody, StatusCode, StatusText}`.

    Raises HttpTaskError: `States.Http.StatusCode.<n>` for an answer that is not 2xx, `States.Http.Socket` for none
    within 60 s, `States.Runtime` for arguments that AWS refuses, `Events.ConnectionResource.*` for the connection.
    """
    request = http_request.build(arguments, account, region)
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            return _result(response, response.status, response.reason)
    except urllib.error.HTTPError as error:
        with error:
            connections.deauthorize_if_refused(error.code, connections.named_in(arguments), account, region)
            result = _result(error, error.code, error.reason)
        raise HttpTaskError(f"States.Http.StatusCode.{error.code}", to_json_str(result)) from None
    except (TimeoutError, urllib.error.URLError, http.client.HTTPException, OSError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError | socket.timeout):
            cause = f"The HTTP request timed out after {TIMEOUT_SECONDS} seconds"
        else:
            cause = f"The HTTP request failed: {reason or type(reason).__name__}"
        raise HttpTaskError("States.Http.Socket", cause) from None


class _SameOriginRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects as AWS's client does, and never sends a credential to another host."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urllib.parse.urlsplit(newurl).netloc != urllib.parse.urlsplit(req.full_url).netloc:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


# Without the proxies of this machine's environment, because the APIs may be on this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _SameOriginRedirects)


def _result(response: Any, status: int, reason: str) -> dict[str, Any]:
    content_type = str(response.headers.get_content_type())
    if response.headers.get("Content-Type") and content_type.startswith(REFUSED_CONTENT):
        raise http_request.refusal(f"the response's content type {content_type} is not supported by an HTTP Task")
    raw = response.read(MAX_STATE_SIZE_UTF8_BYTES + 1)
    if len(raw) > MAX_STATE_SIZE_UTF8_BYTES:
        raise HttpTaskError("States.DataLimitExceeded", "the response is larger than 256 KiB")
    try:
        body: Any = raw.decode()
    except UnicodeDecodeError:
        raise http_request.refusal("the response's body is not text in UTF-8") from None
    if content_type == "application/json" or content_type.endswith("+json"):
        with contextlib.suppress(ValueError):
            body = json.loads(surrogates.without_escaped(body))
    headers: dict[str, list[str]] = {}
    for name, value in response.headers.items():
        headers.setdefault(name.lower(), []).append(value)
    return {"Headers": headers, "ResponseBody": body, "StatusCode": status, "StatusText": reason or ""}


def _service_for(original: Any, service_name: str) -> Any:
    task: Any = HttpTask
    return task() if service_name == "http" else original(service_name)


PATCHES = (wrapped(state_task_factory, "state_task_service_for", _service_for, "refuses HTTP Tasks (http:invoke)"),)
