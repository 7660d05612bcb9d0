"""The data plane of HTTP APIs: events, routes, answers, permissions, limits."""

import base64

import pytest

from tests.unit.sandbox.services.apigateway.http_apis import ECHO, api, call
from tests.unit.sandbox.services.aws import Aws


@pytest.fixture(scope="module")
def echo(aws: Aws) -> str:
    """Return an API whose function answers with the event that it got."""
    return api(aws, "echo", ECHO, "POST /callback", "GET /stories/{id}", "ANY /files/{proxy+}", "GET /stories/new")


def test_the_event_is_payload_format_2(echo: str, aws: Aws) -> None:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Name": "Ä".encode().decode("latin-1"),
        "Cookie": "a=1; b=2",
    }
    event = call(f"{echo}/callback?b=2&a=1&a=3&empty=", '{"ü": 1}'.encode(), headers=headers).json()
    assert echo.startswith(aws.server.endpoint_url + "/_apis/")
    assert event["version"] == "2.0"
    assert event["routeKey"] == "POST /callback"
    assert event["rawPath"] == "/callback"
    assert event["rawQueryString"] == "b=2&a=1&a=3&empty="
    assert event["queryStringParameters"] == {"a": "1,3", "b": "2", "empty": ""}
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["headers"]["content-type"] == "application/json; charset=utf-8"
    assert "cookie" not in event["headers"]
    assert (event["body"], event["isBase64Encoded"]) == ('{"ü": 1}', False)
    context = event["requestContext"]
    assert context["http"] == {
        "method": "POST",
        "path": "/callback",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": event["headers"]["user-agent"],
    }
    assert context["stage"] == "$default"
    assert context["apiId"] == echo.rpartition("/")[2]
    assert context["accountId"] == "123456789012"
    assert "pathParameters" not in event


@pytest.mark.parametrize(
    ("content_type", "encoded"),
    [
        ("text/plain", False),
        ("application/json", False),
        ("application/x-www-form-urlencoded", True),
        ("image/png", True),
    ],
)
def test_only_text_types_come_as_text(echo: str, content_type: str, encoded: bool) -> None:
    event = call(f"{echo}/callback", b"a=b", headers={"Content-Type": content_type}).json()
    assert event["isBase64Encoded"] is encoded
    assert (base64.b64decode(event["body"]) if encoded else event["body"].encode()) == b"a=b"


def test_routes_are_matched_by_how_specific_they_are(echo: str) -> None:
    assert call(f"{echo}/stories/7").json()["pathParameters"] == {"id": "7"}
    assert call(f"{echo}/stories/new").json()["routeKey"] == "GET /stories/new"
    assert call(f"{echo}/files/a/b", method="PUT").json()["pathParameters"] == {"proxy": "a/b"}
    for url, method in ((f"{echo}/callback", "GET"), (f"{echo}/other", "POST"), (f"{echo}/callback/", "POST")):
        reply = call(url, method=method)
        assert (reply.status, reply.json()) == (404, {"message": "Not Found"})


PLAIN = "text/plain;charset=UTF-8"
FAILED = b'{"message":"Internal Server Error"}'


@pytest.mark.parametrize(
    ("name", "returned", "status", "body", "content_type"),
    [
        ("object", "{'a': 1}", 200, b'{"a": 1}', "application/json"),
        ("string", "'hello'", 200, b"hello", "application/json"),
        ("plain", "{'statusCode': 201, 'body': 'made'}", 201, b"made", PLAIN),
        ("binary", "{'statusCode': 200, 'body': 'AAE=', 'isBase64Encoded': True}", 200, b"\0\1", PLAIN),
        ("malformed", "{'statusCode': 'often'}", 500, FAILED, "application/json"),
        ("unencoded", "{'statusCode': 200, 'body': {'a': 1}}", 500, FAILED, "application/json"),
        ("failing", "1 / 0", 500, FAILED, "application/json"),
    ],
)  # fmt: skip
def test_an_answer_becomes_a_response(
    aws: Aws, name: str, returned: str, status: int, body: bytes, content_type: str
) -> None:
    reply = call(api(aws, f"answers-{name}", f"def handler(e, c):\n    return {returned}", "$default"))
    assert (reply.status, reply.body, reply.headers["Content-Type"]) == (status, body, content_type)


def test_headers_and_cookies_of_an_answer_are_sent(aws: Aws) -> None:
    answer = {"statusCode": 204, "headers": {"X-Count": 3, "Retry-After": "5"}, "cookies": ["a=1", "b=2"]}
    reply = call(api(aws, "sends", f"def handler(e, c):\n    return {answer}", "$default"))
    assert (reply.status, reply.headers["x-count"], reply.headers["retry-after"]) == (204, "3", "5")
    assert reply.headers.get_all("set-cookie") == ["a=1", "b=2"]


def test_without_a_permission_the_function_is_not_run(aws: Aws) -> None:
    endpoint = api(aws, "unpermitted", ECHO, "$default", permitted=False)
    assert call(endpoint).status == 500
    aws.client("lambda").add_permission(
        FunctionName="unpermitted",
        StatementId="other",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn="arn:aws:execute-api:us-east-1:123456789012:another/*/*",
    )
    assert call(endpoint).status == 500


def test_call_of_an_alias_needs_a_permission_of_the_alias(aws: Aws) -> None:
    source = "def handler(event, context):\n    return {'statusCode': 200, 'body': context.invoked_function_arn}"
    endpoint = api(aws, "aliased", source, "$default", function={"Publish": True})
    functions, gateway = aws.client("lambda"), aws.client("apigatewayv2")
    alias = functions.create_alias(FunctionName="aliased", Name="live", FunctionVersion="1")["AliasArn"]
    (made,) = (each for each in gateway.get_apis()["Items"] if each["Name"] == "aliased")
    (integration,) = gateway.get_integrations(ApiId=made["ApiId"])["Items"]
    changed = {"IntegrationType": "AWS_PROXY", "IntegrationUri": alias}
    gateway.update_integration(ApiId=made["ApiId"], IntegrationId=integration["IntegrationId"], **changed)
    assert call(endpoint).status == 500
    functions.add_permission(
        FunctionName="aliased",
        Qualifier="live",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:us-east-1:123456789012:{made['ApiId']}/*/*",
    )
    assert call(endpoint).body.decode() == alias


def test_slow_function_times_out(aws: Aws) -> None:
    source = "import time\ndef handler(e, c):\n    time.sleep(30)"
    reply = call(api(aws, "slow", source, "$default", timeout=100, function={"Timeout": 60}))
    assert (reply.status, reply.json()) == (503, {"message": "Service Unavailable"})


def test_a_body_over_10_mb_is_refused(echo: str) -> None:
    reply = call(f"{echo}/callback", b"x" * (10 * 1024 * 1024 + 1))
    assert (reply.status, reply.json()) == (413, {"message": "Request Entity Too Large"})


def test_a_deleted_api_answers_no_more(aws: Aws) -> None:
    endpoint = api(aws, "deleted", ECHO, "$default")
    assert call(endpoint).status == 200
    aws.client("apigatewayv2").delete_api(ApiId=endpoint.rpartition("/")[2])
    assert call(endpoint).status == 404
