"""Concurrent calls: each is atomic."""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.model import OperationModel, ServiceModel

from tests.unit.sandbox.services.aws import Aws

CLIENTS = 20

pytestmark = pytest.mark.campaign


@pytest.fixture
def rounds(at_length: bool) -> int:
    """Return how often all clients call at once."""
    return 4 if at_length else 2


@pytest.fixture(autouse=True)
def _threads_that_switch_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def at_once(call: Any) -> list[Any]:
    """Run `call(number)` in many threads; return the results or error codes."""

    def attempt(number: int) -> Any:
        try:
            return call(number)
        except ClientError as error:
            return error.response["Error"]["Code"]

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(attempt, range(CLIENTS)))


@pytest.fixture(scope="module")
def table(aws: Aws) -> Any:
    """Return a DynamoDB client; the table is called `stories`."""
    return aws.table("stories")


def test_exactly_one_conditional_update_wins(table: Any, rounds: int) -> None:
    for turn in range(rounds):
        key = {"id": {"S": f"story-{turn}"}}
        table.put_item(TableName="stories", Item=key)
        answers = at_once(
            lambda number, key=key: table.update_item(
                TableName="stories",
                Key=key,
                UpdateExpression="SET callback = :c",
                ConditionExpression="attribute_exists(id) AND attribute_not_exists(callback)",
                ExpressionAttributeValues={":c": {"N": str(number)}},
            )
        )
        assert answers.count("ConditionalCheckFailedException") == CLIENTS - 1


def test_no_increment_is_lost(table: Any, rounds: int) -> None:
    for turn in range(rounds):
        key = {"id": {"S": f"counter-{turn}"}}
        at_once(
            lambda _, key=key: table.update_item(
                TableName="stories",
                Key=key,
                UpdateExpression="ADD amount :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )
        )
        assert table.get_item(TableName="stories", Key=key)["Item"]["amount"]["N"] == str(CLIENTS)


def test_a_transaction_is_done_whole_or_not_at_all(table: Any, rounds: int) -> None:
    pieces = CLIENTS // 2
    for turn in range(rounds):
        shelf = {"id": {"S": f"shelf-{turn}"}}
        table.put_item(TableName="stories", Item={**shelf, "amount": {"N": str(pieces)}})

        def take(number: int, turn: int = turn, shelf: dict[str, Any] = shelf) -> Any:
            owner = {"id": {"S": f"owner-{turn}-{number}"}}
            one = {":one": {"N": "1"}}
            return table.transact_write_items(
                TransactItems=[
                    {"Put": {"TableName": "stories", "Item": owner}},
                    {
                        "Update": {
                            "TableName": "stories",
                            "Key": shelf,
                            "UpdateExpression": "SET amount = amount - :one",
                            "ConditionExpression": "amount >= :one",
                            "ExpressionAttributeValues": one,
                        }
                    },
                ]
            )

        answers = at_once(take)
        assert answers.count("TransactionCanceledException") == CLIENTS - pieces
        assert table.get_item(TableName="stories", Key=shelf)["Item"]["amount"]["N"] == "0"
        owners = [item["id"]["S"] for item in table.scan(TableName="stories")["Items"]]
        assert sum(owner.startswith(f"owner-{turn}-") for owner in owners) == pieces


def test_a_failed_condition_can_return_the_item(table: Any) -> None:
    item = {"id": {"S": "there"}, "callback": {"S": "done"}}
    table.put_item(TableName="stories", Item=item)
    with pytest.raises(ClientError) as error:
        table.put_item(
            TableName="stories",
            Item=item,
            ConditionExpression="attribute_not_exists(id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    answer: Any = error.value.response
    assert answer["Item"] == item


def test_an_object_is_created_once(aws: Aws, rounds: int) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="once")
    for turn in range(rounds):
        answers = at_once(lambda _, turn=turn: s3.put_object(Bucket="once", Key=str(turn), Body=b"x", IfNoneMatch="*"))
        assert answers.count("PreconditionFailed") == CLIENTS - 1


def test_a_message_is_received_once(aws: Aws, rounds: int) -> None:
    sqs = aws.client("sqs")
    # On a slow machine a message must not become visible again before the test has ended.
    url = sqs.create_queue(QueueName="once", Attributes={"VisibilityTimeout": "43200"})["QueueUrl"]
    at_once(lambda number: [sqs.send_message(QueueUrl=url, MessageBody=f"{number}-{n}") for n in range(rounds)])

    def receive(_: int) -> list[str]:
        found: list[str] = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found += [message["Body"] for message in messages]
        return found

    received = [body for bodies in at_once(receive) for body in bodies]
    assert len(received) == len(set(received)) == CLIENTS * rounds


def test_long_poll_receives_a_message_sent_during_it(aws: Aws) -> None:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="polled")["QueueUrl"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20))
        sqs.send_message(QueueUrl=url, MessageBody="here")
        assert waiting.result(15)["Messages"][0]["Body"] == "here"


@pytest.mark.usefixtures("aws")
def test_operation_is_visible_only_when_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    model: Any = ServiceModel({"metadata": {}, "operations": {"Look": {"name": "Look", "http": {}}}}, "service")
    seen_by_another: list[Future[Any]] = []

    with ThreadPoolExecutor() as pool:

        class Unhurried(OperationModel):
            """Requests the operation while another thread creates it."""

            def __init__(self, *args: Any) -> None:
                seen_by_another.append(pool.submit(model.operation_model, "Look"))
                wait(seen_by_another, timeout=0.2)
                super().__init__(*args)

        monkeypatch.setattr("moto.core.model.OperationModel", Unhurried)
        first = model.operation_model("Look")
        assert [other.result() for other in seen_by_another] == [first]
    assert first.http_trait


def test_roles_are_created_while_others_are(aws: Aws, rounds: int) -> None:
    iam = aws.client("iam")
    nobody = json.dumps({"Version": "2012-10-17", "Statement": []})
    for turn in range(rounds):
        names = [f"role-{turn}-{number}" for number in range(CLIENTS)]
        at_once(lambda number, names=names: iam.create_role(RoleName=names[number], AssumeRolePolicyDocument=nobody))
        assert {iam.get_role(RoleName=name)["Role"]["RoleName"] for name in names} == set(names)
        assert at_once(lambda number, names=names: iam.delete_role(RoleName=names[number]) and None) == [None] * CLIENTS


def test_secrets_are_created_while_others_are(aws: Aws, rounds: int) -> None:
    secrets = aws.client("secretsmanager")
    for turn in range(rounds):
        names = [f"secret-{turn}-{number}" for number in range(CLIENTS)]

        def create_and_read(number: int, names: list[str] = names) -> str:
            arn = secrets.create_secret(Name=names[number], SecretString=names[number])["ARN"]
            return str(secrets.get_secret_value(SecretId=arn)["SecretString"])

        assert at_once(create_and_read) == names
    assert len(secrets.list_secrets(MaxResults=100)["SecretList"]) == rounds * CLIENTS
