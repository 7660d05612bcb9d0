"""Requests to services with one URL, which go past Flask."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from sandbox.server import Server
from tests.unit.sandbox.services.aws import Aws


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    """Return clients for a running server."""
    with Server(iam=False) as server:
        yield Aws(server)


@pytest.fixture
def in_flask(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the paths of the requests that Flask answers from now on."""
    paths: list[str] = []
    answer = Flask.wsgi_app

    def wsgi_app(self: Flask, environ: Any, start_response: Any) -> Any:
        paths.append(environ["PATH_INFO"])
        return answer(self, environ, start_response)

    monkeypatch.setattr(Flask, "wsgi_app", wsgi_app)
    return paths


def test_calls_and_errors_of_json_services_need_no_flask(aws: Aws, in_flask: list[str]) -> None:
    dynamodb = aws.table("quick")
    dynamodb.put_item(TableName="quick", Item={"id": {"S": "ü"}})
    assert dynamodb.get_item(TableName="quick", Key={"id": {"S": "ü"}})["Item"] == {"id": {"S": "ü"}}
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException, match="not found"):
        dynamodb.get_item(TableName="other", Key={"id": {"S": "1"}})
    states = aws.client("stepfunctions")
    with pytest.raises(states.exceptions.ExecutionDoesNotExist):
        states.describe_execution(executionArn="arn:aws:states:us-east-1:123456789012:execution:a:b")
    assert in_flask == []


def test_services_with_many_urls_are_answered_by_flask(aws: Aws, in_flask: list[str]) -> None:
    aws.client("s3").list_buckets()
    assert in_flask == ["/"]
