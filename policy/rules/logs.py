"""Rules: logs are kept as long as they are useful, and no longer."""

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from rules.links import of_type, refers
from rules.reading import known

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"

MINIMUM_DAYS = 1
MAXIMUM_DAYS = 731
"""Two years, the longest that this project's own data is kept for."""


def _check_retention(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type != LOG_GROUP:
        return
    settings = args.get_config()
    minimum, maximum = settings.get("minimumDays", MINIMUM_DAYS), settings.get("maximumDays", MAXIMUM_DAYS)
    days = args.props.get("retentionInDays") or 0
    if not minimum <= days <= maximum:
        kept = f"for {days:g} days" if days else "for ever"
        report(
            f"Log group '{args.name}' keeps its events {kept}. "
            f"Set retention_in_days to a period from {minimum:g} to {maximum:g}.",
            args.urn,
        )


def _check_groups(args: StackValidationArgs, report: ReportViolation) -> None:
    groups = of_type(args.resources, LOG_GROUP)
    for function in of_type(args.resources, "aws:lambda/function:Function"):
        names = {known(function.props, "loggingConfig", "logGroup"), f"/aws/lambda/{known(function.props, 'name')}"}
        if not any(
            refers(function, "loggingConfig", group) or known(group.props, "name") in names - {None} for group in groups
        ):
            report(
                f"Function '{function.name}' logs to a group that Lambda makes by itself and keeps for ever. "
                "Make a LogGroup and name it in logging_config.",
                function.urn,
            )


LOG_RETENTION = ResourceValidationPolicy(
    name="log-retention",
    description="Log groups have a retention: by default, CloudWatch keeps logs for ever, at a cost.",
    enforcement_level=EnforcementLevel.MANDATORY,
    config_schema=PolicyConfigSchema(
        properties={
            "minimumDays": {
                "type": "integer",
                "minimum": 1,
                "default": MINIMUM_DAYS,
                "description": "Shortest retention that is allowed, in days.",
            },
            "maximumDays": {
                "type": "integer",
                "minimum": 1,
                "default": MAXIMUM_DAYS,
                "description": "Longest retention that is allowed, in days.",
            },
        }
    ),
    validate=_check_retention,
    remediation_steps="Set `retention_in_days`; in this project by `logRetentionDays`.",
    url="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
)

FUNCTION_LOG_GROUPS = StackValidationPolicy(
    name="function-log-groups",
    description="Every function logs to a log group of the stack: a group that Lambda creates has no retention and no "
    "tags.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_groups,
    remediation_steps="Make a `LogGroup` and name it in the function's `logging_config`.",
    url="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html",
)
