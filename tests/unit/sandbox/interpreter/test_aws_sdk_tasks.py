"""`aws-sdk:` tasks read, write and fail as on AWS."""

import json
from typing import Any

import pytest
from moto.stepfunctions.parser.asl.component.state.exec.state_task.credentials import StateCredentials

from sandbox.interpreter.aws_sdk_tasks import client_for, error_name
from tests.unit.sandbox.interpreter.conftest import Aws


def task(action: str, arguments: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a task that calls an action of an AWS service."""
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::aws-sdk:{action}",
        "Arguments": arguments,
        "End": True,
        **fields,
    }


@pytest.fixture(scope="module")
def bucket(aws: Aws) -> str:
    """Return an empty bucket."""
    name = f"bucket-{aws.name()}"
    aws.client("s3").create_bucket(Bucket=name)
    return name


@pytest.mark.parametrize(
    ("body", "stored"),
    [("text data", b'"text data"'), ({"a": [1, "é"]}, '{"a":[1,"é"]}'.encode()), ([1], b"[1]"), (True, b"true")],
)
def test_put_object_writes_json(aws: Aws, bucket: str, body: Any, stored: bytes) -> None:
    aws.output({"A": task("s3:putObject", {"Bucket": bucket, "Key": "k", "Body": body})})

    assert aws.client("s3").get_object(Bucket=bucket, Key="k")["Body"].read() == stored


def test_get_object_gives_the_body_as_text(aws: Aws, bucket: str) -> None:
    aws.client("s3").put_object(Bucket=bucket, Key="k", Body='{"a": "é"}'.encode(), ContentType="application/json")

    found = aws.output({"A": task("s3:getObject", {"Bucket": bucket, "Key": "k", "Range": "bytes=0-4"})})

    assert (found["Body"], found["ContentRange"], found["ContentLength"]) == ('{"a":', "bytes 0-4/11", 5)
    assert found["LastModified"].endswith("Z")


def test_bytes_that_are_no_text_are_replaced(aws: Aws, bucket: str) -> None:
    aws.client("s3").put_object(Bucket=bucket, Key="k", Body=b"a\xff\xfeb")

    assert aws.output({"A": task("s3:getObject", {"Bucket": bucket, "Key": "k"})})["Body"] == "a\ufffd\ufffdb"


def test_errors_have_the_names_of_the_java_sdk(aws: Aws, bucket: str) -> None:
    aws.client("s3").put_object(Bucket=bucket, Key="short", Body=b"abc")
    calls = [
        task("s3:getObject", {"Bucket": bucket, "Key": "none"}),
        task("s3:getObject", {"Bucket": "none-such", "Key": "k"}),
        task("s3:getObject", {"Bucket": bucket, "Key": "short", "Range": "bytes=9-10"}),
        task("dynamodb:getItem", {"TableName": "none", "Key": {"k": {"S": "v"}}}),
    ]

    found = [aws.run({"A": call}) for call in calls]

    assert [one["error"] for one in found] == [
        "S3.NoSuchKeyException",
        "S3.NoSuchBucketException",
        "S3.S3Exception",
        "DynamoDb.ResourceNotFoundException",
    ]
    assert found[0]["cause"].startswith(
        "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: "
    )


def test_a_failed_condition_is_caught_by_name(aws: Aws) -> None:
    aws.client("dynamodb").create_table(
        TableName="conditions",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    arguments = {
        "TableName": "conditions",
        "Item": {"k": {"S": "a"}},
        "ConditionExpression": "attribute_exists(k)",
    }
    catch = [{"ErrorEquals": ["DynamoDb.ConditionalCheckFailedException"], "Next": "B", "Output": "caught"}]

    assert aws.output({"A": task("dynamodb:putItem", arguments, Catch=catch), "B": {"Type": "Succeed"}}) == "caught"


class _Refusal(Exception):  # noqa: N818  stands for a boto3 exception
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.response = {"Error": {"Code": code}}


@pytest.mark.parametrize(
    ("exception", "code", "service", "name"),
    [
        ("NoSuchKey", "NoSuchKey", "S3", "S3.NoSuchKeyException"),
        ("ClientError", "AccessDenied", "S3", "S3.S3Exception"),
        ("ClientError", "ThrottlingException", "DynamoDb", "DynamoDb.ThrottlingException"),
        ("InternalServerError", "InternalServerError", "DynamoDb", "DynamoDb.InternalServerErrorException"),
        ("ResourceNotFoundFault", "ResourceNotFoundFault", "Sfn", "Sfn.ResourceNotFoundException"),
    ],
)
def test_error_names(exception: str, code: str, service: str, name: str) -> None:
    assert error_name(service, type(exception, (_Refusal,), {})(code)) == name


def test_no_answer_is_the_sdks_own_exception(aws: Aws, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = aws.machine({"A": task("s3:getObject", {"Bucket": bucket, "Key": "k"})})
    monkeypatch.setenv("MOTO_PORT", "1")

    assert aws.ended(aws.start(machine))["error"] == "S3.SdkClientException"


def test_each_role_has_a_client_of_its_own(aws: Aws) -> None:
    assert aws.endpoint_url.rpartition(":")[2]
    one, other = (StateCredentials(f"arn:aws:iam::123456789012:role/{name}") for name in ("one", "other"))
    assert client_for("us-east-1", "s3", one) is client_for("us-east-1", "s3", one)
    assert client_for("us-east-1", "s3", one) is not client_for("us-east-1", "s3", other)
    assert client_for("us-east-1", "s3", one).meta.endpoint_url == aws.endpoint_url


def test_a_service_that_does_not_exist_fails_the_execution(aws: Aws) -> None:
    found = aws.run({"A": task("s3:makeCoffee", {})})

    assert (found["status"], found["error"]) == ("FAILED", "States.Runtime")
    assert "s3:makeCoffee" in found["cause"]
    assert json.dumps(found["cause"])
