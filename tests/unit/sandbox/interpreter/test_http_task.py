"""HTTP Tasks: calls of APIs through a connection, without showing its credentials."""

import base64
import json
import socket
from typing import Any

import pytest

from sandbox.interpreter import http_task
from tests.unit.sandbox.interpreter.conftest import Answer, Api, Aws

SECRET = "s3cr3t-value"


@pytest.fixture(scope="module")
def connection(aws: Aws) -> str:
    """Return a connection that sends a bearer token."""
    return connect(
        aws, "API_KEY", ApiKeyAuthParameters={"ApiKeyName": "Authorization", "ApiKeyValue": f"Bearer {SECRET}"}
    )


def connect(aws: Aws, kind: str, **parameters: Any) -> str:
    """Create an EventBridge connection; gives its ARN."""
    events = aws.client("events")
    created = events.create_connection(Name=aws.name(), AuthorizationType=kind, AuthParameters=parameters)
    return str(created["ConnectionArn"])


def call(url: str, connection: str, arguments: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Return a state that posts to an API."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::http:invoke",
        "Arguments": {
            "ApiEndpoint": url,
            "Method": "POST",
            "InvocationConfig": {"ConnectionArn": connection},
            **(arguments or {}),
        },
        "End": True,
        **fields,
    }


def test_the_request_carries_the_connections_credentials(aws: Aws, api: Api, connection: str) -> None:
    arguments = {
        "RequestBody": {"story": "{% $states.input.story %}"},
        "Headers": {"X-Request": "1", "Accept": ["a/b", "c/d"]},
        "QueryParameters": {"q": ["1", "2"], "é": "ü"},
    }
    execution = aws.start(aws.machine({"A": call(f"{api.url}/x?p=0", connection, arguments)}), {"story": "ABC-1"})

    result = json.loads(aws.ended(execution)["output"])
    request = api.requests[0]
    assert request["headers"]["Authorization"] == f"Bearer {SECRET}"
    assert json.loads(request["body"]) == {"story": "ABC-1"}
    assert request["path"] == "/x?p=0&q=1&q=2&%C3%A9=%C3%BC"
    assert request["headers"]["Content-Type"] == "application/json; charset=UTF-8"
    assert request["headers"]["Accept"] == "a/b,c/d"
    assert request["headers"]["User-Agent"] == "Amazon|StepFunctions|HttpInvoke|us-east-1"
    assert (result["StatusCode"], result["StatusText"], result["ResponseBody"]) == (200, "OK", {"status": "OK"})
    assert result["Headers"]["content-type"] == ["application/json"]
    assert SECRET not in json.dumps(aws.history(execution), default=str)


def test_a_basic_connection_and_its_parameters(aws: Aws, api: Api) -> None:
    extra = {
        # The API asks for neither the name nor the value of a parameter.
        "HeaderParameters": [{"Key": "X-Tenant", "Value": "t"}, {"Value": "nameless"}],
        "QueryStringParameters": [{"Key": "k", "Value": "v"}, {"Key": "empty"}],
        "BodyParameters": [{"Key": "added", "Value": "b"}],
    }
    basic = {"Username": "u", "Password": SECRET}
    connection = connect(aws, "BASIC", BasicAuthParameters=basic, InvocationHttpParameters=extra)

    aws.output({"A": call(api.url, connection, {"RequestBody": {"own": 1}})})

    request = api.requests[0]
    assert request["headers"]["Authorization"] == "Basic " + base64.b64encode(f"u:{SECRET}".encode()).decode()
    assert (request["headers"]["X-Tenant"], request["path"]) == ("t", "/?k=v&empty=")
    assert json.loads(request["body"]) == {"own": 1, "added": "b"}


@pytest.mark.parametrize(
    ("format_", "encoded"),
    [
        (None, "a%5B0%5D=1&a%5B1%5D=x&o%5Bk%5D=v"),
        ("REPEAT", "a=1&a=x&o%5Bk%5D=v"),
        ("COMMAS", "a=1%2Cx&o%5Bk%5D=v"),
        ("BRACKETS", "a%5B%5D=1&a%5B%5D=x&o%5Bk%5D=v"),
    ],
)
def test_a_body_may_be_a_form(aws: Aws, api: Api, connection: str, format_: str | None, encoded: str) -> None:
    transform: dict[str, Any] = {"RequestBodyEncoding": "URL_ENCODED"}
    if format_:
        transform["RequestEncodingOptions"] = {"ArrayFormat": format_}

    aws.output(
        {"A": call(api.url, connection, {"RequestBody": {"a": [1, "x"], "o": {"k": "v"}}, "Transform": transform})}
    )

    assert api.requests[0]["body"] == encoded
    assert api.requests[0]["headers"]["Content-Type"] == "application/x-www-form-urlencoded"


def test_answer_that_is_not_json_is_text(aws: Aws, api: Api, connection: str) -> None:
    api.answers["/"] = [Answer(body=b"plain", content_type="text/plain")]

    assert aws.output({"A": call(f"{api.url}/", connection)})["ResponseBody"] == "plain"


def test_a_refusal_is_an_error_with_the_answer_as_its_cause(aws: Aws, api: Api, connection: str) -> None:
    api.answers["/"] = [Answer(status=404, body=b'{"message": "no"}')]

    found = aws.run({"A": call(f"{api.url}/", connection)})

    assert found["error"] == "States.Http.StatusCode.404"
    cause = json.loads(found["cause"])
    assert (cause["StatusCode"], cause["StatusText"], cause["ResponseBody"]) == (404, "Not Found", {"message": "no"})


def test_an_api_that_recovers_is_retried_by_status(aws: Aws, api: Api, connection: str) -> None:
    api.answers["/"] = [Answer(status=503), Answer(status=429), Answer()]
    retry = [
        {
            "ErrorEquals": ["States.Http.StatusCode.503", "States.Http.StatusCode.429"],
            "IntervalSeconds": 1,
            "MaxDelaySeconds": 1,
            "JitterStrategy": "FULL",
        }
    ]
    assert aws.output({"A": call(f"{api.url}/", connection, Retry=retry)})["StatusCode"] == 200
    assert len(api.requests) == 3


def test_refused_connection_is_a_socket_error(aws: Aws, connection: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
    catch = [{"ErrorEquals": ["States.Http.Socket"], "Next": "B", "Output": "{% $states.errorOutput.Error %}"}]

    assert aws.output({"A": call(url, connection, Catch=catch), "B": {"Type": "Succeed"}}) == "States.Http.Socket"


def test_timeout_is_a_socket_error(aws: Aws, connection: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_task, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = aws.run({"A": call(f"http://127.0.0.1:{silent.getsockname()[1]}/", connection)})

    assert found["error"] == "States.Http.Socket"
    assert "timed out" in found["cause"]


def test_a_redirect_to_another_host_gets_no_credentials(aws: Aws, api: Api, connection: str) -> None:
    other = Api()
    try:
        api.answers["/"] = [Answer(status=302, headers={"Location": f"{other.url}/stolen"})]
        found = aws.run({"A": call(f"{api.url}/", connection)})
    finally:
        other.close()

    assert (found["error"], other.requests) == ("States.Http.StatusCode.302", [])


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"ApiEndpoint": "http://example.com/"}, "https://"),
        ({"Method": "BREW"}, "Method"),
        ({"Headers": {"Authorization": "Bearer mine"}}, "Authorization"),
        ({"Headers": {"X-Amz-Date": "now"}}, "X-Amz-Date"),
        ({"InvocationConfig": {}}, "ConnectionArn"),
        ({"Transform": {"RequestBodyEncoding": "XML"}}, "RequestBodyEncoding"),
    ],
)
def test_limits_of_aws_are_enforced(
    aws: Aws, api: Api, connection: str, arguments: dict[str, Any], problem: str
) -> None:
    found = aws.run({"A": call(api.url, connection, arguments)})

    assert (found["status"], found["error"]) == ("FAILED", "States.Runtime")
    assert problem in found["cause"]
    assert api.requests == []


def test_an_unknown_connection(aws: Aws, api: Api) -> None:
    arn = "arn:aws:events:us-east-1:123456789012:connection/none/0"

    assert aws.run({"A": call(api.url, arn)})["error"] == "Events.ConnectionResource.ResourceNotFound"


@pytest.mark.parametrize("refusal", [401, 407])
def test_401_and_407_deauthorize_the_connection(aws: Aws, api: Api, refusal: int) -> None:
    key = {"ApiKeyName": "Authorization", "ApiKeyValue": f"Bearer {SECRET}"}
    arn = connect(aws, "API_KEY", ApiKeyAuthParameters=key)
    events, name = aws.client("events"), arn.split("/")[1]
    api.answers["/"] = [Answer(status=refusal)]
    assert aws.run({"A": call(f"{api.url}/", arn)})["error"] == f"States.Http.StatusCode.{refusal}"

    found = events.describe_connection(Name=name)
    assert found["ConnectionState"] == "DEAUTHORIZED"
    assert str(refusal) in found["StateReason"]
    sent = len(api.requests)
    later = aws.run({"A": call(f"{api.url}/", arn)})
    assert later["error"] == "Events.ConnectionResource.InvalidConnectionState"
    assert "DEAUTHORIZED" in later["cause"]
    assert len(api.requests) == sent

    events.update_connection(Name=name, Description="nothing about its credentials")
    assert events.describe_connection(Name=name)["ConnectionState"] == "DEAUTHORIZED"
    events.update_connection(
        Name=name, AuthorizationType="API_KEY", AuthParameters={"ApiKeyAuthParameters": key | {"ApiKeyValue": "new"}}
    )
    found = events.describe_connection(Name=name)
    assert (found["ConnectionState"], found.get("StateReason")) == ("AUTHORIZED", None)
    api.answers["/"] = [Answer()]
    assert aws.output({"A": call(f"{api.url}/", arn)})["StatusCode"] == 200
    assert api.requests[-1]["headers"]["Authorization"] == "new"


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_other_answers_leave_the_connection_as_it_is(aws: Aws, api: Api, connection: str, status: int) -> None:
    api.answers["/"] = [Answer(status=status)]
    aws.run({"A": call(f"{api.url}/", connection)})

    assert aws.client("events").describe_connection(Name=connection.split("/")[1])["ConnectionState"] == "AUTHORIZED"
