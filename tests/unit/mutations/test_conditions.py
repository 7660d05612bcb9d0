"""Mutants of conditions: each condition, and each clause of it."""

import pytest

from tests.mutations.expressions import weakened
from tests.unit.mutations.conftest import Mutated

NONE, SOME = "attribute_not_exists(neverWritten)", "attribute_exists(neverWritten)"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a = :b", [f"a = :b OR {NONE}"]),
        (
            "a = :b AND f(c)",
            [f"(a = :b AND f(c)) OR {NONE}", f"(a = :b OR {NONE}) AND f(c)", f"a = :b AND (f(c) OR {NONE})"],
        ),
        (
            "f(a) OR b < :c",
            [f"(f(a) OR b < :c) OR {NONE}", f"(f(a) AND {SOME}) OR b < :c", f"f(a) OR (b < :c AND {SOME})"],
        ),
        (
            "f(a) AND (f(b) OR c <= :d)",
            [
                f"(f(a) AND (f(b) OR c <= :d)) OR {NONE}",
                f"(f(a) OR {NONE}) AND (f(b) OR c <= :d)",
                f"f(a) AND ((f(b) OR c <= :d) OR {NONE})",
                f"f(a) AND ((f(b) AND {SOME}) OR c <= :d)",
                f"f(a) AND (f(b) OR (c <= :d AND {SOME}))",
            ],
        ),
    ],
)
def test_each_clause_is_mutated(expression: str, expected: list[str]) -> None:
    assert [weaker for weaker, _ in weakened(expression)] == expected


def test_conditions_are_found_as_key_keyword_constant_and_argument(mutated: Mutated) -> None:
    text = """
    KEPT = "d = :d"
    a = {"ConditionExpression": "a = :a"}
    put(ConditionExpression="b = :b")
    put(ConditionExpression=KEPT)
    def mark(key, update, condition): ...
    mark(key, "SET x", "c = :c")
    """
    assert mutated("condition", text) == {
        "a = :a": f"a = {{\"ConditionExpression\": 'a = :a OR {NONE}'}}",
        "b = :b": f"put(ConditionExpression='b = :b OR {NONE}')",
        "d = :d": f"KEPT = 'd = :d OR {NONE}'",
        "c = :c": f"mark(key, \"SET x\", 'c = :c OR {NONE}')",
    }


def test_age_comparison_is_reversed(mutated: Mutated) -> None:
    found = mutated("condition", 'query(KeyConditionExpression="a = :a AND at <= :now")')
    assert list(found.values()) == ["query(KeyConditionExpression='a = :a AND at >= :now')"]


def test_if_none_match_is_removed(mutated: Mutated) -> None:
    assert mutated("condition", 'put(key, IfNoneMatch="*")') == {"IfNoneMatch": "put(key)"}


def test_policy_condition_and_each_key_are_removed(mutated: Mutated) -> None:
    text = 'c = {"StringEquals": {"a:B": 1, "a:C": 2}}\nx = allow(actions, [], condition=c)'
    found = mutated("condition", text)
    assert found["condition"] == "x = allow(actions, [])"
    assert found["a:B"] == 'c = {"StringEquals": {"a:C": 2}}'
    assert found["a:C"] == 'c = {"StringEquals": {"a:B": 1}}'
    assert mutated("condition", 'x = {"Effect": "Allow", "Condition": {"Bool": {"a": 1}}}') == {
        "Condition": 'x = {"Effect": "Allow"}'
    }
    assert mutated("condition", 's["Condition"] = {"ArnLike": {"a": 1}}') == {"Condition": 's["Condition"] = {}'}
    assert mutated("condition", "Permission(n, source_arn=a)") == {"aws:SourceArn": "Permission(n)"}


def test_choice_rule_is_disabled_and_negated(mutated: Mutated) -> None:
    text = 'x = {"Condition": jsonata("$a and $b"), "Next": "B"}'
    assert list(mutated("condition", text).values()) == [
        'x = {"Condition": jsonata("false"), "Next": "B"}',
        'x = {"Condition": jsonata("$not(" + ("$a and $b") + ")"), "Next": "B"}',
        'x = {"Condition": jsonata("$a"), "Next": "B"}',
        'x = {"Condition": jsonata("$b"), "Next": "B"}',
    ]
