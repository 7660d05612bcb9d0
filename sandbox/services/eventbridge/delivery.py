"""Delivery of an event to one target: a function, state machine, queue, topic, log group or another bus."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.utils import get_backend
from moto.core.utils import unix_time_millis
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import sqs_backends
from moto.utilities.arns import Arn, parse_arn

from sandbox import direct
from sandbox.iam import roles
from sandbox.iam.resource_policies import may_invoke, may_send
from sandbox.iam.roles import EVENTBRIDGE
from sandbox.services.destinations import deliver
from sandbox.services.lambda_.async_invocations import AsyncInvocations
from sandbox.services.logs import streams

SERVICE = "events.amazonaws.com"
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html: the error codes of a dead letter.
NO_PERMISSIONS, NO_RESOURCE, SDK_CLIENT_ERROR = "NO_PERMISSIONS", "NO_RESOURCE", "SDK_CLIENT_ERROR"
_NOT_RETRIED_STATUS = range(400, 500)


class DeliveryError(Exception):
    """The target did not accept the event; `retry` says whether another attempt may help."""

    def __init__(self, code: str, message: str, *, retry: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retry = retry


class Delivery:
    """Delivers to each kind of target. `forward(bus_arn, event)` sends an event to another bus."""

    def __init__(
        self, endpoint_url: str, asynchronous: AsyncInvocations, forward: Callable[[Arn, dict[str, Any]], None]
    ) -> None:
        self._asynchronous = asynchronous
        self._forward = forward
        self._endpoint_url = endpoint_url
        # One client per role that a target names.
        self._step_functions: dict[str, Any] = {}
        self._creating = threading.Lock()

    def send(self, target: dict[str, Any], event: dict[str, Any], text: str, rule_arn: str) -> None:
        """Deliver `text`, the target's input for `event`, once.

        Raises DeliveryError if the target does not exist, is not permitted, or does not accept the event.
        """
        arn = parse_arn(target["Arn"])
        if arn.service == "lambda":
            self._to_function(arn, text, rule_arn)
        elif arn.service == "states":
            self._to_state_machine(target, event, text)
        elif arn.service == "sqs":
            to_queue(target["Arn"], text, {}, rule_arn, (target.get("SqsParameters") or {}).get("MessageGroupId"))
        elif arn.service == "sns":
            deliver(target["Arn"], text, {})
        elif arn.service == "logs":
            _to_log_group(arn, text)
        elif arn.service == "events" and arn.resource_type == "event-bus":
            self._forward(arn, event)
        else:
            raise DeliveryError(SDK_CLIENT_ERROR, f"the sandbox cannot deliver events to {target['Arn']}")

    def _to_function(self, arn: Arn, text: str, rule_arn: str) -> None:
        name, _, qualifier = arn.resource_id.partition(":")
        try:
            function = get_backend(arn.account, arn.region).get_function(name, qualifier or None)
        except UnknownFunctionException as error:
            raise DeliveryError(NO_RESOURCE, str(error.message)) from error
        if not may_invoke(function, SERVICE, rule_arn):
            raise DeliveryError(NO_PERMISSIONS, f"the policy of {name} does not let {SERVICE} invoke it for {rule_arn}")
        self._asynchronous.invoke(function, text.encode())

    def _to_state_machine(self, target: dict[str, Any], event: dict[str, Any], text: str) -> None:
        if not target.get("RoleArn"):
            raise DeliveryError(NO_PERMISSIONS, "a state machine as a target needs a RoleArn")
        try:
            self._step_functions_as(target["RoleArn"], parse_arn(target["Arn"]).region).start_execution(
                stateMachineArn=target["Arn"], name=f"{event['id']}_{uuid.uuid4()}", input=text
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            retry = error.response["ResponseMetadata"]["HTTPStatusCode"] not in _NOT_RETRIED_STATUS
            known = {"StateMachineDoesNotExist": NO_RESOURCE, "AccessDeniedException": NO_PERMISSIONS}
            raise DeliveryError(known.get(code, SDK_CLIENT_ERROR), str(error), retry=retry) from error

    def _step_functions_as(self, role_arn: str, region: str) -> Any:
        with self._creating:
            if role_arn not in self._step_functions:
                session = roles.session(role_arn, EVENTBRIDGE, region)
                made = boto3.client(
                    "stepfunctions",
                    endpoint_url=self._endpoint_url,
                    region_name=region,
                    aws_access_key_id=session.access_key,
                    aws_secret_access_key=session.secret_key,
                    aws_session_token=session.token,
                )
                self._step_functions[role_arn] = direct.connect(made, session.access_key)
            return self._step_functions[role_arn]


def to_queue(arn: str, text: str, attributes: dict[str, str], rule_arn: str, group: str | None = None) -> None:
    """Send to a queue. Raises DeliveryError unless the queue's policy allows EventBridge to send for this rule."""
    target = parse_arn(arn)
    try:
        queue = sqs_backends[target.account][target.region].get_queue(target.resource_id)
    except QueueDoesNotExist as error:
        raise DeliveryError(NO_RESOURCE, f"there is no queue {arn}") from error
    if not may_send(queue, SERVICE, rule_arn):
        raise DeliveryError(NO_PERMISSIONS, f"the policy of {arn} does not let {SERVICE} send to it for {rule_arn}")
    deliver(arn, text, attributes, group)


def _to_log_group(arn: Arn, text: str) -> None:
    group = arn.resource_id.removesuffix(":*")
    if not streams.write(arn.account, arn.region, group, str(uuid.uuid4()), text, int(unix_time_millis())):
        raise DeliveryError(NO_RESOURCE, f"there is no log group {group}")
