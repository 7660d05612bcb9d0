"""Rules of timeouts: a function must end before its caller gives up."""

import json
from typing import Any

import pytest
from pulumi_policy import PolicyResource

from rules.timeouts import API_TIMEOUT, QUEUE_VISIBILITY, TASK_TIMEOUT
from tests.unit.policy.asking import UNKNOWN, resource, told_of

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"


def _function(timeout: int | None, name: str = "function") -> PolicyResource:
    props = {"name": "f", "arn": ARN, "invokeArn": f"{ARN}/invocations"}
    return resource("aws:lambda/function:Function", name, props if timeout is None else {**props, "timeout": timeout})


def _integration(function: PolicyResource, milliseconds: int | None = None) -> PolicyResource:
    props = {"timeoutMilliseconds": milliseconds, "integrationUri": UNKNOWN}
    return resource("aws:apigatewayv2/integration:Integration", "integration", props, {"integrationUri": function})


@pytest.mark.parametrize(
    ("timeout", "milliseconds", "too_long"),
    [
        (29, None, False),
        (30, None, True),
        (900, None, True),
        (None, None, False),
        (9, 10_000, False),
        (10, 10_000, True),
        (None, 3_000, True),
    ],
)
def test_function_longer_than_its_api_timeout_is_reported(
    timeout: int | None, milliseconds: int | None, too_long: bool
) -> None:
    function = _function(timeout)
    told = told_of(API_TIMEOUT, [function, _integration(function, milliseconds)])
    assert [about for about, _ in told] == ["function"] * too_long
    assert all("Give it less." in message for _, message in told)


def test_integration_may_name_its_function_literally() -> None:
    integration = resource(
        "aws:apigatewayv2/integration:Integration", "integration", {"integrationUri": f"{ARN}/invocations"}
    )
    assert len(told_of(API_TIMEOUT, [_function(60), integration])) == 1


@pytest.mark.parametrize("literal", [False, True])
def test_function_called_by_an_alias_is_reported(literal: bool) -> None:
    function = _function(60)
    names = {"functionName": "f", "arn": f"{ARN}:live", "invokeArn": f"{ARN}:live/invocations"}
    alias = resource("aws:lambda/alias:Alias", "live", names, {} if literal else {"functionName": function})
    uri = {"integrationUri": f"{ARN}:live/invocations" if literal else UNKNOWN}
    caller = resource(
        "aws:apigatewayv2/integration:Integration", "integration", uri, {} if literal else {"integrationUri": alias}
    )
    assert len(told_of(API_TIMEOUT, [function, alias, caller])) == 1
    assert told_of(API_TIMEOUT, [_function(60, "other"), resource("aws:lambda/alias:Alias", "live"), caller]) == []


def test_function_without_an_api_passes() -> None:
    other = resource("aws:lambda/function:Function", "other", {"timeout": 5})
    assert told_of(API_TIMEOUT, [_function(900), other, _integration(other)]) == []


def _machine(task: dict[str, Any]) -> PolicyResource:
    definition = {"States": {"Call": {"Type": "Task", **task}}}
    return resource("aws:sfn/stateMachine:StateMachine", "machine", {"definition": json.dumps(definition)})


INVOKE = {"Resource": "arn:aws:states:::lambda:invoke"}


@pytest.mark.parametrize(
    "task",
    [
        {**INVOKE, "Arguments": {"FunctionName": ARN}},
        {**INVOKE, "Arguments": {"FunctionName": f"{ARN}:live"}},
        {**INVOKE, "Parameters": {"FunctionName": "f"}},
        {"Resource": ARN},
    ],
    ids=["arn", "alias", "name", "directly"],
)
@pytest.mark.parametrize(("timeout", "too_long"), [(30, False), (31, True)])
def test_function_longer_than_its_task_timeout_is_reported(task: dict[str, Any], timeout: int, too_long: bool) -> None:
    told = told_of(TASK_TIMEOUT, [_function(timeout), _machine({**task, "TimeoutSeconds": 30})])
    assert [about for about, _ in told] == ["function"] * too_long
    assert all("Task 'Call' of 'machine' gives up after 30 s" in message for _, message in told)


@pytest.mark.parametrize(
    "task",
    [
        {**INVOKE, "Arguments": {"FunctionName": f"{ARN}-other"}, "TimeoutSeconds": 1},
        {**INVOKE, "Arguments": {"FunctionName": ARN}, "TimeoutSeconds": "{% $patience %}"},
        {**INVOKE, "Arguments": "{% $arguments %}", "TimeoutSeconds": 1},
        {"Resource": "arn:aws:states:::aws-sdk:s3:getObject", "TimeoutSeconds": 1},
    ],
    ids=["another function", "another time", "somebody", "no function"],
)
def test_unknown_timeouts_pass(task: dict[str, Any]) -> None:
    assert told_of(TASK_TIMEOUT, [_function(900), _machine(task)]) == []


def test_unknown_definition_is_skipped() -> None:
    machine = resource("aws:sfn/stateMachine:StateMachine", "machine", {"definition": UNKNOWN})
    known = _machine({**INVOKE, "Arguments": {"FunctionName": ARN}, "TimeoutSeconds": 30})
    assert len(told_of(TASK_TIMEOUT, [_function(31), machine, known])) == 1


@pytest.mark.parametrize(
    ("visibility", "timeout", "too_short"),
    [(180, 30, False), (179, 30, True), (None, 5, False), (None, 6, True), (18, None, False), (17, None, True)],
)
def test_short_visibility_timeout_of_a_queue_is_reported(
    visibility: int | None, timeout: int | None, too_short: bool
) -> None:
    function = _function(timeout)
    queue = resource("aws:sqs/queue:Queue", "queue", {"visibilityTimeoutSeconds": visibility})
    mapping = resource(
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        "mapping",
        {},
        {"eventSourceArn": queue, "functionName": function},
    )
    other = resource("aws:sqs/queue:Queue", "other", {"visibilityTimeoutSeconds": 1})
    told = told_of(QUEUE_VISIBILITY, [queue, other, function, mapping])
    assert [about for about, _ in told] == ["queue"] * too_short
