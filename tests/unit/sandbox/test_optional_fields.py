"""Calls that leave out an optional field: the sandbox reads no field that a client need not send."""

import copy
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import Clients
from sandbox.program import deploy
from sandbox.server import Server
from sandbox.stack import load

pytestmark = pytest.mark.soak

EVERY_TYPE = Path(__file__).parent / "programs" / "every_type"
SERVICES = (
    *("apigatewayv2", "application-autoscaling", "backup", "cloudwatch", "dynamodb", "events", "iam", "kms"),
    *("lambda", "logs", "s3", "scheduler", "secretsmanager", "sns", "sqs", "stepfunctions"),
)
NAMES = {
    *("ArchiveName", "BackupVaultName", "Bucket", "FunctionName", "Name", "PolicyName", "QueueName", "RoleName"),
    *("StatementId", "TableName", "logGroupName", "name"),
}
"""Parameters that name a resource; a repeated creation makes one of another name."""

NEEDED = {
    ("dynamodb", "CreateTable", "AttributeDefinitions"),
    ("dynamodb", "CreateTable", "KeySchema"),
    ("dynamodb", "PutItem", "ExpressionAttributeNames"),
    ("lambda", "CreateFunction", "ZipFile"),
    ("s3", "PutBucketLifecycleConfiguration", "LifecycleConfiguration"),
    ("sns", "SetTopicAttributes", "AttributeValue"),
    ("sns", "Subscribe", "Endpoint"),
    ("stepfunctions", "CreateStateMachine", "key"),
}
"""Fields that AWS's models call optional, and that AWS refuses a call without. moto fails instead."""

_OF_A_VALUE = {"B", "BOOL", "L", "M", "N", "S", "SS"}
"""The members of DynamoDB's values, one of which is always there."""


@dataclass(frozen=True)
class Recorded:
    """A call that the deployment made."""

    client: Any
    operation: str
    parameters: Mapping[str, Any]

    @property
    def service(self) -> str:
        """Boto3's name of the service."""
        return str(self.client.meta.service_model.service_name)

    @property
    def shape(self) -> Any:
        """The model of the parameters; None for an operation that takes none."""
        return self.client.meta.service_model.operation_model(self.operation).input_shape

    def make(self, parameters: Mapping[str, Any]) -> Any:
        """Call the operation with other parameters."""
        return self.client._make_api_call(self.operation, parameters)


def _optional(shape: Any, value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of all fields of a value that its model does not require."""
    if shape.type_name == "structure":
        for name, field in value.items():
            if name not in shape.required_members and name not in _OF_A_VALUE:
                yield (*path, name)
            yield from _optional(shape.members[name], field, (*path, name))
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from _optional(shape.member, item, (*path, index))
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _optional(shape.value, item, (*path, key))


def _without(parameters: Mapping[str, Any], path: tuple[Any, ...], number: int, *, is_new: bool) -> dict[str, Any]:
    changed = copy.deepcopy(dict(parameters))
    within: Any = changed
    for step in path[:-1]:
        within = within[step]
    del within[path[-1]]
    if not is_new:
        return changed
    return {
        key: f"{value}-{number}" if key in NAMES and isinstance(value, str) else value for key, value in changed.items()
    }


def _started(clients: Clients, made: Any) -> None:
    states = clients("stepfunctions")
    arn = states.start_execution(stateMachineArn=made["stateMachineArn"])["executionArn"]
    states.describe_execution(executionArn=arn)


USES: dict[str, Callable[[Clients, Any], Any]] = {
    "CreateStateMachine": _started,
    "CreateFunction": lambda clients, made: clients("lambda").invoke(FunctionName=made["FunctionName"]),
    "CreateQueue": lambda clients, made: clients("sqs").send_message(QueueUrl=made["QueueUrl"], MessageBody="x"),
    "CreateTopic": lambda clients, made: clients("sns").publish(TopicArn=made["TopicArn"], Message="x"),
    "PutTargets": lambda clients, _: clients("events").put_events(
        Entries=[{"Source": "everything", "DetailType": "x", "Detail": "{}", "EventBusName": "everything"}]
    ),
}
"""Uses of what a call made, which read its fields later."""


def test_every_optional_field_of_a_deployment_may_be_left_out() -> None:
    with Server(iam=False) as server:
        clients, recorded = Clients(server.endpoint_url), list[Recorded]()
        for service in SERVICES:
            client = clients(service)

            def record(params: Any, model: Any, client: Any = client, **_: Any) -> None:
                recorded.append(Recorded(client, model.name, params))

            client.meta.events.register("provide-client-params", record)
        deploy(EVERY_TYPE, load(EVERY_TYPE, "dev"), clients)
        assert list(_failures(clients, [*recorded])) == []


def _failures(clients: Clients, recorded: list[Recorded]) -> Iterator[str]:
    numbers, seen = itertools.count(), set[tuple[Any, ...]]()
    for call in recorded:
        for path in _optional(call.shape, call.parameters) if call.shape else ():
            fields = tuple(step for step in path if isinstance(step, str))
            told = (call.service, call.operation, *fields)
            if told in seen or (call.service, call.operation, fields[-1]) in NEEDED:
                continue
            seen.add(told)
            is_new = call.operation.startswith("Create")
            try:
                made = call.make(_without(call.parameters, path, next(numbers), is_new=is_new))
                if call.operation in USES:
                    USES[call.operation](clients, made)
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                    yield f"{json.dumps(told)}: {error}"
            except Exception as error:
                yield f"{json.dumps(told)}: {type(error).__name__}: {error}"
    assert len(seen) > 100
