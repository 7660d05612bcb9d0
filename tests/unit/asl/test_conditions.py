"""Conditional writes of the state machines, evaluated by DynamoDB on items of every status."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.unit.asl.deciding import value
from tests.unit.asl.graph import states
from tests.unit.asl.orders.test_workflow import MACHINE as ORDERS
from tests.unit.asl.release.test_workflow import MACHINE as RELEASE

STATES = {**states(ORDERS), **states(RELEASE)}
KEYS = {"orders": ("orderId",), "stories": ("jiraStoryId", "executionName")}
ORDER = {"orderId": "A-1", "userId": "mine", "timeline": []}
STORY = {"jiraStoryId": "S-1", "executionName": "run-1"}

VARIABLES = {
    "states": {"context": {"Execution": {"Name": "run-1", "Id": "arn:run-1"}, "Task": {"Token": "token"}}},
    **{"orderId": "A-1", "userId": "mine", "outcome": {"status": "REJECTED", "reason": "why"}},
    **{"payment": {"paymentId": "p"}, "reservation": {"state": "COMMITTED"}, "undone": {"payment": None}},
    **{"notification": {"status": "FAILED", "reason": "why"}},
    **{"story": "S-1", "problems": [], "failure": {"error": "States.Timeout"}},
}
"""Those of both workflows, at any of their states."""


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Create both tables."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        for table, names in KEYS.items():
            client.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
                KeySchema=[
                    {"AttributeName": name, "KeyType": kind}
                    for name, kind in zip(names, ("HASH", "RANGE"), strict=False)
                ],
            )
        yield client


def _is_taken(dynamodb: Any, state: str, item: dict[str, Any] | None) -> bool:
    arguments = _evaluated(STATES[state]["Arguments"])
    if item is not None:
        dynamodb.put_item(TableName=arguments["TableName"], Item={name: _typed(each) for name, each in item.items()})
    write = dynamodb.put_item if "Item" in arguments else dynamodb.update_item
    try:
        write(**arguments)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _evaluated(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _evaluated(each) for name, each in part.items()}
    if isinstance(part, list):
        return [_evaluated(each) for each in part]
    return value(part, VARIABLES) if isinstance(part, str) else part


def _typed(plain: Any) -> dict[str, Any]:
    return {"L": []} if plain == [] else {"M": {}} if plain == {} else {"S": plain}


@pytest.mark.parametrize("state", ["Close order", "Confirm order", "Cancel order"])
@pytest.mark.parametrize("status", ["PENDING", "CANCELLING", "CONFIRMED", "REJECTED", "FAILED"])
def test_order_status_changes_in_one_direction_only(dynamodb: Any, state: str, status: str) -> None:
    from_status = {"Close order": "PENDING", "Confirm order": "PENDING", "Cancel order": "CANCELLING"}[state]
    assert _is_taken(dynamodb, state, {**ORDER, "status": status}) is (status == from_status)


def test_order_of_another_user_is_not_closed(dynamodb: Any) -> None:
    assert not _is_taken(dynamodb, "Close order", {**ORDER, "status": "PENDING", "userId": "theirs"})


@pytest.mark.parametrize(
    ("state", "taken"),
    [("Close order", True), ("Confirm order", False), ("Cancel order", False), ("Record warning", False)],
)
def test_missing_order_can_only_be_closed(dynamodb: Any, state: str, taken: bool) -> None:
    assert _is_taken(dynamodb, state, None) is taken


def test_warning_is_written_to_a_confirmed_order(dynamodb: Any) -> None:
    assert _is_taken(dynamodb, "Record warning", {**ORDER, "status": "CONFIRMED"})


@pytest.mark.parametrize(
    ("state", "item", "taken"),
    [
        ("Register story", None, True),
        ("Register story", STORY, False),
        ("Await story", None, False),
        ("Await story", STORY, True),
        ("Await story", {**STORY, "callback": {}}, False),
        ("Take parked callback", None, False),
        ("Take parked callback", STORY, False),
        ("Take parked callback", {**STORY, "callback": {}}, True),
        ("Close story", None, False),
        ("Close story", STORY, True),
    ],
)
def test_story_writes_depend_on_the_stored_story_and_callback(
    dynamodb: Any, state: str, item: dict[str, Any] | None, taken: bool
) -> None:
    assert _is_taken(dynamodb, state, item) is taken
