"""Routing and throttling of HTTP API requests."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from moto.apigatewayv2.models import Api, Route, Stage


@dataclass(frozen=True)
class Match:
    """A route with the values of its path parameters."""

    route: Route
    parameters: dict[str, str]


def stage_of(api: Api, path: str) -> tuple[Stage, str] | None:
    """Return the stage of a path, and the rest of the path; a named stage is the first segment."""
    first = path.split("/")[1]
    if first in api.stages and first != "$default":
        return api.stages[first], path[len(first) + 1 :] or "/"
    default = api.stages.get("$default")
    return (default, path) if default else None


def find_route(routes: Iterable[Route], method: str, path: str) -> Match | None:
    """Return the most specific route: exact segments before parameters before {proxy+}, a method before ANY.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
    """
    found: list[tuple[tuple[Any, ...], Match]] = []
    for route in routes:
        if route.route_key == "$default":
            found.append(((2,), Match(route, {})))
            continue
        verb, _, pattern = route.route_key.partition(" ")
        parameters = _parameters(pattern, path) if verb in {method, "ANY"} else None
        if parameters is not None:
            kinds = [_kind(segment) for segment in pattern.split("/")]
            rank = (int(2 in kinds), kinds, verb == "ANY")
            found.append((rank, Match(route, parameters)))
    return min(found, key=lambda item: item[0])[1] if found else None


def _kind(segment: str) -> int:
    if not segment.startswith("{"):
        return 0
    return 2 if segment.endswith("+}") else 1


def _parameters(pattern: str, path: str) -> dict[str, str] | None:
    wanted, given = pattern.split("/"), path.split("/")
    if wanted[-1].endswith("+}"):
        if len(given) < len(wanted):
            return None
        given = [*given[: len(wanted) - 1], "/".join(given[len(wanted) - 1 :])]
    if len(wanted) != len(given):
        return None
    parameters = {}
    for name, value in zip(wanted, given, strict=True):
        if name.startswith("{") and value:
            parameters[name.strip("{}").rstrip("+")] = value
        elif name != value:
            return None
    return parameters


class Throttle:
    """A token bucket for each route of each stage.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str, str], tuple[float, float]] = {}

    def admits(self, api: Api, stage: Stage, route_key: str) -> bool:
        """Take a token if there is one. A stage without limits admits everything."""
        settings = {**(stage.default_route_settings or {}), **(stage.route_settings or {}).get(route_key, {})}
        rate, burst = settings.get("throttlingRateLimit"), settings.get("throttlingBurstLimit")
        if rate is None or burst is None:
            return True
        key = (api.api_id, stage.name, route_key)
        now = self._clock()
        with self._lock:
            tokens, filled = self._buckets.get(key, (float(burst), now))
            tokens = min(float(burst), tokens + (now - filled) * float(rate))
            admitted = tokens >= 1
            self._buckets[key] = (tokens - 1 if admitted else tokens, now)
        return admitted
