"""HTTP Tasks: `arn:aws:states:::http:invoke` through an EventBridge connection.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
The sandbox differs from AWS in one point: plain http:// is allowed to this machine's loopback addresses.
"""

import contextlib
import functools
import http.client
import json
import socket
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Final

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.quotas import MAX_STATE_SIZE_UTF8_BYTES

from sandbox.interpreter import connections, form_encoding
from sandbox.interpreter.patch import replace

# "An HTTP Task times out after 60 seconds."
TIMEOUT_SECONDS: Final = 60
METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"})
# "You can't set these headers in an HTTP Task."
REFUSED_HEADERS: Final = frozenset(
    {
        "a-im",
        "accept-charset",
        "accept-datetime",
        "accept-encoding",
        "authorization",
        "cache-control",
        "connection",
        "content-encoding",
        "content-md5",
        "date",
        "expect",
        "forwarded",
        "from",
        "host",
        "http2-settings",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "max-forwards",
        "origin",
        "pragma",
        "proxy-authorization",
        "referer",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "warning",
    }
)
REFUSED_HEADER_PREFIXES: Final = ("x-forwarded-", "x-amz-", "x-amzn-")
REFUSED_CONTENT: Final = ("image/", "video/", "audio/", "application/octet-stream")
LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
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


class HttpTaskError(Exception):
    """A failed HTTP Task: an error name and a cause, neither of which holds a credential."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(cause)
        self.name = name


class HttpTask(StateTaskService):
    """The state `arn:aws:states:::http:invoke`."""

    def _get_supported_parameters(self) -> set[str]:
        return set(ARGUMENTS)

    def _from_error(self, env: Any, ex: Exception) -> Any:
        if isinstance(ex, HttpTaskError):
            failed = {"error": ex.name, "cause": str(ex), "resource": "invoke", "resourceType": "http"}
            details: Any = {"taskFailedEventDetails": failed}
            return FailureEvent(
                env=env,
                error_name=CustomErrorName(ex.name),
                event_type=HistoryEventType.TaskFailed,
                event_details=details,
            )
        return super()._from_error(env=env, ex=ex)

    def _eval_service_task(
        self, env: Any, resource_runtime_part: Any, normalised_parameters: Any, state_credentials: Any
    ) -> None:
        del state_credentials
        env.stack.append(invoke(normalised_parameters, resource_runtime_part.account, resource_runtime_part.region))


@functools.cache
def install() -> None:
    """Make the interpreter know the service `http`."""

    def service_or_http(service_name: str) -> Any:
        return make() if service_name == "http" else service_for(service_name)

    make: Any = HttpTask
    service_for = replace(state_task_factory, "state_task_service_for", service_or_http)


def invoke(arguments: dict[str, Any], account: str, region: str) -> dict[str, Any]:
    """Call an API as these Arguments say; gives `{Headers, ResponseBody, StatusCode, StatusText}`.

    Raises HttpTaskError: `States.Http.StatusCode.<n>` for an answer that is not 2xx, `States.Http.Socket` for none
    within 60 s, `States.Runtime` for arguments that AWS refuses, `Events.ConnectionResource.*` for the connection.
    """
    request = _request(arguments, account, region)
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            return _result(response, response.status, response.reason)
    except urllib.error.HTTPError as error:
        with error:
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
    """Follows redirects as AWS's client does, and never carries a credential to another host."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urllib.parse.urlsplit(newurl).netloc != urllib.parse.urlsplit(req.full_url).netloc:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


# Without the proxies of this machine's environment: the APIs are on it.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _SameOriginRedirects)


def _request(arguments: dict[str, Any], account: str, region: str) -> urllib.request.Request:
    endpoint = _endpoint(arguments.get("ApiEndpoint"))
    method = arguments.get("Method")
    if method not in METHODS:
        raise _refusal(f"Method must be one of {', '.join(sorted(METHODS))}, but is {method!r}")
    config = arguments.get("InvocationConfig") or arguments.get("Authentication") or {}
    if not isinstance(config, dict) or not config.get("ConnectionArn"):
        raise _refusal(
            "an HTTP Task needs a connection: InvocationConfig.ConnectionArn or Authentication.ConnectionArn"
        )
    try:
        connection = connections.resolve(str(config["ConnectionArn"]), account, region)
    except connections.UnusableConnectionError as error:
        raise HttpTaskError(f"Events.ConnectionResource.{error.name}", str(error)) from None

    form = _form_options(arguments) is not None
    query = {**_texts(arguments.get("QueryParameters"), "QueryParameters"), **connection.query}
    headers = {**_headers(arguments.get("Headers")), **connection.headers}
    body = _body(arguments, connection.body)
    if body is not None and "content-type" not in {name.lower() for name in headers}:
        headers["Content-Type"] = "application/x-www-form-urlencoded" if form else "application/json; charset=UTF-8"
    headers["User-Agent"] = f"Amazon|StepFunctions|HttpInvoke|{region}"
    headers["Range"] = f"bytes=0-{MAX_STATE_SIZE_UTF8_BYTES}"
    parts = urllib.parse.urlsplit(endpoint)
    pairs = [*urllib.parse.parse_qsl(parts.query, keep_blank_values=True)]
    pairs += [(name, item) for name, value in query.items() for item in (value if isinstance(value, list) else [value])]
    url = urllib.parse.urlunsplit(parts._replace(query=urllib.parse.urlencode(pairs)))
    request = urllib.request.Request(url, data=body, method=method)  # noqa: S310  the scheme was checked
    for name, value in {**headers, **connection.credentials}.items():
        # Not sent along when a redirect leaves the host, see _SameOriginRedirects.
        request.add_unredirected_header(name, value if isinstance(value, str) else ",".join(value))
    return request


def _endpoint(endpoint: Any) -> str:
    parts = urllib.parse.urlsplit(endpoint if isinstance(endpoint, str) else "")
    if parts.scheme == "https" and parts.hostname:
        return str(endpoint)
    if parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS:
        return str(endpoint)
    raise _refusal(f"ApiEndpoint must be an https:// URL, but is {endpoint!r}")


def _headers(given: Any) -> dict[str, Any]:
    headers = _texts(given, "Headers")
    for name in headers:
        if name.lower() in REFUSED_HEADERS or name.lower().startswith(REFUSED_HEADER_PREFIXES):
            raise _refusal(f"the header {name!r} cannot be set in an HTTP Task; credentials belong to its connection")
    return headers


def _texts(given: Any, field: str) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _refusal(f"{field} must be an object")
    return {
        str(name): [_text(item) for item in value] if isinstance(value, list) else _text(value)
        for name, value in given.items()
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _form_options(arguments: dict[str, Any]) -> dict[str, Any] | None:
    transform = arguments.get("Transform") or {}
    encoding = transform.get("RequestBodyEncoding", "NONE")
    if encoding not in ("NONE", "URL_ENCODED"):
        raise _refusal(f"Transform.RequestBodyEncoding must be NONE or URL_ENCODED, but is {encoding!r}")
    return (transform.get("RequestEncodingOptions") or {}) if encoding == "URL_ENCODED" else None


def _body(arguments: dict[str, Any], parameters: dict[str, str]) -> bytes | None:
    body = arguments.get("RequestBody")
    if parameters:
        if body is not None and not isinstance(body, dict):
            raise _refusal("RequestBody must be an object, because the connection adds parameters to it")
        body = {**(body or {}), **parameters}
    if body is None:
        return None
    options = _form_options(arguments)
    if options is not None and isinstance(body, dict):
        try:
            return form_encoding.encode(body, options.get("ArrayFormat", form_encoding.INDICES)).encode()
        except ValueError as error:
            raise _refusal(f"Transform.RequestEncodingOptions: {error}") from error
    return (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, separators=(",", ":"))).encode()


def _result(response: Any, status: int, reason: str) -> dict[str, Any]:
    content_type = str(response.headers.get_content_type())
    if response.headers.get("Content-Type") and content_type.startswith(REFUSED_CONTENT):
        raise _refusal(f"the response's content type {content_type} is not supported by an HTTP Task")
    raw = response.read(MAX_STATE_SIZE_UTF8_BYTES + 1)
    if len(raw) > MAX_STATE_SIZE_UTF8_BYTES:
        raise HttpTaskError("States.DataLimitExceeded", "the response is larger than 256 KiB")
    try:
        body: Any = raw.decode()
    except UnicodeDecodeError:
        raise _refusal("the response's body is not text in UTF-8") from None
    if content_type == "application/json" or content_type.endswith("+json"):
        with contextlib.suppress(ValueError):
            body = json.loads(body)
    headers: dict[str, list[str]] = {}
    for name, value in response.headers.items():
        headers.setdefault(name.lower(), []).append(value)
    return {"Headers": headers, "ResponseBody": body, "StatusCode": status, "StatusText": reason or ""}


def _refusal(cause: str) -> HttpTaskError:
    return HttpTaskError("States.Runtime", cause)
