"""The HTTP request built from the Arguments of an HTTP Task and its connection.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
"""

import json
import urllib.parse
import urllib.request
from typing import Any, Final

from moto.stepfunctions.parser.quotas import MAX_STATE_SIZE_UTF8_BYTES

from sandbox.interpreter import connections, form_encoding

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
LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class HttpTaskError(Exception):
    """A failed HTTP Task: an error name and a cause, without credentials."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(cause)
        self.name = name


def build(arguments: dict[str, Any], account: str, region: str) -> urllib.request.Request:
    """Return the request. Raises HttpTaskError for Arguments or a connection that AWS refuses."""
    endpoint = _endpoint(arguments.get("ApiEndpoint"))
    method = arguments.get("Method")
    if method not in METHODS:
        raise refusal(f"Method must be one of {', '.join(sorted(METHODS))}, but is {method!r}")
    connection_arn = connections.named_in(arguments)
    if not connection_arn:
        raise refusal("an HTTP Task needs a connection: InvocationConfig.ConnectionArn or Authentication.ConnectionArn")
    try:
        connection = connections.resolve(connection_arn, account, region)
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
        # Not sent when a redirect leaves the host, see http_task._SameOriginRedirects.
        request.add_unredirected_header(name, value if isinstance(value, str) else ",".join(value))
    return request


def _endpoint(endpoint: Any) -> str:
    parts = urllib.parse.urlsplit(endpoint if isinstance(endpoint, str) else "")
    if parts.scheme == "https" and parts.hostname:
        return str(endpoint)
    if parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS:
        return str(endpoint)
    raise refusal(f"ApiEndpoint must be an https:// URL, but is {endpoint!r}")


def _headers(given: Any) -> dict[str, Any]:
    headers = _texts(given, "Headers")
    for name in headers:
        if name.lower() in REFUSED_HEADERS or name.lower().startswith(REFUSED_HEADER_PREFIXES):
            raise refusal(f"the header {name!r} cannot be set in an HTTP Task; credentials belong to its connection")
    return headers


def _texts(given: Any, field: str) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise refusal(f"{field} must be an object")
    return {
        str(name): [form_encoding.text(item) for item in value]
        if isinstance(value, list)
        else form_encoding.text(value)
        for name, value in given.items()
    }


def _form_options(arguments: dict[str, Any]) -> dict[str, Any] | None:
    transform = arguments.get("Transform") or {}
    encoding = transform.get("RequestBodyEncoding", "NONE")
    if encoding not in ("NONE", "URL_ENCODED"):
        raise refusal(f"Transform.RequestBodyEncoding must be NONE or URL_ENCODED, but is {encoding!r}")
    return (transform.get("RequestEncodingOptions") or {}) if encoding == "URL_ENCODED" else None


def _body(arguments: dict[str, Any], parameters: dict[str, str]) -> bytes | None:
    body = arguments.get("RequestBody")
    if parameters:
        if body is not None and not isinstance(body, dict):
            raise refusal("RequestBody must be an object, because the connection adds parameters to it")
        body = {**(body or {}), **parameters}
    if body is None:
        return None
    options = _form_options(arguments)
    if options is not None and isinstance(body, dict):
        try:
            return form_encoding.encode(body, options.get("ArrayFormat", form_encoding.INDICES)).encode()
        except ValueError as error:
            raise refusal(f"Transform.RequestEncodingOptions: {error}") from error
    return (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, separators=(",", ":"))).encode()


def refusal(cause: str) -> HttpTaskError:
    """Return the error of an HTTP Task with invalid Arguments."""
    return HttpTaskError("States.Runtime", cause)
