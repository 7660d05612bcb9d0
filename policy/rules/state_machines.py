"""Rules: a state machine has timeouts, and logs its states without their data."""

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

from rules.definitions import is_bounded, parsed, seconds, tasks

STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"


def _check_log(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type != STATE_MACHINE:
        return
    logging = args.props.get("loggingConfiguration") or {}
    if logging.get("level") in (None, "OFF"):
        report(f"State machine '{args.name}' logs nothing. Set logging_configuration with the level ALL.", args.urn)
    if logging.get("includeExecutionData") and not args.get_config().get("allowExecutionData", False):
        report(
            f"State machine '{args.name}' logs the inputs and outputs of its states, task tokens among them. "
            "Set include_execution_data=False; in this project by logExecutionData.",
            args.urn,
        )


def _check_timeouts(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type != STATE_MACHINE:
        return
    machine = parsed(args.props.get("definition"))
    whole = seconds(machine)
    if whole is None:
        report(
            f"State machine '{args.name}' may run for a year. Give its definition a TimeoutSeconds at the top.",
            args.urn,
        )
    for name, task in tasks(machine):
        own = seconds(task)
        if not is_bounded(task):
            report(f"Task '{name}' of '{args.name}' may wait for ever. Give it a TimeoutSeconds.", args.urn)
        elif own is not None and whole is not None and own > whole:
            report(
                f"Task '{name}' of '{args.name}' may take {own:g} s, but the whole execution no more than {whole:g} s, "
                "and its end is one that nothing catches. Give the Task less, or the execution more.",
                args.urn,
            )


STATE_MACHINE_LOG = ResourceValidationPolicy(
    name="state-machine-log",
    description="A state machine logs its states and errors, but no execution data: a task token in a log allows its "
    "readers to end the wait.",
    enforcement_level=EnforcementLevel.MANDATORY,
    config_schema=PolicyConfigSchema(
        properties={
            "allowExecutionData": {
                "type": "boolean",
                "default": False,
                "description": "Whether inputs and outputs of states may be logged.",
            }
        }
    ),
    validate=_check_log,
    remediation_steps="Set `logging_configuration` with the level `ALL` and `include_execution_data=False`.",
    url="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
)

STATE_MACHINE_TIMEOUTS = ResourceValidationPolicy(
    name="state-machine-timeouts",
    description="A state machine and each of its Tasks has a timeout, no Task a longer one than the state machine: "
    "without a timeout, an execution waits up to a year for a lost answer.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_timeouts,
    remediation_steps="Give the definition and every Task a `TimeoutSeconds`.",
    url="https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html",
)
