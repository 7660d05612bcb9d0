"""Requests can be traced through functions and state machines."""

from pulumi_policy import EnforcementLevel, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy


def _check(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type == "aws:lambda/function:Function":
        tracing = args.props.get("tracingConfig") or {}
        if tracing.get("mode") != "Active":
            report(f'Function \'{args.name}\' is not traced. Set tracing_config={{"mode": "Active"}}.', args.urn)
    if args.resource_type == "aws:sfn/stateMachine:StateMachine":
        tracing = args.props.get("tracingConfiguration") or {}
        if tracing.get("enabled") is not True:
            report(
                f"State machine '{args.name}' is not traced. Set tracing_configuration={{\"enabled\": True}}.", args.urn
            )


TRACING_ON = ResourceValidationPolicy(
    name="tracing-on",
    description="X-Ray traces functions and state machines, so that a slow or failed request can be followed.",
    enforcement_level=EnforcementLevel.ADVISORY,
    validate=_check,
    remediation_steps='Set `tracing_config={"mode": "Active"}` or `tracing_configuration={"enabled": True}`.',
    url="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html",
)
