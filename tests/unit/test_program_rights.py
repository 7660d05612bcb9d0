"""Roles of the whole program: exactly the rights of their code; tokens are secrets."""

import json
import re
from typing import Any

import pytest

from tests.unit import handler_code
from tests.unit.components.builders import EVERY_FUNCTION_MAY
from tests.unit.components.recording import Recording, actions
from tests.unit.recorded_program import ROOT, STACKS, recorded

ON_ANY_RESOURCE = {
    # X-Ray knows no resources for these.
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    # Log delivery is set up for the account, not for a log group.
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
    # CloudWatch knows no resource for its metrics.
    "cloudwatch:ListMetrics",
}
"""The only actions that may be allowed on every resource, because AWS takes no other."""

WITHOUT_AWS = {"services-user", "services-notification"}
"""Functions that call nothing of AWS."""

OF_APPROVAL_LINKS = {"hold-callback": {"APPROVAL_LINK_SECONDS"}, "hold-sweeper": {"SECRET_ARN"}}
"""Variables that functions read only where `approvalLinks` is on, as in none of the stacks."""

TOKENS = {api: f"given-{api}" for api in ("validation", "deployment", "notification", "security")}

GIVEN: dict[str, Any] = {
    "apis": [{"name": name, "url": f"https://{name}.example.com"} for name in TOKENS],
    "apiTokens": TOKENS,
}
"""APIs that are not our mocks, one more than there are mocks, and their tokens."""


@pytest.fixture(params=STACKS)
def program(request: pytest.FixtureRequest) -> Recording:
    """Return the resources of a stack."""
    return recorded(request.param)


def _statements(recording: Recording) -> list[tuple[str, dict[str, Any]]]:
    """Return every statement of every role, with the policy's name."""
    policies = recording.all("iam/rolePolicy:RolePolicy")
    return [(each.name, statement) for each in policies for statement in json.loads(each.inputs["policy"])["Statement"]]


def test_each_function_has_its_own_role(program: Recording) -> None:
    roles = [each.inputs["role"] for each in program.all("lambda/function:Function")]
    machines = [each.inputs["roleArn"] for each in program.all("sfn/stateMachine:StateMachine")]
    assert len({*roles, *machines}) == len(roles) + len(machines)


def test_wildcards_only_where_aws_requires_them(program: Recording) -> None:
    statements = _statements(program)
    assert len(statements) > 20
    for policy, statement in statements:
        assert statement["Effect"] == "Allow"
        assert not [action for action in statement["Action"] if "*" in action], policy
        if "*" in statement["Resource"]:
            assert statement["Resource"] == ["*"]
            assert set(statement["Action"]) <= ON_ANY_RESOURCE, policy
        for resource in statement["Resource"]:
            # What ends in a wildcard is a bucket's keys, a log group's streams or a state machine's executions; the
            # recorder may remove one file in the folder of each execution.
            arn = resource.removesuffix("/error.json")
            assert "*" not in arn.removesuffix("*"), policy
            assert arn == "*" or not arn.endswith("*") or arn.endswith(("/*", ":*")), policy


def test_program_contains_no_account_id() -> None:
    for folder in ("components", "asl", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            assert not re.search(r"\b\d{12}\b", path.read_text(encoding="utf-8")), path
    assert not re.search(r"\b\d{12}\b", (ROOT / "__main__.py").read_text(encoding="utf-8"))


def test_function_environments_match_their_code(program: Recording) -> None:
    for function in program.all("lambda/function:Function"):
        variables = set(function.inputs["environment"]["variables"])
        own = {name for name in variables if not name.startswith("POWERTOOLS_")}
        read = handler_code.environment(function.inputs["handler"]) - OF_APPROVAL_LINKS.get(function.name, set())
        assert own == read, function.name


def test_functions_may_do_no_more_than_their_code_calls(program: Recording) -> None:
    allowed_to_all: set[str] = set()
    called_by_all: set[str] = set()
    for function in program.all("lambda/function:Function"):
        called = handler_code.aws_actions(function.inputs["handler"])
        assert called or function.name in WITHOUT_AWS
        allowed = set(actions(program.statements(f"{function.name}-policy"))) - EVERY_FUNCTION_MAY
        # Lambda itself sends to the dead-letter queue with the function's role.
        allowed.discard("sqs:SendMessage")
        assert allowed <= called, function.name
        allowed_to_all |= allowed
        called_by_all |= called
    assert allowed_to_all == called_by_all


@pytest.mark.parametrize("config", [{}, GIVEN], ids=["made", "given"])
def test_tokens_are_only_in_the_secret_and_the_connections(config: dict[str, Any]) -> None:
    recording = recorded("dev", **config)
    tokens = ("random-tokens-", *TOKENS.values())
    found = {
        (resource.type, name)
        for resource in recording.resources
        for name, value in resource.inputs.items()
        if any(token in json.dumps(value, default=str) for token in tokens)
    }
    assert found == {
        ("aws:secretsmanager/secretVersion:SecretVersion", "secretString"),
        ("aws:cloudwatch/eventConnection:EventConnection", "authParameters"),
    }
    # There, too, they are marked as secrets, so that Pulumi encrypts them in its state.
    for resource in recording.resources:
        assert not any(token in resource.public for token in tokens), f"{resource.type} {resource.name}"


def test_given_tokens_are_in_their_connections() -> None:
    recording = recorded("dev", **GIVEN)
    for api, token in TOKENS.items():
        connection = recording.one("cloudwatch/eventConnection:EventConnection", f"release-{api}-connection")
        assert connection["authParameters"]["apiKey"]["value"] == f"Bearer {token}"


def test_the_definition_holds_no_output_and_no_secret(program: Recording) -> None:
    machines = program.all("sfn/stateMachine:StateMachine")
    assert {machine.name for machine in machines} == {"release", "orders"}
    for machine in machines:
        definition = machine.inputs["definition"]
        assert "__str__" not in definition
        assert "random-" not in definition
        assert json.loads(definition)["QueryLanguage"] == "JSONata"
