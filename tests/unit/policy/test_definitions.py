"""Search for the Task states of a definition."""

import json

import pytest

from rules.definitions import is_bounded, parsed, seconds, tasks

TASK = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject"}

MACHINE = {
    "States": {
        "Plain": TASK,
        "Pass": {"Type": "Pass"},
        "Parallel": {"Type": "Parallel", "Branches": [{"States": {"Left": TASK}}, {"States": {"Right": TASK}}]},
        "Map": {"Type": "Map", "ItemProcessor": {"States": {"Each": TASK}}},
        "Old map": {
            "Type": "Map",
            "Iterator": {"States": {"Inner": {"Type": "Parallel", "Branches": [{"States": {"Deep": TASK}}]}}},
        },
    }
}


def test_tasks_in_branches_and_maps_are_found() -> None:
    assert [name for name, _ in tasks(MACHINE)] == ["Plain", "Left", "Right", "Each", "Deep"]


def test_a_definition_is_parsed() -> None:
    assert parsed(json.dumps(MACHINE)) == MACHINE


@pytest.mark.parametrize("text", [None, "", "no JSON", "[]"])
def test_invalid_definition_has_no_tasks(text: str | None) -> None:
    assert parsed(text) == {}
    assert list(tasks(parsed(text))) == []


def test_a_timeout_is_a_number_an_expression_or_a_path() -> None:
    assert seconds({"TimeoutSeconds": 30}) == 30
    assert seconds({"TimeoutSeconds": "{% $patience %}"}) is None
    assert is_bounded({"TimeoutSeconds": "{% $patience %}"})
    assert is_bounded({"TimeoutSecondsPath": "$.patience"})
    assert not is_bounded(TASK)
