"""docs/diagrams.md: every state and edge of the definitions, with labels."""

from typing import Any

import pytest

from ops.history import graph
from ops.render import mermaid
from tools.docs import diagrams

PASS = {"Type": "Pass", "End": True}


def _draw(**states: Any) -> list[str]:
    chart = mermaid.flowchart(graph.read({"StartAt": next(iter(states)), "States": states}))
    return [line.strip() for line in chart.splitlines()]


def test_page_has_every_state_and_task() -> None:
    page = diagrams.page()
    for name in ("Await story", "Notification unavailable", "Pay and reserve", "Refund payment", "Order rejected"):
        assert f'"{name}"' in page
    assert "| Validation | `http:invoke` | up to 3 times on" in page
    assert "| Await story | `dynamodb:updateItem`, and waits for the task token |" in page
    assert "| Get user | the function `user` |" in page


def test_success_path_leaves_out_choices_and_errors() -> None:
    ask = {
        "Type": "Task",
        "Resource": "arn",
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Give up"}],
        "End": True,
    }
    both = {"StartAt": "Ask", "States": {"Ask": ask, "Give up": {"Type": "Fail"}}}
    machine = {
        "StartAt": "Both",
        "States": {
            "Both": {"Type": "Parallel", "Branches": [both], "Next": "Well?"},
            "Well?": {"Type": "Choice", "Choices": [], "Default": "Write"},
            "Write": PASS,
        },
    }
    smooth = diagrams.way(graph.read(machine), ["Both", "Well?", "Write"])
    assert [node.name for node in smooth.every_node()] == ["Both", "Ask", "Write"]
    assert [(edge.source, edge.target) for edge in smooth.every_edge()] == [("Both", "Write")]
    with pytest.raises(KeyError):
        diagrams.way(graph.read(machine), ["Both", "Gone"])


def test_every_condition_has_a_text() -> None:
    page = diagrams.page()
    assert '|"a required API said FAILED<br>more than the result can hold"|' in page
    assert '|"$' not in page
    assert "…" not in page


def test_error_edge_is_dotted_and_names_the_error() -> None:
    lines = _draw(
        Ask={
            "Type": "Task",
            "Resource": "arn:aws:states:::http:invoke",
            "Catch": [{"ErrorEquals": ["A"], "Next": "B"}, {"ErrorEquals": ["States.ALL"], "Next": "C"}],
            "End": True,
        },
        B=PASS,
        C=PASS,
    )
    assert 's0 -.->|"A"| s1' in lines
    assert "s0 -.-> s2" in lines


def test_error_with_the_same_next_state_has_no_edge() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "B"}]
    lines = _draw(Ask={"Type": "Task", "Resource": "arn", "Catch": catch, "Next": "B"}, B=PASS)
    assert "s0 --> s1" in lines
    assert not [line for line in lines if "-.->" in line]


def test_waiting_state_has_its_own_style() -> None:
    lines = _draw(Ask={"Type": "Task", "Resource": "arn:x.waitForTaskToken", "End": True})
    assert 's0["Ask"]:::waiting' in lines


def test_names_and_conditions_are_escaped() -> None:
    hostile = '"]; click s0 href "https://example.com" <script>#1'
    lines = _draw(
        **{
            hostile: {
                "Type": "Choice",
                "Choices": [{"Condition": '{% a < "b" %}', "Next": "B"}],
                "Default": "B",
            },
            "B": PASS,
        }
    )
    quoted = "#quot;]; click s0 href #quot;https://example.com#quot; #lt;script#gt;#35;1"
    assert f's0{{"{quoted}"}}' in lines
    assert 's0 -->|"a #lt; #quot;b#quot;"| s1' in lines
    assert 's0 -->|"otherwise"| s1' in lines


def test_a_long_condition_is_cut_off() -> None:
    lines = _draw(
        A={"Type": "Choice", "Choices": [{"Condition": "{% " + "x" * 200 + " %}", "Next": "B"}], "Default": "B"}, B=PASS
    )
    (label,) = (line for line in lines if "xx" in line)
    assert "…" in label
    assert len(label) < mermaid.LONGEST_LABEL + 30
