"""A workflow of the project's shape, run with every extension."""

import json
from typing import Any

import pytest

from tests.unit.sandbox.interpreter.conftest import Answer, Api, Aws, Tasks
from tests.unit.sandbox.interpreter.test_aws_sdk_tasks import task
from tests.unit.sandbox.interpreter.test_http_task import connect

BUCKET = "whole-workflow"
HTTP_RETRY = [
    {
        "ErrorEquals": ["States.Http.StatusCode.503"],
        "IntervalSeconds": 1,
        "MaxDelaySeconds": 1,
        "JitterStrategy": "FULL",
    }
]


@pytest.fixture(scope="module")
def connection(aws: Aws) -> str:
    """Return the bucket, and a connection to the APIs."""
    aws.client("s3").create_bucket(Bucket=BUCKET)
    return connect(aws, "API_KEY", ApiKeyAuthParameters={"ApiKeyName": "Authorization", "ApiKeyValue": "Bearer s3cr3t"})


def _branch(name: str, api: Api, connection: str) -> dict[str, Any]:
    http = {
        "Type": "Task",
        "Resource": "arn:aws:states:::http:invoke",
        "Arguments": {
            "ApiEndpoint": f"{api.url}/{name}",
            "Method": "POST",
            "Authentication": {"ConnectionArn": connection},
            "RequestBody": {"story": "{% $document.story %}"},
        },
        "TimeoutSeconds": 30,
        "Retry": HTTP_RETRY,
        "Catch": [
            {
                "ErrorEquals": ["States.ALL"],
                "Output": {"name": name, "status": "FAILED", "error": "{% $states.errorOutput.Error %}"},
                "Next": f"{name} failed",
            }
        ],
        "Output": "{% $merge([{'name': '" + name + "'}, $states.result.ResponseBody]) %}",
        "End": True,
    }
    return {"StartAt": name, "States": {name: http, f"{name} failed": {"Type": "Succeed"}}}


def _workflow(api: Api, connection: str, tasks: Tasks) -> dict[str, Any]:
    store = {"TableName": tasks.table, "Item": {"execution": {"S": "{% $document.story %}"}}}
    result = {"story": "{% $document.story %}", "apis": "{% $apis %}", "callback": "{% $states.input %}"}
    read = task("s3:getObject", {"Bucket": BUCKET, "Key": "{% $states.input.key %}", "Range": "bytes=0-204800"})
    read |= {
        "Assign": {"document": "{% $parse($states.result.Body) %}"},
        "Catch": [{"ErrorEquals": ["S3.NoSuchKeyException"], "Output": {"why": "no input"}, "Next": "Refuse"}],
        "Next": "Register",
    }
    write = task("s3:putObject", {"Bucket": BUCKET, "Key": "result.json", "Body": result})
    states = {
        "Read": read,
        "Register": task("dynamodb:putItem", store) | {"Next": "Call"},
        "Call": {
            "Type": "Parallel",
            "Branches": [_branch(name, api, connection) for name in ("validation", "deployment", "notification")],
            "Assign": {"apis": "{% $states.result %}"},
            "Next": "Check",
        },
        "Check": {
            "Type": "Choice",
            "Choices": [
                {
                    "Condition": "{% 'FAILED' in $apis[name != 'notification'].status %}",
                    "Output": {"why": "{% $apis[status = 'FAILED'].name %}"},
                    "Next": "Refuse",
                }
            ],
            "Default": "Await",
        },
        "Await": tasks.state(Next="Write"),
        "Write": write,
        "Refuse": {"Type": "Fail", "Error": "Refused", "Cause": "{% $string($states.input.why) %}"},
    }
    for state in states.values():
        if "Next" in state:
            state.pop("End", None)
    return states


@pytest.fixture
def key(aws: Aws) -> str:
    """Return an input document."""
    aws.client("s3").put_object(Bucket=BUCKET, Key="in.json", Body=json.dumps({"story": 'ABC-1 "q"\n'}).encode())
    return "in.json"


def test_workflow_runs_to_its_result(aws: Aws, api: Api, connection: str, tasks: Tasks, key: str) -> None:
    api.answers["/deployment"] = [Answer(status=503), Answer(body=b'{"status": "DONE", "n": 1.0}')]
    api.answers["/notification"] = [Answer(status=500)]
    execution = aws.start(aws.machine(_workflow(api, connection, tasks), TimeoutSeconds=300), {"key": key})
    aws.states.send_task_success(taskToken=tasks.token(execution), output='{"message": "go"}')

    assert aws.ended(execution)["status"] == "SUCCEEDED"
    stored = json.loads(aws.client("s3").get_object(Bucket=BUCKET, Key="result.json")["Body"].read())
    assert stored == {
        "story": 'ABC-1 "q"\n',
        "apis": [
            {"name": "validation", "status": "OK"},
            {"name": "deployment", "status": "DONE", "n": 1},
            {"name": "notification", "status": "FAILED", "error": "States.Http.StatusCode.500"},
        ],
        "callback": {"message": "go"},
    }
    history = json.dumps(aws.history(execution), default=str)
    assert "s3cr3t" not in history
    assert "Authorization" not in history


def test_refusal_of_an_api_ends_the_workflow(aws: Aws, api: Api, connection: str, tasks: Tasks, key: str) -> None:
    api.answers["/validation"] = [Answer(status=400)]

    found = aws.run(_workflow(api, connection, tasks), {"key": key})

    assert (found["status"], found["error"], found["cause"]) == ("FAILED", "Refused", "validation")


def test_missing_document_ends_the_workflow(aws: Aws, api: Api, connection: str, tasks: Tasks) -> None:
    found = aws.run(_workflow(api, connection, tasks), {"key": "none"})

    assert (found["error"], found["cause"], api.requests) == ("Refused", "no input", [])
