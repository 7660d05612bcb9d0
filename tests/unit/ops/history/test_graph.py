"""The graph of a definition, with nested scopes."""

import pytest

from ops.history import graph
from ops.history.graph import Edge

ERRORS = ["DynamoDb.ConditionalCheckFailedException"]

DEFINITION = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::http:invoke",
            "Catch": [
                {"ErrorEquals": ERRORS, "Next": "Both"},
                {"ErrorEquals": ["States.Timeout"], "Next": "Give up"},
                {"ErrorEquals": ["States.ALL"], "Next": "Give up"},
            ],
            "Next": "Which?",
        },
        "Which?": {
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $a %}", "Next": "Both"},
                {"Condition": "{% $b %}", "Next": "Give up"},
                {"Condition": "{% $c %}", "Next": "Both"},
                {"Variable": "$.d", "IsPresent": True, "Next": "Each"},
            ],
            "Default": "Give up",
        },
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Left", "States": {"Left": {"Type": "Pass", "End": True}}},
                {
                    "StartAt": "Right",
                    "States": {
                        "Right": {"Type": "Pass", "Next": "Righter"},
                        "Righter": {"Type": "Succeed"},
                    },
                },
            ],
            "End": True,
        },
        "Each": {
            "Type": "Map",
            "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Pass", "End": True}}},
            "End": True,
        },
        "Give up": {"Type": "Fail"},
    },
}


def test_every_state_has_its_type_and_end() -> None:
    found = {node.name: (node.type, node.is_end) for node in graph.read(DEFINITION).every_node()}
    assert found == {
        "Ask": ("Task", False),
        "Which?": ("Choice", False),
        "Both": ("Parallel", True),
        "Left": ("Pass", True),
        "Right": ("Pass", False),
        "Righter": ("Succeed", True),
        "Each": ("Map", True),
        "One": ("Pass", True),
        "Give up": ("Fail", True),
    }


def test_edges_to_the_same_state_are_merged() -> None:
    assert list(graph.read(DEFINITION).edges) == [
        Edge(source="Ask", target="Which?", kind="next"),
        Edge(source="Ask", target="Both", kind="catch", labels=tuple(ERRORS)),
        Edge(source="Ask", target="Give up", kind="catch", labels=("States.Timeout", "States.ALL")),
        Edge(source="Which?", target="Both", kind="choice", labels=("$a", "$c")),
        Edge(source="Which?", target="Give up", kind="choice", labels=("$b",)),
        Edge(source="Which?", target="Each", kind="choice", labels=("",)),
        Edge(source="Which?", target="Give up", kind="default"),
    ]


def test_edges_inside_a_branch_belong_to_it() -> None:
    scope = graph.read(DEFINITION)
    (both,) = (node for node in scope.nodes if node.name == "Both")
    assert [branch.start for branch in both.branches] == ["Left", "Right"]
    assert list(both.branches[1].edges) == [Edge(source="Right", target="Righter", kind="next")]
    assert both.branches[1].edges[0] in list(scope.every_edge())
    assert both.branches[1].edges[0] not in scope.edges


def test_definition_of_a_state_leaves_out_its_inner_states() -> None:
    for node in graph.read(DEFINITION).every_node():
        assert not {"Branches", "ItemProcessor", "Iterator"} & node.definition.keys()


@pytest.mark.parametrize(
    ("edge", "takes_any"),
    [
        (Edge(source="a", target="b", kind="catch", labels=("X", "States.ALL")), True),
        (Edge(source="a", target="b", kind="catch", labels=("X",)), False),
        (Edge(source="a", target="b", kind="choice", labels=("States.ALL",)), False),
    ],
)
def test_only_a_catch_all_takes_any_error(edge: Edge, takes_any: bool) -> None:
    assert edge.takes_any_error is takes_any


def test_json_has_the_same_graph() -> None:
    said = graph.read(DEFINITION).as_json()
    assert said["start"] == "Ask"
    assert said["nodes"][2]["branches"][1]["nodes"][1] == {
        "name": "Righter",
        "type": "Succeed",
        "isEnd": True,
        "branches": [],
    }
    assert said["edges"][1] == {"source": "Ask", "target": "Both", "kind": "catch", "labels": ERRORS}


def test_comment_replaces_the_text_of_a_condition() -> None:
    choices = [{"Comment": "it is big", "Condition": "{% $size > 9 %}", "Next": "B"}]
    scope = graph.read(
        {"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": choices, "Default": "B"}, "B": {"Type": "Fail"}}}
    )
    assert [edge.labels for edge in scope.edges if edge.kind == "choice"] == [("it is big",)]
