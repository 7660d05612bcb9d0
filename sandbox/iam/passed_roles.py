"""Roles that are passed to a service, which checks them at once, so that a mistake shows at deployment."""

from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.core.exceptions import AWSError
from moto.events.exceptions import ValidationException
from moto.events.models import EventsBackend

from sandbox.iam import enforcement, roles
from sandbox.iam.enforcement import AccessDeniedError
from sandbox.iam.policies import Access
from sandbox.patches import wrapped

# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
LOG_DELIVERY = tuple(
    f"logs:{operation}"
    for operation in (
        "CreateLogDelivery",
        "GetLogDelivery",
        "UpdateLogDelivery",
        "DeleteLogDelivery",
        "ListLogDeliveries",
        "PutResourcePolicy",
        "DescribeResourcePolicies",
        "DescribeLogGroups",
    )
)


class StateMachineRoleError(AWSError):
    """Step Functions cannot use the role of a state machine."""

    TYPE = "AccessDeniedException"


def require_function_role(spec: dict[str, Any]) -> None:
    """Raise LambdaClientError unless Lambda may assume the role of a function's specification."""
    if enforcement.is_on() and not roles.may_assume(frozenset({"lambda.amazonaws.com"}), str(spec.get("Role")), {}):
        message = "The role defined for the function cannot be assumed by Lambda."
        raise LambdaClientError("InvalidParameterValueException", message)


def require_state_machine_role(backend: Any, name: str, role_arn: str, logging: dict[str, Any]) -> None:
    """Raise StateMachineRoleError unless Step Functions may assume the role, and the role may deliver the logs."""
    if not enforcement.is_on():
        return
    machine = f"arn:aws:states:{backend.region_name}:{backend.account_id}:stateMachine:{name}"
    source = {"aws:SourceArn": machine, "aws:SourceAccount": backend.account_id}
    if not roles.may_assume(frozenset({"states.amazonaws.com"}), role_arn, source):
        raise StateMachineRoleError(
            "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume "
            "the provided role."
        )
    if logging.get("level", "OFF") == "OFF":
        return
    session = roles.session(role_arn, roles.STEP_FUNCTIONS, backend.region_name)
    try:
        for action in LOG_DELIVERY:
            enforcement.require(session, Access(action, "*"))
    except AccessDeniedError as error:
        message = "The state machine IAM Role is not authorized to access the Log Destination"
        raise StateMachineRoleError(f"{message}: {error}") from None


def _targets(original: Any, backend: Any, name: str, event_bus_arn: str | None, targets: list[dict[str, Any]]) -> Any:
    if enforcement.is_on():
        rule_arn = backend.describe_rule(name, event_bus_arn).arn
        _require_target_roles(targets, {"aws:SourceArn": rule_arn, "aws:SourceAccount": backend.account_id})
    return original(backend, name, event_bus_arn, targets)


def _require_target_roles(targets: list[dict[str, Any]], source: dict[str, str]) -> None:
    for target in targets:
        role = target.get("RoleArn")
        if role and not roles.may_assume(frozenset({"events.amazonaws.com"}), role, source):
            raise ValidationException(f"Provided role '{role}' cannot be assumed by principal 'events.amazonaws.com'.")


PATCHES = (wrapped(EventsBackend, "put_targets", _targets, "accepts a role that EventBridge cannot assume"),)
