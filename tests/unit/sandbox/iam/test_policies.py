"""Evaluation of IAM policies."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.iam.conditions import UnsupportedConditionError, hold
from sandbox.iam.policies import Access, Decision, Grant, evaluate
from sandbox.iam.usage import granted

RECORDED = [json.loads(line) for line in Path(__file__).with_name("recorded-decisions.jsonl").read_text().splitlines()]
"""Decisions of another evaluator, @cloud-copilot/iam-simulate 0.1.173, on policies made at random."""

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"


def allow(**fields: Any) -> dict[str, Any]:
    """Return a policy of one statement."""
    statement = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE, **fields}
    return {"Version": "2012-10-17", "Statement": [statement]}


def decide(*documents: dict[str, Any], resource: str = TABLE, **context: str) -> Decision:
    """Return the decision of the policies on a read of the table."""
    known = {key.replace("__", ":"): value for key, value in context.items()}
    return evaluate(documents, Access("dynamodb:GetItem", resource, known)).decision


@pytest.mark.parametrize("case", RECORDED, ids=range(len(RECORDED)))
def test_decisions_are_those_of_another_evaluator(case: dict[str, Any]) -> None:
    access = Access(case["action"], case["resource"], case["context"])
    assert evaluate([case["policy"]], access).decision is Decision[case["decision"]]


def test_the_recorded_decisions_use_every_kind_of_operator() -> None:
    operators = {
        operator
        for case in RECORDED
        for statement in case["policy"]["Statement"]
        for operator in statement.get("Condition", {})
    }
    assert {
        "StringLike",
        "StringNotEquals",
        "NumericLessThan",
        "DateGreaterThan",
        "Bool",
        "NotIpAddress",
        "ArnLike",
        "Null",
    } <= operators
    assert {operator.split(":")[0] for operator in operators if ":" in operator} == {"ForAllValues", "ForAnyValue"}


def test_default_is_deny() -> None:
    assert decide() is Decision.NOT_ALLOWED
    assert decide(allow(Resource=f"{TABLE}-archive")) is Decision.NOT_ALLOWED
    assert decide(allow(Action="dynamodb:PutItem")) is Decision.NOT_ALLOWED


def test_explicit_deny_wins() -> None:
    deny = allow(Effect="Deny", Action="*", Resource="*")
    assert decide(allow(), deny) is Decision.DENIED
    assert decide(deny, allow()) is Decision.DENIED


def test_verdict_lists_the_grants() -> None:
    policies = [allow(Action=["dynamodb:GetItem", "dynamodb:PutItem"], Resource=[TABLE, "*"])]
    verdict = evaluate(policies, Access("dynamodb:GetItem", TABLE))
    assert verdict.grants == (Grant("dynamodb:GetItem", TABLE), Grant("dynamodb:GetItem", "*"))


@pytest.mark.parametrize(
    ("pattern", "resource", "matches"),
    [
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b", True),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket", False),
        ("arn:aws:s3:::bucket/?", "arn:aws:s3:::bucket/a", True),
        ("arn:aws:s3:::bucket/?", "arn:aws:s3:::bucket/ab", False),
        # What ends in a wildcard goes beyond its segment; a wildcard within it does not.
        ("arn:aws:logs:eu-west-1:1:log-group:g:*", "arn:aws:logs:eu-west-1:1:log-group:g:log-stream:s", True),
        ("arn:aws:logs:eu-west-1:1:log-*up:g:*", "arn:aws:logs:eu-west-1:1:log-x:up:g:s", False),
        (TABLE, TABLE.upper(), False),
        ("*", "*", True),
        (TABLE, "*", False),
    ],
)
def test_wildcards_of_resources(pattern: str, resource: str, matches: bool) -> None:
    expected = Decision.ALLOWED if matches else Decision.NOT_ALLOWED
    assert decide(allow(Resource=pattern), resource=resource) is expected


def test_variables_take_the_values_of_the_request() -> None:
    own = allow(Resource="arn:aws:s3:::${aws:username}/*")
    assert decide(own, resource="arn:aws:s3:::ada/x", aws__username="ada") is Decision.ALLOWED
    assert decide(own, resource="arn:aws:s3:::ada/x", aws__username="bob") is Decision.NOT_ALLOWED
    assert decide(own, resource="arn:aws:s3:::/x") is Decision.NOT_ALLOWED
    star = allow(Resource="arn:aws:s3:::b/${*}")
    assert decide(star, resource="arn:aws:s3:::b/*") is Decision.ALLOWED
    assert decide(star, resource="arn:aws:s3:::b/x") is Decision.NOT_ALLOWED


@pytest.mark.parametrize("operator", ["StringMatches", "NotBool", "BoolNotEquals", ""])
def test_an_operator_that_iam_does_not_have_is_an_error(operator: str) -> None:
    with pytest.raises(UnsupportedConditionError, match="knows no condition operator"):
        hold({operator: {"aws:username": "ada"}}, {"aws:username": "ada"})


def test_resource_policy_applies_to_its_principals() -> None:
    policy = allow(Principal={"Service": "events.amazonaws.com"}, Resource="*")
    access = Access("dynamodb:GetItem", TABLE)
    assert evaluate([policy], access, frozenset({"events.amazonaws.com"})).allowed
    assert not evaluate([policy], access, frozenset({"sns.amazonaws.com"})).allowed
    everyone = allow(Principal="*", Resource="*")
    assert evaluate([everyone], access, frozenset({"sns.amazonaws.com"})).allowed


def test_statement_without_a_list_around_it_grants_as_well() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    assert granted([{"Statement": statement}]) == {Grant("s3:GetObject", "arn:aws:s3:::b/*")}
