"""Rules of HTTP APIs: throttling and access logs."""

from typing import Any

import pytest

from rules.apis import API_ACCESS_LOG, API_THROTTLED
from tests.unit.policy.asking import UNKNOWN, Props, told

STAGE = "aws:apigatewayv2/stage:Stage"
LIMITS: dict[str, Any] = {"throttlingRateLimit": 50, "throttlingBurstLimit": 100}


@pytest.mark.parametrize("routes", [[], [{"routeKey": "POST /callback", **LIMITS}]])
def test_a_throttled_stage_passes(routes: list[Props]) -> None:
    assert told(API_THROTTLED, STAGE, {"defaultRouteSettings": LIMITS, "routeSettings": routes}) == []


@pytest.mark.parametrize(
    ("props", "missing"),
    [
        ({}, "no throttling_rate_limit and no throttling_burst_limit"),
        ({"defaultRouteSettings": {**LIMITS, "throttlingRateLimit": 0}}, "no throttling_rate_limit."),
        ({"defaultRouteSettings": {"throttlingRateLimit": 50}}, "no throttling_burst_limit."),
        (
            {"defaultRouteSettings": LIMITS, "routeSettings": [{"routeKey": "POST /callback"}]},
            "Route 'POST /callback' of stage 'thing' is not throttled",
        ),
        (
            {"defaultRouteSettings": LIMITS, "routeSettings": [{"routeKey": "GET /", "throttlingRateLimit": 50}]},
            "Route 'GET /' of stage 'thing' is not throttled",
        ),
    ],
)
def test_a_limit_that_is_missing_is_reported(props: Props, missing: str) -> None:
    (message,) = told(API_THROTTLED, STAGE, props)
    assert missing in message


@pytest.mark.parametrize("destination", ["arn:group", UNKNOWN])
def test_an_access_log_passes(destination: str) -> None:
    assert told(API_ACCESS_LOG, STAGE, {"accessLogSettings": {"destinationArn": destination}}) == []


@pytest.mark.parametrize("props", [{}, {"accessLogSettings": {"format": "{}"}}])
def test_no_access_log_is_reported(props: Props) -> None:
    (message,) = told(API_ACCESS_LOG, STAGE, props)
    assert "Set access_log_settings." in message
