"""Cross-origin answers of an HTTP API, from its own configuration.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

from typing import Any

from sandbox.calls.http_answer import Answer
from sandbox.services.apigateway.request import Request

_PREFIX = "access-control-"


def preflight(configuration: dict[str, Any] | None, request: Request) -> Answer | None:
    """Return the answer to a preflight request, which never reaches a route; None for any other request."""
    if not configuration or request.method != "OPTIONS" or "origin" not in request.headers:
        return None
    return with_cors(configuration, request, Answer(204, [], b""))


def with_cors(configuration: dict[str, Any] | None, request: Request, response: Answer) -> Answer:
    """Return the response with the configured headers, which replace those of the function, as on AWS."""
    if not configuration:
        return response
    own = [(name, value) for name, value in response.headers if not name.startswith(_PREFIX)]
    return Answer(response.status, [*own, *_headers(configuration, request)], response.body)


def _headers(configuration: dict[str, Any], request: Request) -> list[tuple[str, str]]:
    origin = request.headers.get("origin")
    allowed = configuration.get("allowOrigins") or []
    if origin is None or not any(_matches(pattern, origin) for pattern in allowed):
        return []
    headers = [(f"{_PREFIX}allow-origin", "*" if "*" in allowed else origin)]
    if configuration.get("allowCredentials"):
        headers.append((f"{_PREFIX}allow-credentials", "true"))
    if request.method == "OPTIONS":
        for name, key in (("allow-methods", "allowMethods"), ("allow-headers", "allowHeaders")):
            if configuration.get(key):
                headers.append((_PREFIX + name, ",".join(configuration[key])))
        if configuration.get("maxAge"):
            headers.append((f"{_PREFIX}max-age", str(configuration["maxAge"])))
    if configuration.get("exposeHeaders"):
        headers.append((f"{_PREFIX}expose-headers", ",".join(configuration["exposeHeaders"])))
    return headers


def _matches(pattern: str, origin: str) -> bool:
    # AWS accepts "*", "https://*" and "http://*" besides complete origins.
    return origin.startswith(pattern[:-1]) if pattern.endswith("*") else origin == pattern
