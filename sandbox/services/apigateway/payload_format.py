"""Conversion of an HTTP request to an event of payload format 2.0, and of a function's answer to an HTTP response.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
from typing import Any
from urllib.parse import parse_qs

from sandbox.calls.http_answer import Answer
from sandbox.services.apigateway.request import Request

# Media types whose bodies reach the function as text; every other body comes in base64.
_TEXT_TYPES = {"application/json", "application/javascript", "application/xml"}


class MalformedAnswerError(ValueError):
    """API Gateway does not understand the function's answer."""


def event_of(request: Request, route_key: str, parameters: dict[str, str], variables: dict[str, str]) -> dict[str, Any]:
    """Return the event for the function."""
    headers = {name: value for name, value in request.headers.items() if name != "cookie"}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": {
            "accountId": request.account,
            "apiId": request.api_id,
            "domainName": request.domain,
            "domainPrefix": request.domain.partition(".")[0],
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": request.protocol,
                "sourceIp": request.source_ip,
                "userAgent": request.headers.get("user-agent", ""),
            },
            "requestId": request.request_id,
            "routeKey": route_key,
            "stage": request.stage,
            "time": request.request_time,
            "timeEpoch": int(request.time * 1000),
        },
        "isBase64Encoded": False,
    }
    if "cookie" in request.headers:
        event["cookies"] = [cookie.strip() for cookie in request.headers["cookie"].split(";")]
    if request.query:
        event["queryStringParameters"] = _query_parameters(request.query)
    if parameters:
        event["pathParameters"] = parameters
    if variables:
        event["stageVariables"] = variables
    if request.body:
        event["isBase64Encoded"] = not _is_text(request)
        event["body"] = request.body.decode() if _is_text(request) else base64.b64encode(request.body).decode()
    return event


def response_of(payload: bytes) -> Answer:
    """Return the HTTP response for a function's answer (JSON).

    An answer without a statusCode is itself the body, as JSON.
    Raises MalformedAnswerError for an answer that AWS replaces by 500.
    """
    answer = json.loads(payload)
    if not isinstance(answer, dict) or "statusCode" not in answer:
        body = answer.encode() if isinstance(answer, str) else payload
        return Answer(200, [("content-type", "application/json")], body)
    text, headers, cookies = answer.get("body"), answer.get("headers") or {}, answer.get("cookies") or []
    if text is not None and not isinstance(text, str):
        raise MalformedAnswerError("body is not a string")
    if not isinstance(headers, dict) or not isinstance(cookies, list):
        raise MalformedAnswerError("headers is not an object, or cookies is not a list")
    try:
        status = int(answer["statusCode"])
        body = base64.b64decode(text or "", validate=True) if answer.get("isBase64Encoded") else (text or "").encode()
    except (TypeError, ValueError) as error:
        raise MalformedAnswerError(str(error)) from error
    lower = {str(name).lower(): _text(value) for name, value in headers.items()}
    lower.setdefault("content-type", "text/plain;charset=UTF-8")
    return Answer(status, [*lower.items(), *(("set-cookie", str(cookie)) for cookie in cookies)], body)


def message_response(status: int, message: str) -> Answer:
    """Return one of API Gateway's own answers."""
    body = json.dumps({"message": message}, separators=(",", ":")).encode()
    return Answer(status, [("content-type", "application/json")], body)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _query_parameters(query: str) -> dict[str, str]:
    return {name: ",".join(values) for name, values in parse_qs(query, keep_blank_values=True).items()}


def _is_text(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not (media_type.startswith("text/") or media_type in _TEXT_TYPES):
        return False
    try:
        request.body.decode()
    except UnicodeDecodeError:
        return False
    return True
