"""A role that is given to a service: the service tries it out at once, so that a mistake shows at deployment."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend
from moto.core.exceptions import AWSError
from moto.events.exceptions import ValidationException
from moto.events.models import EventsBackend
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from sandbox.iam import enforcement, roles
from sandbox.iam.enforcement import AccessDeniedError
from sandbox.iam.policies import Access
from sandbox.services.patching import replaced

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
    """The role of a state machine is not one that Step Functions can work with."""

    TYPE = "AccessDeniedException"


@contextmanager
def install() -> Iterator[None]:
    """Refuse functions, state machines and event targets whose role cannot serve them."""
    with ExitStack() as stack:
        stack.enter_context(replaced(LambdaBackend, "create_function", _function))
        stack.enter_context(replaced(StepFunctionsParserBackend, "create_state_machine", _state_machine))
        stack.enter_context(replaced(EventsBackend, "put_targets", _targets))
        yield


def _function(original: Any) -> Any:
    def create_function(backend: LambdaBackend, spec: dict[str, Any]) -> Any:
        if not roles.may_assume(frozenset({"lambda.amazonaws.com"}), str(spec.get("Role")), {}):
            message = "The role defined for the function cannot be assumed by Lambda."
            raise LambdaClientError("InvalidParameterValueException", message)
        return original(backend, spec)

    return create_function


def _state_machine(original: Any) -> Any:
    def create_state_machine(
        backend: Any,
        name: str,
        definition: str,
        roleArn: str,  # noqa: N803  moto's own name
        **options: Any,
    ) -> Any:
        _require_state_machine_role(backend, name, roleArn, options.get("loggingConfiguration") or {})
        return original(backend, name=name, definition=definition, roleArn=roleArn, **options)

    return create_state_machine


def _require_state_machine_role(backend: Any, name: str, role_arn: str, logging: dict[str, Any]) -> None:
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


def _targets(original: Any) -> Any:
    def put_targets(backend: Any, name: str, event_bus_arn: str | None, targets: list[dict[str, Any]]) -> Any:
        source = {
            "aws:SourceArn": backend.describe_rule(name, event_bus_arn).arn,
            "aws:SourceAccount": backend.account_id,
        }
        for target in targets:
            role = target.get("RoleArn")
            if role and not roles.may_assume(frozenset({"events.amazonaws.com"}), role, source):
                raise ValidationException(
                    f"Provided role '{role}' cannot be assumed by principal 'events.amazonaws.com'."
                )
        return original(backend, name, event_bus_arn, targets)

    return put_targets
