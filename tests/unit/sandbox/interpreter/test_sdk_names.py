"""`aws-sdk:` tasks take and give the names of the Java SDK, for every service."""

import gzip
import json
from pathlib import Path
from typing import Any

import botocore
import botocore.session
import pytest
from botocore.model import StructureShape

from sandbox.interpreter import sdk_names
from tests.unit.sandbox.interpreter.conftest import Aws
from tests.unit.sandbox.interpreter.test_aws_sdk_tasks import task

SERVICES = [
    "stepfunctions",
    "ecs",
    "batch",
    "logs",
    "rds",
    "s3",
    "dynamodb",
    "codebuild",
    "apigateway",
    "iot",
    "glacier",
]
LARGE_MODEL = 40_000
"""In bytes: the largest ones of botocore's models, a tenth of them, take as long to read as all others."""
ITEM: dict[str, Any] = {
    "k": {"S": "v"},
    "is": {"Bool": True},
    "none": {"Nul": True},
    "names": {"Ss": ["a"]},
    "in": {"M": {"NULL": {"L": [{"Bool": False}, {"N": "1"}]}}},
}
"""Attributes may have any name, those of types among them."""


@pytest.fixture(scope="module")
def table(aws: Aws) -> str:
    """Return an empty table."""
    return aws.table("k")


def test_values_are_written_and_given_in_the_names_of_the_java_sdk(aws: Aws, table: str) -> None:
    put = task("dynamodb:putItem", {"TableName": table, "Item": ITEM}, Output={}, Next="B")
    del put["End"]

    found = aws.output({"A": put, "B": task("dynamodb:getItem", {"TableName": table, "Key": {"k": {"S": "v"}}})})

    assert found["Item"] == ITEM
    stored = aws.client("dynamodb").get_item(TableName=table, Key={"k": {"S": "v"}})["Item"]
    assert (stored["is"], stored["none"], stored["names"]) == ({"BOOL": True}, {"NULL": True}, {"SS": ["a"]})
    assert stored["in"] == {"M": {"NULL": {"L": [{"BOOL": False}, {"N": "1"}]}}}


@pytest.mark.parametrize("value", [{"NULL": True}, {"M": {"a": {"BOOL": True}}}, {"L": [{"SS": ["a"]}]}])
def test_names_that_only_the_api_has_are_refused_as_aws_does(aws: Aws, table: str, value: dict[str, Any]) -> None:
    ended = aws.run({"A": task("dynamodb:putItem", {"TableName": table, "Item": {"k": {"S": "v"}, "a": value}})})

    assert ended["error"] == "States.Runtime"
    assert "is not supported by Step Functions" in ended["cause"]


@pytest.mark.parametrize(
    ("api", "expected"),
    [
        ("maxResults", "MaxResults"),
        ("TableName", "TableName"),
        ("BOOL", "Bool"),
        ("NULL", "Nul"),
        ("S", "S"),
        ("SS", "Ss"),
        ("ETag", "ETag"),
        ("DBInstanceIdentifier", "DbInstanceIdentifier"),
        ("SSEKMSKeyId", "SsekmsKeyId"),
        ("VPCSecurityGroups", "VpcSecurityGroups"),
        ("TableARN", "TableARN"),
    ],
)
def test_a_member_has_the_java_sdk_s_name_with_a_capital(api: str, expected: str) -> None:
    assert sdk_names.member(api) == expected


@pytest.mark.parametrize(
    ("name", "boto", "java"),
    [
        ("sfn", "stepfunctions", "Sfn"),
        ("s3", "s3", "S3"),
        ("dynamodb", "dynamodb", "DynamoDb"),
        ("eventbridge", "events", "EventBridge"),
        ("cloudwatchlogs", "logs", "CloudWatchLogs"),
        ("secretsmanager", "secretsmanager", "SecretsManager"),
        ("cognitoidentityprovider", "cognito-idp", "CognitoIdentityProvider"),
        ("lambda", "lambda", "Lambda"),
        ("apigateway", "apigateway", "ApiGateway"),
        ("ec2", "ec2", "Ec2"),
    ],
)
def test_a_service_is_found_by_the_java_sdk_s_name(name: str, boto: str, java: str) -> None:
    assert sdk_names.boto_service(name) == boto
    assert sdk_names.java_service(name) == java


def test_every_service_of_botocore_is_found_by_its_service_id() -> None:
    loaded = botocore.session.get_session().get_available_services()

    # It is the same service as pinpoint-sms-voice.
    assert {sdk_names.boto_service(sdk_names.java_service(name)) for name in loaded} == {*loaded} - {"sms-voice"}


@pytest.mark.soak
def test_no_two_members_of_a_structure_have_one_name_in_any_service() -> None:
    for model in (Path(botocore.__file__).parent / "data").glob("*/*/service-2.json.gz"):
        if model.stat().st_size > LARGE_MODEL:
            continue
        for name, shape in json.loads(gzip.decompress(model.read_bytes()))["shapes"].items():
            members = shape.get("members") or {}
            assert len({sdk_names.member(each) for each in members}) == len(members), (model, name)


@pytest.mark.parametrize("service", SERVICES)
def test_names_go_to_every_api_and_come_back(service: str) -> None:
    model = botocore.session.get_session().get_service_model(service)
    for name in model.operation_names:
        operation = model.operation_model(name)
        assert sdk_names.operation(model, name[:1].lower() + name[1:]) == name
        for shape in (operation.input_shape, operation.output_shape):
            if isinstance(shape, StructureShape):
                api = {each: _sample(content) for each, content in shape.members.items()}
                task = sdk_names.from_api(api, shape)
                assert all(each[:1].isupper() or not each[:1].isalpha() for each in task), task
                assert sdk_names.to_api(task, shape) == api, name


def _sample(shape: Any) -> Any:
    """Return a value of a shape, two structures deep."""
    if isinstance(shape, StructureShape):
        return {name: "x" for name in shape.members}
    return "x"


def test_an_api_with_small_letters_takes_and_gives_capitals(aws: Aws) -> None:
    aws.machine({"A": {"Type": "Succeed"}})

    found = aws.output({"A": task("sfn:listStateMachines", {"MaxResults": 5})})
    activities = aws.output({"A": task("sfn:listActivities", {})})

    assert found["StateMachines"][0]["StateMachineArn"]
    assert activities == {"Activities": []}


def test_the_api_s_own_small_letters_are_refused_as_aws_does(aws: Aws) -> None:
    ended = aws.run({"A": task("sfn:listStateMachines", {"maxResults": 5})})

    assert 'The field "maxResults" is not supported by Step Functions' in ended["cause"], json.dumps(ended, default=str)
