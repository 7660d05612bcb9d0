"""The functions of a stack by short names, and the log groups of all parts."""

from asl.orders.calls import ServiceCalls
from facts import LIVE_ALIAS
from ops.aws import state_machines
from ops.aws.state_machines import Workflow
from ops.aws.target import Target
from ops.errors import TargetError, UsageError

SERVICE_OUTPUT = "_service_lambda_arn"
"""The suffix of the outputs of order services, which only definitions call, by a version's ARN."""

OUTPUTS = {
    "callback": "callback_lambda_arn",
    "recorder": "recorder_lambda_arn",
    "sweeper": "sweeper_lambda_arn",
    "catch-up": "catch_up_lambda_arn",
    "orders-finisher": "orders_finisher_lambda_arn",
    "mock-validation": "mock_validation_lambda_arn",
    "mock-deployment": "mock_deployment_lambda_arn",
    "mock-notification": "mock_notification_lambda_arn",
    **{service: f"{service}{SERVICE_OUTPUT}" for service in ServiceCalls().by_name},
}
"""The stack outputs with the functions' ARNs, by short name."""

API_LOGS = ("callback-api", "mock-apis")
"""Access logs of the HTTP APIs, under the names that `components/http_api.py` gives their groups. Shown only if
named: the operator's role cannot read them."""

LOG_SOURCES = (*OUTPUTS, *Workflow)
"""Names for shell completion: those of this repository's program."""


def sources(target: Target) -> list[str]:
    """Return the functions and state machines of the stack that have a log."""
    functions = [name for name, output in OUTPUTS.items() if output in target.outputs]
    return [*functions, *(machine.kind for machine in state_machines.of(target))]


def _short(target: Target, name: str) -> str:
    """Return the short name of a function or a workflow, also for the whole name that alarms use."""
    bare = name.removeprefix(f"{_prefix(target)}-")
    return "catch-up" if bare == "recorder-catch-up" else bare.removeprefix("services-").removeprefix("hold-")


def _prefix(target: Target) -> str:
    """Return the prefix of every name in the stack."""
    machine = state_machines.of(target)[0]
    return machine.name.removesuffix(f"-{machine.kind}")


def arn(target: Target, name: str) -> str:
    """Return a function's ARN.

    Raises:
        UsageError: there is no function of that name.
    """
    name = _short(target, name)
    if name not in OUTPUTS:
        raise UsageError(f"There is no function {name}", f"Say one of {', '.join(OUTPUTS)}")
    return target[OUTPUTS[name]]


def live_arn(target: Target, name: str) -> str:
    """Return the ARN through which rules and APIs call a function: its alias's, or for an order service its own.

    Raises:
        UsageError: there is no function of that name.
    """
    name, own = _short(target, name), arn(target, name)
    return own if OUTPUTS[name].endswith(SERVICE_OUTPUT) else f"{own}:{LIVE_ALIAS}"


def log_group(target: Target, source: str) -> str:
    """Return the log group of a function, a state machine or an API.

    Raises:
        UsageError: no part of that name has a log.
        TargetError: the state machine was made without one.
    """
    source = _short(target, source)
    if source in OUTPUTS:
        return f"/aws/lambda/{arn(target, source).rsplit(':', 1)[1]}"
    if source in API_LOGS:
        return f"/aws/vendedlogs/apis/{_prefix(target)}-{'hold-' if source == 'callback-api' else ''}{source}"
    machine = state_machines.of_kind(target, source)
    if machine is None:
        every = ", ".join((*sources(target), *API_LOGS))
        raise UsageError(f"Nothing called {source} has a log", f"Say some of {every}")
    described = target.client("stepfunctions").describe_state_machine(stateMachineArn=machine.arn)
    destinations = described.get("loggingConfiguration", {}).get("destinations") or []
    if not destinations:
        raise TargetError(f"The state machine {source} writes no log", "Deploy the stack again: pulumi up")
    destination = destinations[0]["cloudWatchLogsLogGroup"]["logGroupArn"]
    return str(destination).removesuffix(":*").rsplit(":", 1)[1]
