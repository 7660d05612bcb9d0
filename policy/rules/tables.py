"""Rules: a table can be restored after a bad write."""

from pulumi_policy import EnforcementLevel, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

FIX = 'Set point_in_time_recovery={"enabled": True}.'


def _check(args: ResourceValidationArgs, report: ReportViolation) -> None:
    recovery = args.props.get("pointInTimeRecovery") or {}
    if args.resource_type == "aws:dynamodb/table:Table" and recovery.get("enabled") is not True:
        report(f"Table '{args.name}' cannot be brought back to an earlier point in time. {FIX}", args.urn)


TABLE_RECOVERY = ResourceValidationPolicy(
    name="table-recovery",
    description="A table can be restored to any second of the last 35 days.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check,
    remediation_steps=FIX,
    url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
)
