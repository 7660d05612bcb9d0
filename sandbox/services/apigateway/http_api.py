"""API Gateway's HTTP APIs at `/_apis/{apiId}`: routes, Lambda integrations, CORS, throttling and access logs."""

import json
import logging
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from moto.apigatewayv2.models import Api, Integration, Stage, apigatewayv2_backends
from moto.awslambda.models import LambdaFunction
from moto.awslambda.utils import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from sandbox.calls.http_answer import Answer, respond
from sandbox.faults.effects import exchanged
from sandbox.faults.injection import Faults
from sandbox.iam.resource_policies import may_invoke
from sandbox.patches import Patch, wrapped
from sandbox.services.apigateway import access_log
from sandbox.services.apigateway.cors import preflight, with_cors
from sandbox.services.apigateway.exchange import exchange_of, occasion_of
from sandbox.services.apigateway.payload_format import MalformedAnswerError, event_of, message_response, response_of
from sandbox.services.apigateway.request import Request, request_of
from sandbox.services.apigateway.routes import Match, Throttle, find_route, stage_of
from sandbox.services.lambda_.functions import Functions, Result
from sandbox.services.lambda_.invoke_api import MAX_SYNCHRONOUS_REQUEST_BYTES
from sandbox.services.lambda_.pool import StoppedError, ThrottledError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/_apis/"
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html: 10 MB, fixed.
MAX_BODY_BYTES = 10 * 1024 * 1024
# The same page: the longest integration timeout, and the default.
INTEGRATION_TIMEOUT_SECONDS = 30.0

_log = logging.getLogger(__name__)


class HttpApis:
    """A WSGI application for every HTTP API of the sandbox."""

    def __init__(self, functions: Functions, faults: Faults) -> None:
        self._functions = functions
        self._faults = faults
        self._throttle = Throttle()
        # Only for functions with a longer timeout than the integration: the API has to stop waiting for them.
        self._waiting = ThreadPoolExecutor(64, thread_name_prefix="sandbox-integration")

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        return respond(self._respond(environ), start_response)

    def stop(self) -> None:
        """Wait for the functions whose callers timed out, which the sandbox is stopping."""
        self._waiting.shutdown(cancel_futures=True)

    def _respond(self, environ: "WSGIEnvironment") -> Answer:
        # WSGI passes the path's bytes as Latin-1.
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        api_id, _, rest = path.removeprefix(PREFIX).partition("/")
        api = _find_api(api_id)
        staged = stage_of(api, f"/{rest}") if api and not api.disable_execute_api_endpoint else None
        if api is None or staged is None:
            return message_response(404, "Not Found")
        stage, route_path = staged
        request = request_of(environ, api, stage, f"/{rest}")
        exchange = exchange_of(lambda: self._answer(api, stage, request, route_path))
        return exchanged(self._faults, occasion_of(request, api.name), exchange)

    def _answer(self, api: Api, stage: Stage, request: Request, route_path: str) -> Answer:
        notes: dict[str, Any] = {"routeKey": "-"}
        started = time.monotonic()
        response = preflight(api.cors_configuration, request)  # type: ignore[arg-type]  # moto's annotation is wrong
        if response is None:
            response = self._route(api, stage, request, route_path, notes)
            response = with_cors(api.cors_configuration, request, response)  # type: ignore[arg-type]  # as above
        response.headers.append(("apigw-requestid", request.request_id))
        notes |= {
            "status": response.status,
            "responseLength": len(response.body),
            "responseLatency": int((time.monotonic() - started) * 1000),
        }
        access_log.write(api.api_id, stage, {**request.context, **notes})
        return response

    def _route(self, api: Api, stage: Stage, request: Request, path: str, notes: dict[str, Any]) -> Answer:
        match = find_route(api.routes.values(), request.method, path)
        if match is None:
            return message_response(404, "Not Found")
        notes["routeKey"] = match.route.route_key
        if not self._throttle.admits(api, stage, match.route.route_key):
            return _failure(429, "Too Many Requests", notes, "the route's rate limit is reached")
        if len(request.body) > MAX_BODY_BYTES:
            return _failure(413, "Request Entity Too Large", notes, f"the body is over {MAX_BODY_BYTES} bytes")
        if match.route.authorization_type not in {None, "NONE"}:
            reason = f"the sandbox has no {match.route.authorization_type} authorizer"
            return _failure(500, "Internal Server Error", notes, reason)
        return self._integrate(api, stage, request, match, notes)

    def _integrate(self, api: Api, stage: Stage, request: Request, match: Match, notes: dict[str, Any]) -> Answer:
        integration = api.integrations.get((match.route.target or "").removeprefix("integrations/"))
        if integration is None or integration.integration_type != "AWS_PROXY":
            return _failure(500, "Internal Server Error", notes, "the route has no Lambda proxy integration")
        try:
            function = _function(integration, api)
        except Exception as error:
            return _failure(500, "Internal Server Error", notes, f"no such function: {error}")
        route_key = match.route.route_key
        source = _source_arn(api, stage, request, route_key)
        if integration.credentials_arn is None and not may_invoke(function, "apigateway.amazonaws.com", source):
            reason = f"the function's policy does not let apigateway.amazonaws.com invoke it for {source}"
            return _failure(500, "Internal Server Error", notes, reason)
        event = event_of(request, route_key, match.parameters, stage.stage_variables or {})
        payload = json.dumps(event).encode()
        if len(payload) > MAX_SYNCHRONOUS_REQUEST_BYTES:
            return _failure(413, "Request Entity Too Large", notes, "the event is larger than Lambda takes")
        limit = min(float(integration.timeout_in_millis or 30000) / 1000, INTEGRATION_TIMEOUT_SECONDS)
        started = time.monotonic()
        try:
            result = self._invoke(function, payload, limit)
        except (TimeoutError, ThrottledError, StoppedError) as error:
            return _failure(503, "Service Unavailable", notes, f"{type(error).__name__}: {error}")
        notes |= {
            "integrationLatency": int((time.monotonic() - started) * 1000),
            "integration.latency": int((time.monotonic() - started) * 1000),
            "integration.status": 200,
            "integrationStatus": 200,
            "integration.requestId": result.request_id,
        }
        if result.failed:
            message = json.loads(result.payload)["errorMessage"]
            return _failure(500, "Internal Server Error", notes, f"the function failed: {message}")
        try:
            response = response_of(result.payload)
        except MalformedAnswerError as error:
            return _failure(500, "Internal Server Error", notes, f"the function's answer is malformed: {error}")
        notes["integration.status"] = response.status
        return response

    def _invoke(self, function: LambdaFunction, payload: bytes, limit: float) -> Result:
        if function.timeout < limit:
            return self._functions.invoke(function, payload)
        return self._waiting.submit(self._functions.invoke, function, payload).result(limit)


def patches(endpoint_url: str) -> tuple[Patch, ...]:
    """Return the patches that set the ApiEndpoint of an HTTP API to `endpoint_url`."""

    def local(original: Any, api: Api, *args: Any, **kwargs: Any) -> None:
        original(api, *args, **kwargs)
        if api.protocol_type == "HTTP":
            api.api_endpoint = f"{endpoint_url}{PREFIX}{api.api_id}"

    return (wrapped(Api, "__init__", local, "serves no HTTP APIs"),)


def middleware(apis: HttpApis, emulator: "WSGIApplication") -> "WSGIApplication":
    """Return the application that sends requests below /_apis/ to `apis` and all others to `emulator`."""

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        chosen = apis if environ["PATH_INFO"].startswith(PREFIX) else emulator
        return chosen(environ, start_response)

    return application


def _find_api(api_id: str) -> Api | None:
    for backend in apigatewayv2_backends[DEFAULT_ACCOUNT_ID].values():
        if api_id in backend.apis:
            return backend.apis[api_id]
    return None


def _function(integration: Integration, api: Api) -> LambdaFunction:
    # Either the function's ARN, or the older form with `.../functions/{arn}/invocations` in it.
    arn = integration.integration_uri.rpartition("/functions/")[2].removesuffix("/invocations")
    name, _, qualifier = arn.partition(":function:")[2].partition(":")
    return get_backend(api.backend.account_id, api.backend.region_name).get_function(name, qualifier or None)


def _source_arn(api: Api, stage: Stage, request: Request, route_key: str) -> str:
    backend = api.backend
    prefix = f"arn:{backend.partition}:execute-api:{backend.region_name}:{backend.account_id}:{api.api_id}/{stage.name}"
    _, _, path = route_key.partition(" ")
    return f"{prefix}/{request.method}{path}" if path else f"{prefix}/{route_key}"


def _failure(status: int, message: str, notes: dict[str, Any], reason: str) -> Answer:
    """Answer as AWS does, without the reason, which goes to the access log and to our own log."""
    notes |= {"error.message": message, "integrationErrorMessage": reason, "integration.error": reason}
    _log.warning("HTTP API answers %s %s: %s", status, message, reason)
    return message_response(status, message)
