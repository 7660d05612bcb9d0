"""Outputs as a contract: none is removed, renamed or changed in type."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from components.outputs import outputs_schema
from tests.unit.components.builders import KEY_ARN
from tests.unit.recorded_program import FEATURES, ROOT, STACKS, outputs, without
from tests.unit.test_program import OUTPUTS

WORKFLOW_FIELDS = {"name", "arn", "alias_arn", "kind"}
"""Like outputs, fields are added, never renamed."""


def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((ROOT / "docs" / "outputs.schema.json").read_text(encoding="utf-8"))
    return schema


def test_schema_in_the_repository_has_the_names_and_types_of_the_contract() -> None:
    schema = _schema()
    types = {name: each["type"] for name, each in schema["properties"].items()}
    assert types == {**dict.fromkeys(OUTPUTS, "string"), "workflows": "array", "rollout": "object"}
    assert set(schema["required"]) | set(schema["dependentRequired"]) == OUTPUTS
    item = schema["properties"]["workflows"]["items"]
    assert set(item["required"]) == WORKFLOW_FIELDS
    assert {each["type"] for each in item["properties"].values()} == {"string"}
    assert schema == outputs_schema()


@pytest.mark.parametrize("stack", STACKS)
def test_outputs_of_a_stack_fit_the_schema(stack: str) -> None:
    Draft202012Validator(_schema()).validate(outputs(stack))


@pytest.mark.parametrize("feature", FEATURES)
def test_outputs_of_a_stack_without_a_feature_fit_the_schema(feature: str) -> None:
    Draft202012Validator(_schema()).validate(without(feature)[1])


@pytest.mark.parametrize(
    ("name", "value"), [("s3_bucket_name", 1), ("state_machine_arn", "release"), ("workflows", [{"name": "release"}])]
)
def test_output_of_another_type_does_not_fit(name: str, value: Any) -> None:
    changed = {**outputs("dev"), name: value}
    assert not Draft202012Validator(_schema()).is_valid(changed)


def test_output_that_is_removed_or_renamed_does_not_fit() -> None:
    ours = dict(outputs("dev"))
    renamed = {**ours, "bucket": ours["s3_bucket_name"]}
    del renamed["s3_bucket_name"]
    assert not Draft202012Validator(_schema()).is_valid(renamed)
    del ours["orders_dlq_url"]
    assert not Draft202012Validator(_schema()).is_valid(ours)
    assert Draft202012Validator(_schema()).is_valid({**outputs("dev"), "kms_key_arn": KEY_ARN})
