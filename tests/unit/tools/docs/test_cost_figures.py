"""The quantities of the bill: those of the program, its schedules and counted runs."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from ops.aws.state_machines import Workflow
from ops.cost import execution as cost
from ops.cost import month as estimate
from tests.unit.recorded_program import ROOT, STACKS, recorded
from tools.docs import cost_page
from tools.docs.cost_figures import SERVICES, counts, month
from tools.docs.deployed import deployed

HOURS = 30 * 24
READS = ("dynamodb.Query", "dynamodb.GetItem")
WRITES = ("dynamodb.PutItem", "dynamodb.UpdateItem")
IN_TRANSACTION = "dynamodb.TransactWriteItems"

HOURLY = {"minute": 60, "minutes": 60, "hour": 1, "hours": 1}
"""Runs in an hour, by the unit of a rate.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html"""


@pytest.mark.parametrize("stack", STACKS)
def test_counted_resources_are_those_of_the_program(stack: str) -> None:
    program, parts = recorded(stack), deployed(stack)
    assert parts.alarms == len(program.all("cloudwatch/metricAlarm:MetricAlarm")) > 0
    assert parts.custom_metrics == 4 + 12
    fixed = estimate.fixed(alarms=parts.alarms, custom_metrics=parts.custom_metrics)
    assert fixed["secretsmanager.secret_month"] == parts.secrets
    assert fixed["cloudwatch.dashboard_month"] == parts.dashboards


@pytest.mark.parametrize("stack", STACKS)
def test_metrics_and_alarms_have_the_standard_price(stack: str) -> None:
    # High resolution and metric math cost more: https://aws.amazon.com/cloudwatch/pricing/
    for alarm in recorded(stack).all("cloudwatch/metricAlarm:MetricAlarm"):
        assert alarm.inputs["period"] >= 60
        assert "metricQueries" not in alarm.inputs


def test_schedules_are_those_of_the_program() -> None:
    starts = 0
    for schedule in deployed("dev").schedules:
        found = re.fullmatch(r"rate\((\d+) (\w+)\)", schedule)
        assert found
        starts += HOURS * HOURLY[found[2]] // int(found[1])
    assert starts == estimate.TICKS


def test_memory_is_that_of_the_settings() -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    assert declared["lambdaMemorySize"]["default"] == 1024 * estimate.FUNCTION_GB == deployed("dev").memory_mb
    assert declared["lambdaArchitecture"]["default"] == "arm64"


@pytest.mark.parametrize("workflow", Workflow)
def test_function_calls_on_the_bill_are_those_counted(workflow: Workflow) -> None:
    functions: dict[str, dict[str, int]] = counts(workflow)["functions"]
    made: Counter[str] = sum((Counter(calls) for calls in functions.values()), Counter())
    own = cost.counted(0, [_call(name) for name in counts(workflow)["machine"]])
    billed = {line.item: line.quantity for line in month(workflow, 1).of_runs}
    machine_writes = own["dynamodb.on_demand.write_request_unit"]
    assert billed["dynamodb.on_demand.read_request_unit"] == sum(made[name] for name in READS)
    assert billed["dynamodb.on_demand.write_request_unit"] == (
        sum(made[name] for name in WRITES) + 2 * made[IN_TRANSACTION] + estimate.INDEX_WRITES[workflow] + machine_writes
    )
    assert billed.get("secretsmanager.api_call", 0) == made["secretsmanager.GetSecretValue"]
    assert estimate.AROUND[workflow].get("s3.put_copy_post_list", 0) == made["s3.PutObject"]
    assert estimate.AROUND[workflow].get("s3.get", 0) == made["s3.GetObject"]
    priced = {*READS, *WRITES, IN_TRANSACTION, "secretsmanager.GetSecretValue", "s3.GetObject", "s3.PutObject"}
    assert made.keys() <= priced | {"stepfunctions.SendTaskSuccess"}


def _call(name: str) -> tuple[str, str]:
    service, operation = name.rsplit(":", 1)
    return service, operation


def test_every_function_of_a_release_is_on_the_bill() -> None:
    billed = {line.item: line.quantity for line in month(Workflow.RELEASE, 1).of_runs}
    assert billed["lambda.request"] == len(counts(Workflow.RELEASE)["functions"])
    assert billed["xray.trace_recorded"] == 1 + billed["lambda.request"]


@pytest.mark.parametrize("workflow", Workflow)
def test_bill_covers_the_counted_log_bytes(workflow: Workflow) -> None:
    logged = sum(counts(workflow)["log_bytes"].values())
    assert 0.5 < logged / (estimate.LOG_GB * 1024**3) <= 1


def test_bill_is_the_sum_of_its_lines_at_list_price() -> None:
    of = month(Workflow.RELEASE, 1000)
    assert of.usd == pytest.approx(sum(line.quantity * cost.prices()[line.item] for line in (*of.of_runs, *of.fixed)))
    assert {line.item.partition(".")[0] for line in (*of.of_runs, *of.fixed)} <= SERVICES.keys()


def test_price_list_has_source_and_date() -> None:
    listed: dict[str, Any] = json.loads(Path(cost.PRICES).read_text(encoding="utf-8"))
    assert set(listed["secondary"]) <= listed["prices"].keys()
    page = cost_page.page()
    for text in (listed["source"], listed["date"], listed["region"], "without free tier"):
        assert text in page


def test_page_adds_up() -> None:
    page = cost_page.page()
    for workflow, runs in ((Workflow.RELEASE, 1_000), (Workflow.ORDERS, 1_000_000)):
        assert f"${month(workflow, runs).usd:,.2f} (" in page
    (row,) = re.findall(r"^\| \*\*total\*\* \| \*\*\$([\d.]+)\*\* \| \*\*\$([\d.]+)\*\* \|$", page, re.MULTILINE)
    by_service = page.partition("## 1,000 runs")[2].partition("**total**")[0]
    rows = re.findall(r"^\| [^|]+ \|([^|]*)\|([^|]*)\|$", by_service, re.MULTILINE)
    for column, total in enumerate(row):
        listed = [float(cells[column].strip(" $")) for cells in rows if cells[column].strip().startswith("$")]
        assert sum(listed) == pytest.approx(float(total), abs=0.0005)
