"""Inputs of resources: none is ignored silently; names are generated like the engine's and the provider's."""

import re

import pytest

from sandbox.resource_inputs import InputError, Inputs, aws_names


def test_unused_input_is_reported_with_its_path() -> None:
    inputs = Inputs("queue", {"name": "a", "delay": 3, "tags": {}, "rule": {"days": 1, "date": 2}, "none": None})
    inputs.take("name")
    rule = inputs.block("rule")
    assert rule is not None
    rule.take("days")
    assert inputs.unused() == ["delay", "tags", "rule.date"]


def test_ignored_input_is_not_reported() -> None:
    inputs = Inputs("bucket", {"forceDestroy": True})
    inputs.ignore("forceDestroy", "read on delete only")
    assert inputs.unused() == []


def test_ignoring_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="without a reason"):
        Inputs("bucket", {}).ignore("forceDestroy", "")


def test_missing_required_input_is_named_with_its_path() -> None:
    (block,) = Inputs("table", {"indexes": [{"name": "a"}]}).blocks("indexes")
    with pytest.raises(InputError, match=re.escape("'indexes[0].hashKey' is required")):
        block.require("hashKey")


def test_name_that_is_given_is_kept() -> None:
    assert Inputs("queue", {"name": "mine"}).name() == "mine"


def test_automatic_name_is_the_logical_name_and_seven_hexadecimal_digits() -> None:
    assert re.fullmatch(r"queue-[0-9a-f]{7}\.fifo", Inputs("queue", {}).name(suffix=".fifo"))


def test_prefixed_names_carry_the_providers_suffix_and_differ() -> None:
    names = {Inputs("bucket", {"bucketPrefix": "data-"}).name("bucket", prefix="bucketPrefix") for _ in range(100)}
    assert len(names) == 100
    # 18 digits of time and 8 of a counter: terraform-plugin-sdk, helper/id.
    assert all(re.fullmatch(r"data-\d{18}[0-9a-f]{8}", name) for name in names)


def test_too_long_name_is_reported_with_a_fix() -> None:
    inputs = Inputs("role", {"namePrefix": "x" * 39})
    with pytest.raises(InputError, match="65 characters where AWS allows 64: give a shorter namePrefix"):
        inputs.name(prefix="namePrefix", limit=64)


def test_own_tags_win_over_default_tags() -> None:
    inputs = Inputs("bucket", {"tags": {"Owner": "b"}}, {"Owner": "a", "Project": "p"})
    assert inputs.tags() == {"Owner": "b", "Project": "p"}


def test_aws_names_at_every_depth() -> None:
    assert aws_names({"rules": [{"sseAlgorithm": "x"}]}) == {"Rules": [{"SseAlgorithm": "x"}]}
