"""The program on the sandbox: its environment and its results."""

import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import sandbox
from sandbox.embedded import Aws
from sandbox.resource_types import TYPES

EVERY_TYPE = Path(__file__).parent / "programs" / "every_type"


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with sandbox.running(root=EVERY_TYPE) as running:
        yield running


def test_example_uses_every_type_that_the_sandbox_knows(aws: Aws) -> None:
    assert {resource.type for resource in aws.resources} == set(TYPES)


def test_config_arrives_as_from_the_engine(aws: Aws) -> None:
    assert aws.outputs["delay_seconds"] == 7
    assert aws.outputs["statuses"] == ["Done", "Closed"]
    assert aws.outputs["verbose"] is False
    assert aws.outputs["title"] == "1.50"


def test_account_and_region_are_those_of_the_sandbox(aws: Aws) -> None:
    assert aws.outputs["account"] == "123456789012"
    assert aws.outputs["region"] == "us-east-1"
    assert aws.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_outputs_come_from_the_emulator(aws: Aws) -> None:
    buckets = [bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]]
    assert aws.outputs["bucket_name"] in buckets
    assert aws.outputs["bucket_name"].startswith("everything-")
    machine = aws.client("stepfunctions").describe_state_machine(stateMachineArn=aws.outputs["state_machine_arn"])
    assert machine["status"] == "ACTIVE"


def test_secret_inputs_and_outputs_arrive_open(aws: Aws) -> None:
    value = aws.client("secretsmanager").get_secret_value(SecretId=aws.outputs["secret_arn"])["SecretString"]
    assert value == f'{{"token": "{aws.outputs["password"]}"}}'
    assert re.fullmatch(r"[A-Za-z0-9]{32}", aws.outputs["password"])


def test_default_tags_are_on_every_resource_that_takes_tags(aws: Aws) -> None:
    assert aws.outputs["bucket_tags"] == {"Project": "everything", "Own": "yes"}
    tagged = [resource for resource in aws.resources if "tagsAll" in resource.outputs]
    assert len(tagged) > 20
    assert all(resource.outputs["tagsAll"]["Project"] == "everything" for resource in tagged)


def test_function_behind_the_api_answers(aws: Aws) -> None:
    assert aws.outputs["hello_url"].startswith(aws.endpoint_url)
    headers = {"Content-Type": "text/plain"}
    request = urllib.request.Request(aws.outputs["hello_url"], data=b"hi", headers=headers, method="POST")
    with urllib.request.urlopen(request) as answer:
        assert answer.read() == b"hi"
