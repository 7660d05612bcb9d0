"""Metrics: alarms and the dashboard read exactly the series that the functions publish."""

import json
from typing import Any

import pytest

from handlers.callback import receive
from handlers.sweeper import sweep
from tests.unit.components.recording import Recording
from tests.unit.handlers.conftest import Context, event
from tests.unit.published_metrics import OUR_DIMENSIONS, OUR_NAMESPACE
from tests.unit.recorded_program import recorded
from tools.docs import api_examples

Series = tuple[str, str, tuple[tuple[str, str], ...]]
"""Namespace, name, and dimensions: what tells a metric from every other."""


@pytest.fixture(scope="module")
def program() -> Recording:
    """Return the resources of the stack `dev`."""
    return recorded("dev")


def _read(program: Recording) -> set[Series]:
    """Return our own series on alarms and the dashboard."""
    found = {
        (alarm["namespace"], alarm["metricName"], tuple(alarm["dimensions"].items()))
        for alarm in (each.inputs for each in program.all("cloudwatch/metricAlarm:MetricAlarm"))
    }
    body = json.loads(program.one("cloudwatch/dashboard:Dashboard")["dashboardBody"])
    for widget in body["widgets"]:
        for namespace, name, *dimensions, _ in widget["properties"].get("metrics", []):
            found.add((namespace, name, tuple(zip(dimensions[::2], dimensions[1::2], strict=True))))
    return {series for series in found if series[0] == OUR_NAMESPACE}


def _act_as(program: Recording, function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the environment that Powertools reads in the deployed function."""
    variables = program.one("lambda/function:Function", function)["environment"]["variables"]
    for name, value in variables.items():
        if name.startswith("POWERTOOLS_"):
            monkeypatch.setenv(name, value)


def _published(capsys: pytest.CaptureFixture[str]) -> set[Series]:
    """Return the series in the log's lines, as CloudWatch reads them.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    found = set()
    for line in map(json.loads, capsys.readouterr().out.splitlines()):
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
            for names in directive["Dimensions"]:
                assert set(names) == OUR_DIMENSIONS
                dimensions = tuple((name, line[name]) for name in names)
                found |= {(directive["Namespace"], metric["Name"], dimensions) for metric in directive["Metrics"]}
    return found


@pytest.mark.usefixtures("cloud")
def test_sweep_publishes_every_series_that_is_read(
    program: Recording, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _act_as(program, "sweeper", monkeypatch)
    sweep.handler(event("scheduled"), Context())
    published = _published(capsys)
    assert len(published) == 4
    assert published == {series for series in _read(program) if not series[1].startswith("Callback")}


@pytest.mark.usefixtures("cloud")
def test_answer_is_counted_under_a_series_that_is_read(
    program: Recording, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _act_as(program, "callback", monkeypatch)
    read = {series for series in _read(program) if series[1].startswith("Callback")}
    assert receive.handler(event("http_api_callback"), Context())["statusCode"] == 401
    published = _published(capsys)
    assert [name for _, name, _ in published] == ["CallbackUnauthorized"]
    assert published <= read


def test_every_answer_of_the_callback_api_is_on_the_dashboard(program: Recording) -> None:
    answers = {answer.status for answer in api_examples.answers_to_callbacks()}
    # As the handler makes the names.
    expected = {"Callback" + "".join(map(str.capitalize, answer.split("-"))) for answer in answers}
    assert {name for _, name, _ in _read(program) if name.startswith("Callback")} == expected


def test_stacks_of_an_account_share_no_metric() -> None:
    def own(stack: str) -> set[tuple[Any, ...]]:
        return _read(recorded(stack))

    assert own("dev")
    assert not own("dev") & own("staging")
