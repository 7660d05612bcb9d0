"""HTTP APIs are throttled, and log their callers."""

from pulumi_policy import EnforcementLevel, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

from rules.reading import given, listed

STAGE = "aws:apigatewayv2/stage:Stage"

_LIMITS = {"throttlingRateLimit": "throttling_rate_limit", "throttlingBurstLimit": "throttling_burst_limit"}
"""The limits by their names in the engine and in the program."""

FIX = "Set throttling_rate_limit and throttling_burst_limit in default_route_settings."


def _check_throttling(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type != STAGE:
        return
    default = args.props.get("defaultRouteSettings") or {}
    missing = [name for key, name in _LIMITS.items() if not (default.get(key) or 0) > 0]
    if missing:
        report(f"Stage '{args.name}' has no {' and no '.join(missing)}. {FIX}", args.urn)
    for route in listed(args.props.get("routeSettings")):
        # AWS does not document whether a route with its own settings keeps the default limits, so it must repeat them.
        if any(not (route.get(key) or 0) > 0 for key in _LIMITS):
            report(
                f"Route '{route.get('routeKey')}' of stage '{args.name}' is not throttled. Give it limits too.",
                args.urn,
            )


def _check_log(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type == STAGE and not given(args.props, "accessLogSettings", "destinationArn"):
        report(f"Stage '{args.name}' keeps no access log. Set access_log_settings.", args.urn)


API_THROTTLED = ResourceValidationPolicy(
    name="api-throttled",
    description="An API throttles requests, so that one caller cannot starve the others or run up a bill.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_throttling,
    remediation_steps="Set `throttling_rate_limit` and `throttling_burst_limit` in `default_route_settings`; in this "
    "project by `throttleRateLimit` and `throttleBurstLimit`.",
    url="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html",
)

API_ACCESS_LOG = ResourceValidationPolicy(
    name="api-access-log",
    description="An API logs every request, including those that never reach a function.",
    enforcement_level=EnforcementLevel.ADVISORY,
    validate=_check_log,
    remediation_steps="Set `access_log_settings` with a log group and a format.",
    url="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html",
)
