"""The functions of a stack by short names, and where everything logs."""

from ops.aws.target import Target
from ops.errors import TargetError, UsageError
from ops.history.executions import ARN_OUTPUT, Workflow

OUTPUTS = {
    "callback": "callback_lambda_arn",
    "recorder": "recorder_lambda_arn",
    "sweeper": "sweeper_lambda_arn",
    "catch-up": "catch_up_lambda_arn",
    "orders-finisher": "orders_finisher_lambda_arn",
    "mock-validation": "mock_validation_lambda_arn",
    "mock-deployment": "mock_deployment_lambda_arn",
    "mock-notification": "mock_notification_lambda_arn",
    "user": "user_service_lambda_arn",
    "order": "order_service_lambda_arn",
    "payment": "payment_service_lambda_arn",
    "inventory": "inventory_service_lambda_arn",
    "notification": "notification_service_lambda_arn",
}
"""Short names, and the stack outputs with the functions' ARNs."""

API_LOGS = ("callback-api", "mock-apis")
"""Access logs of the HTTP APIs, under the names that `components/http_api.py` gives their groups. Asked for by name
only: the operator's role does not read them."""

LOG_SOURCES = (*OUTPUTS, *Workflow)


def _short(target: Target, name: str) -> str:
    """Return the short name of a function or a workflow, also where its whole name is given, as alarms name it."""
    prefix = target["state_machine_name"].removesuffix("-release")
    bare = name.removeprefix(f"{prefix}-")
    return "catch-up" if bare == "recorder-catch-up" else bare.removeprefix("services-").removeprefix("hold-")


def arn(target: Target, name: str) -> str:
    """Return a function's ARN.

    Raises:
        UsageError: there is no function of that name.
    """
    name = _short(target, name)
    if name not in OUTPUTS:
        raise UsageError(f"There is no function {name}", f"Say one of {', '.join(OUTPUTS)}")
    return target[OUTPUTS[name]]


def log_group(target: Target, source: str) -> str:
    """Return the log group of a function, a state machine or an API.

    Raises:
        UsageError: nothing of that name has a log.
        TargetError: the state machine was made without one.
    """
    source = _short(target, source)
    if source in OUTPUTS:
        return f"/aws/lambda/{arn(target, source).rsplit(':', 1)[1]}"
    if source in API_LOGS:
        prefix = target["state_machine_name"].removesuffix("-release")
        return f"/aws/vendedlogs/apis/{prefix}-{'hold-' if source == 'callback-api' else ''}{source}"
    if source not in tuple(Workflow):
        raise UsageError(f"Nothing called {source} has a log", f"Say some of {', '.join((*LOG_SOURCES, *API_LOGS))}")
    machine = target[ARN_OUTPUT[Workflow(source)]]
    described = target.client("stepfunctions").describe_state_machine(stateMachineArn=machine)
    destinations = described.get("loggingConfiguration", {}).get("destinations") or []
    if not destinations:
        raise TargetError(f"The state machine {source} writes no log", "Deploy the stack again: pulumi up")
    destination = destinations[0]["cloudWatchLogsLogGroup"]["logGroupArn"]
    return str(destination).removesuffix(":*").rsplit(":", 1)[1]
