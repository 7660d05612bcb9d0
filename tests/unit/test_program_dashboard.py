"""The dashboard of the whole program: valid for CloudWatch, and complete."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.unit import published_metrics
from tests.unit.components.recording import Recording
from tests.unit.recorded_program import STACKS, recorded

COLUMNS = 24
MAX_HEIGHT = 1000
MAX_WIDGETS = 500
MAX_ALARMS = 100
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html"""


@pytest.fixture(params=STACKS)
def program(request: pytest.FixtureRequest) -> Recording:
    """Return the resources of a stack."""
    return recorded(request.param)


def _widgets(program: Recording, kind: str = "") -> list[dict[str, Any]]:
    body = json.loads(program.one("cloudwatch/dashboard:Dashboard")["dashboardBody"])
    widgets: list[dict[str, Any]] = body["widgets"]
    return [widget for widget in widgets if not kind or widget["type"] == kind]


def _lines(program: Recording) -> list[tuple[str, str, dict[str, str], dict[str, Any]]]:
    """Return namespace, name, dimensions and options of every metric on the dashboard."""
    lines = [line for widget in _widgets(program, "metric") for line in widget["properties"]["metrics"]]
    return [
        (namespace, name, dict(zip(dimensions[::2], dimensions[1::2], strict=True)), options)
        for namespace, name, *dimensions, options in lines
    ]


def test_widgets_do_not_overlap(program: Recording) -> None:
    taken: Counter[tuple[int, int]] = Counter()
    for widget in _widgets(program):
        assert 0 <= widget["x"] < widget["x"] + widget["width"] <= COLUMNS
        assert 1 <= widget["height"] <= MAX_HEIGHT
        taken.update(
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        )
    assert set(taken.values()) == {1}
    # No gap either.
    assert len(taken) == COLUMNS * (max(y for _, y in taken) + 1)
    assert len(_widgets(program)) <= MAX_WIDGETS


def test_every_widget_has_title_and_region(program: Recording) -> None:
    titles = [widget["properties"]["title"] for widget in _widgets(program)]
    assert len(set(titles)) == len(titles)
    assert all(
        widget["properties"]["region"] == "us-east-1" for widget in _widgets(program) if widget["type"] != "alarm"
    )


def test_every_metric_is_published(program: Recording) -> None:
    for namespace, name, dimensions, _ in _lines(program):
        published_metrics.check(namespace, name, dimensions.keys())


def test_lines_of_a_widget_have_distinct_labels(program: Recording) -> None:
    for widget in _widgets(program, "metric"):
        labels = [line[-1]["label"] for line in widget["properties"]["metrics"]]
        assert labels
        assert len(set(labels)) == len(labels), widget["properties"]["title"]


def test_seconds_and_counts_do_not_share_an_axis(program: Recording) -> None:
    times = {"OldestWaitingStoryAge", "Latency", "ExecutionTime", "Duration"}
    for widget in _widgets(program, "metric"):
        axes: dict[str, set[bool]] = {"left": set(), "right": set()}
        for _, name, *_, options in widget["properties"]["metrics"]:
            axes[options.get("yAxis", "left")].add(name in times)
        assert all(len(kinds) <= 1 for kinds in axes.values()), widget["properties"]["title"]


def test_every_alarm_is_shown_once(program: Recording) -> None:
    (widget,) = _widgets(program, "alarm")
    shown = widget["properties"]["alarms"]
    alarms = program.all("cloudwatch/metricAlarm:MetricAlarm")
    assert sorted(shown) == sorted(f"arn:aws:cloudwatch:us-east-1:123456789012:{alarm.name}" for alarm in alarms)
    assert len(shown) <= MAX_ALARMS


def test_every_workflow_function_api_and_queue_is_shown(program: Recording) -> None:
    shown = {value for _, _, dimensions, _ in _lines(program) for value in dimensions.values()}
    machines = program.all("sfn/stateMachine:StateMachine")
    assert {
        *(f"arn:aws:states:us-east-1:123456789012:stateMachine:{machine.inputs['name']}" for machine in machines),
        *(function.inputs["name"] for function in program.all("lambda/function:Function")),
        *(f"{api.name}-id" for api in program.all("apigatewayv2/api:Api")),
        *(queue.inputs["name"] for queue in program.all("sqs/queue:Queue")),
    } == shown


def test_error_query_covers_every_function(program: Recording) -> None:
    (widget,) = _widgets(program, "log")
    groups = [
        group.inputs["name"]
        for group in program.all("cloudwatch/logGroup:LogGroup")
        if group.inputs["name"].startswith("/aws/lambda/")
    ]
    sources, query = widget["properties"]["query"].split("\n| ", 1)
    assert sorted(sources.split(" | ")) == sorted(f"SOURCE '{group}'" for group in groups)
    assert query == program.one("cloudwatch/queryDefinition:QueryDefinition", "query-errors")["queryString"]
