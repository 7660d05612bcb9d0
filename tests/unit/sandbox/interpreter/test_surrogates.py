"""Lone surrogates become question marks, as on AWS, and never end an execution."""

import json
from typing import Any

import pytest

from sandbox import surrogates
from tests.unit.sandbox.interpreter.conftest import Api, Aws, error_code
from tests.unit.sandbox.interpreter.test_aws_sdk_tasks import task
from tests.unit.sandbox.interpreter.test_http_task import connect

ECHO: dict[str, Any] = {"A": {"Type": "Succeed", "Output": "{% $states.input %}"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"\ud800"', '"?"'),
        (r'"\uDFFFa\ud800"', '"?a?"'),
        (r'"\ud83d\ude00"', r'"\ud83d\ude00"'),
        (r'"\ud83d\ud83d\ude00"', r'"?\ud83d\ude00"'),
        (r'"\\ud800"', r'"\\ud800"'),
        (r'"\\\ud800\n\u0041"', r'"\\?\n\u0041"'),
        ('"\ud800😀"', '"?😀"'),
        ('"a"', '"a"'),
    ],
)
def test_a_lone_surrogate_becomes_a_question_mark(text: str, expected: str) -> None:
    assert surrogates.without_escaped(text) == expected


def test_input_may_contain_a_lone_surrogate(aws: Aws) -> None:
    assert aws.output(ECHO, {"a": "\ud800", "\udfff": "😀"}) == {"a": "?", "?": "😀"}


def test_parsed_text_may_contain_a_lone_surrogate(aws: Aws) -> None:
    states = {"A": {"Type": "Succeed", "Output": "{% $parse($states.input.text) %}"}}
    assert aws.output(states, {"text": json.dumps("\ud800")}) == "?"


def test_lone_surrogate_is_written_to_s3_and_sent_to_an_api(aws: Aws, api: Api) -> None:
    aws.client("s3").create_bucket(Bucket="surrogates")
    put = task(
        "s3:putObject", {"Bucket": "surrogates", "Key": "{% $states.input.key %}", "Body": "{% $states.input %}"}
    )
    aws.output({"A": put | {"End": True}}, {"key": "a\ud800"})
    body = aws.client("s3").get_object(Bucket="surrogates", Key="a?")["Body"].read()
    assert json.loads(body) == {"key": "a?"}
    connection = connect(aws, "API_KEY", ApiKeyAuthParameters={"ApiKeyName": "Authorization", "ApiKeyValue": "s3cr3t"})
    call = {
        "Type": "Task",
        "Resource": "arn:aws:states:::http:invoke",
        "Arguments": {
            "ApiEndpoint": f"{api.url}/a",
            "Method": "POST",
            "Authentication": {"ConnectionArn": connection},
            "RequestBody": "{% $states.input %}",
        },
        "End": True,
    }
    aws.output({"A": call}, {"text": "\ud800"})
    assert json.loads(api.requests[0]["body"]) == {"text": "?"}


def test_stop_with_a_lone_surrogate_ends_the_execution(aws: Aws) -> None:
    wait: dict[str, Any] = {"A": {"Type": "Wait", "Seconds": 100, "Next": "B"}, "B": {"Type": "Succeed"}}
    execution = aws.start(aws.machine(wait))
    aws.states.stop_execution(executionArn=execution, error="\ud800", cause="a\udfff")
    found = aws.ended(execution)
    assert (found["status"], found["error"], found["cause"]) == ("ABORTED", "?", "a?")


@pytest.mark.parametrize("text", ["{", '{"a": NaN}', "[" * 100_000, "'a'", "nonsense"])
def test_input_that_is_not_json_is_refused(aws: Aws, text: str) -> None:
    machine = aws.machine(ECHO)
    assert error_code(aws.states.start_execution, stateMachineArn=machine, input=text) == "InvalidExecutionInput"


@pytest.mark.parametrize("name", ["\ud800", "a\u0085b", "a b", "a/b", "\uffff"])
def test_a_name_that_aws_refuses_is_refused(aws: Aws, name: str) -> None:
    assert error_code(aws.states.start_execution, stateMachineArn=aws.machine(ECHO), name=name) == "InvalidName"
