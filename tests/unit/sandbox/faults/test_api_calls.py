"""Kinds of faults, from the view of a boto3 client."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from sandbox.faults import Fault, Kind, Plan
from tests.unit.sandbox.faults.tables import Table, client
from tests.unit.sandbox.services.aws import Aws

NEW: dict[str, Any] = {
    "ConditionExpression": "attribute_not_exists(id)",
    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
}


def one(kind: Kind, call: str = "dynamodb.PutItem", **more: Any) -> Plan:
    return Plan(name="one", faults=(Fault(call=call, kind=kind, **more),))


def refused(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    answer = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        (Kind.THROTTLE, "ProvisionedThroughputExceededException", 400),
        (Kind.SERVER_ERROR, "InternalServerError", 500),
        (Kind.UNAVAILABLE, "ServiceUnavailable", 503),
    ],
)
def test_throttled_call_has_no_effect(aws: Aws, table: Table, kind: Kind, code: str, status: int) -> None:
    with aws.server.faults(one(kind)), pytest.raises(ClientError) as error:
        table.put("a")
    assert refused(error) == (code, status)
    assert table.keys() == set()


@pytest.mark.parametrize(
    ("call", "arguments", "throttled", "faulty"),
    [
        ("s3.PutObject", {"Bucket": "b", "Key": "k"}, ("SlowDown", 503), ("InternalError", 500)),
        ("lambda.Invoke", {"FunctionName": "f"}, ("TooManyRequestsException", 429), ("ServiceException", 500)),
        (
            "stepfunctions.SendTaskSuccess",
            {"taskToken": "t", "output": "{}"},
            ("ThrottlingException", 400),
            ("InternalFailure", 500),
        ),
        (
            "secretsmanager.GetSecretValue",
            {"SecretId": "s"},
            ("ThrottlingException", 400),
            ("InternalServiceError", 500),
        ),
        ("sqs.ListQueues", {}, ("RequestThrottled", 400), ("InternalFailure", 500)),
        ("sns.ListTopics", {}, ("Throttled", 429), ("InternalError", 500)),
        ("events.PutEvents", {"Entries": [{}]}, ("ThrottlingException", 400), ("InternalException", 500)),
        ("iam.ListRoles", {}, ("Throttling", 400), ("InternalFailure", 500)),
    ],
)
def test_each_service_has_its_own_codes(
    aws: Aws, call: str, arguments: dict[str, Any], throttled: tuple[str, int], faulty: tuple[str, int]
) -> None:
    service, _, operation = call.partition(".")
    caller = client(aws.server, service)
    method = next(name for name, api in caller.meta.method_to_api_mapping.items() if api == operation)
    for kind, expected in ((Kind.THROTTLE, throttled), (Kind.SERVER_ERROR, faulty)):
        with aws.server.faults(one(kind, call)), pytest.raises(ClientError) as error:
            getattr(caller, method)(**arguments)
        assert refused(error) == expected


@pytest.mark.parametrize(
    "kind", [Kind.THROTTLE, Kind.SERVER_ERROR, Kind.UNAVAILABLE, Kind.RESET, Kind.LOST_ANSWER, Kind.FALSE_ERROR]
)
def test_sdk_retries_by_itself(aws: Aws, table: Table, kind: Kind) -> None:
    with aws.server.faults(one(kind, times=2)):
        answer = table.put("a", attempts=3)
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert table.keys() == {"a"}


def test_fault_times_the_call_out(aws: Aws, table: Table) -> None:
    with aws.server.faults(one(Kind.TIMEOUT, seconds=2)), pytest.raises(ReadTimeoutError):
        table.put("a", read_timeout=0.2)
    assert table.keys() == set()


def test_fault_closes_the_connection_before_the_timeout(aws: Aws, table: Table) -> None:
    with aws.server.faults(one(Kind.TIMEOUT, seconds=0.1)), pytest.raises(ConnectionClosedError):
        table.put("a")
    assert table.keys() == set()


def test_fault_resets_the_connection(aws: Aws, table: Table) -> None:
    with aws.server.faults(one(Kind.RESET)), pytest.raises(ConnectionClosedError) as error:
        table.put("a")
    assert "Connection reset by peer" in repr(error.value.kwargs["error"])
    assert table.keys() == set()


def test_fault_loses_the_answer_of_an_executed_call(aws: Aws, table: Table) -> None:
    with aws.server.faults(one(Kind.LOST_ANSWER)), pytest.raises(ConnectionClosedError):
        table.put("a")
    assert table.keys() == {"a"}


def test_fault_answers_an_executed_call_with_an_error(aws: Aws, table: Table) -> None:
    with aws.server.faults(one(Kind.FALSE_ERROR)), pytest.raises(ClientError) as error:
        table.put("a")
    assert refused(error) == ("InternalServerError", 500)
    assert table.keys() == {"a"}


def test_fault_delays_the_call(aws: Aws, table: Table) -> None:
    started = time.monotonic()
    with aws.server.faults(one(Kind.DELAY, seconds=0.3)):
        table.put("a")
    assert time.monotonic() - started >= 0.3
    assert table.keys() == {"a"}


def test_fault_makes_a_concurrent_write_first(aws: Aws, table: Table) -> None:
    with aws.server.faults(one(Kind.CONDITION)), pytest.raises(ClientError) as error:
        table.put("a", **NEW)
    assert refused(error) == ("ConditionalCheckFailedException", 400)
    # A true answer, with the stored item.
    answer: Any = error.value.response
    assert answer["Item"] == {"id": {"S": "a"}}


def test_condition_that_a_repeated_write_keeps_fails_anyway(aws: Aws, table: Table) -> None:
    table.put("a")
    with aws.server.faults(one(Kind.CONDITION)), pytest.raises(ClientError) as error:
        table.put("a", ConditionExpression="attribute_exists(id)")
    assert refused(error) == ("ConditionalCheckFailedException", 400)


def test_unconditional_write_is_not_affected(aws: Aws, table: Table) -> None:
    with aws.server.faults(one(Kind.CONDITION), all_must_fire=False):
        table.put("a")
    assert table.keys() == {"a"}
    assert aws.server.faults.fired == []


@pytest.mark.parametrize("condition", ["attribute_not_exists(id)", "attribute_exists(id)"])
def test_fault_cancels_a_transaction(aws: Aws, table: Table, condition: str) -> None:
    if condition == "attribute_exists(id)":
        table.put("a")
    put = {"TableName": table.name, "Item": {"id": {"S": "a"}}, "ConditionExpression": condition}
    other = {"TableName": table.name, "Item": {"id": {"S": "b"}}}
    plan = one(Kind.CONDITION, "dynamodb.TransactWriteItems")
    with aws.server.faults(plan), pytest.raises(ClientError) as error:
        table.client().transact_write_items(TransactItems=[{"Put": put}, {"Put": other}])
    assert refused(error) == ("TransactionCanceledException", 400)
    assert [each["Code"] for each in error.value.response["CancellationReasons"]] == ["ConditionalCheckFailed", "None"]
    assert table.keys() == {"a", "b"}


def test_fault_puts_the_object_first(aws: Aws) -> None:
    s3 = client(aws.server, "s3")
    s3.create_bucket(Bucket="beaten")
    with aws.server.faults(one(Kind.CONDITION, "s3.PutObject")), pytest.raises(ClientError) as error:
        s3.put_object(Bucket="beaten", Key="k", Body=b"x", IfNoneMatch="*")
    assert refused(error) == ("PreconditionFailed", 412)


def test_the_clock_moves_at_a_call(aws: Aws, table: Table) -> None:
    before = time.time()
    with aws.server.faults(one(Kind.CLOCK, seconds=3600)):
        table.put("a")
    assert time.time() - before >= 3600
