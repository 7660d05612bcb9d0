"""The monthly bill: grows with the runs, and is never below the cost of the measured run."""

from typing import Any

import pytest

from ops.aws.state_machines import Workflow
from ops.aws.target import Target
from ops.cost import execution as cost
from ops.cost import month as estimate
from tests.unit.ops.history.histories import Writer


def _metric(function: str) -> dict[str, Any]:
    return {"MetricName": "WaitingStories", "Dimensions": [{"Name": "service", "Value": function}]}


class _CloudWatch:
    """Fake with two alarms on two pages, and three metrics, of which one belongs to another stack."""

    def get_paginator(self, operation: str) -> Any:
        pages: dict[str, list[dict[str, Any]]] = {
            "describe_alarms": [{"MetricAlarms": [{"AlarmName": name, "StateValue": "OK"}]} for name in ("one", "two")],
            "list_metrics": [
                {"Metrics": [_metric("holdpoint-dev-sweeper"), _metric("holdpoint-prod-sweeper")]},
                {"Metrics": [_metric("holdpoint-dev-callback")]},
            ],
        }
        found = pages[operation]

        class Paginator:
            def paginate(self, **_asked: Any) -> list[dict[str, Any]]:
                return found

        return Paginator()


@pytest.fixture
def target() -> Target:
    """Return a stack."""
    return Target(
        origin="a test",
        outputs={"state_machine_name": "holdpoint-dev-release"},
        _clients={"cloudwatch": _CloudWatch()},
    )


def _order() -> list[dict[str, Any]]:
    writer = Writer()
    for state in ("Get user", "Create order"):
        writer.enter(state)
        writer.task()
        writer.add("TaskSucceeded", {})
        writer.leave(state)
    return writer.events


def _quantity(lines: Any, item: str) -> float:
    return float(next(line.quantity for line in lines if line.item == item))


def test_bill_has_the_duration_of_invoked_functions(target: Target) -> None:
    month = estimate.month(target, _order(), Workflow.ORDERS, 1000)
    assert _quantity(month.of_runs, "lambda.request") == 2000
    # Each was called for two seconds, of which one before it was started.
    assert _quantity(month.of_runs, "lambda.gb_second.arm64") == pytest.approx(1000 * 2 * 2 * 0.25)
    assert _quantity(month.of_runs, "stepfunctions.standard.transition") == 2000


def test_api_counts_as_a_mock(target: Target) -> None:
    writer = Writer()
    writer.enter("Validation")
    writer.task(service="http")
    writer.add("TaskSucceeded", {})
    month = estimate.month(target, writer.events, Workflow.RELEASE, 1)
    assert _quantity(month.of_runs, "apigateway.http_api.request") == 2  # and the callback
    assert _quantity(month.of_runs, "lambda.request") == 3  # and the recorder
    assert _quantity(month.of_runs, "secretsmanager.api_call") == 2 * 2  # the mock and the callback prove who calls
    assert _quantity(month.of_runs, "xray.trace_recorded") == 4  # the state machine's, and one of each function


def test_the_alarms_and_metrics_of_the_stack_are_counted(target: Target) -> None:
    month = estimate.month(target, _order(), Workflow.ORDERS, 1)
    assert _quantity(month.fixed, "cloudwatch.alarm_month") == 2
    assert _quantity(month.fixed, "cloudwatch.custom_metric_month") == 2


def test_run_costs_at_least_as_much_in_a_month_as_alone(target: Target) -> None:
    alone = cost.total(cost.of_execution(_order()))
    one, many = (estimate.month(target, _order(), Workflow.ORDERS, runs) for runs in (1, 1000))
    assert cost.total(one.of_runs) > alone
    assert cost.total(many.of_runs) == pytest.approx(1000 * cost.total(one.of_runs))
    assert many.usd > cost.total(many.of_runs)
    assert many.as_json()["usd"] == many.usd
