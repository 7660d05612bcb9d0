"""docs/cost.md: what a run and a month cost, from counts, the program and the price list."""

import json
from collections.abc import Iterator, Sequence

from ops.aws.state_machines import Workflow
from ops.cost import execution as cost
from ops.cost import month as estimate
from ops.cost.execution import Cost
from ops.cost.month import WARM_SECONDS, Month
from tools.docs.cost_figures import STACK, counts, month, services
from tools.docs.deployed import deployed

SIZES = (1_000, 100_000, 1_000_000)
"""Runs a month."""

ORIGINAL_CLAIMED, ORIGINAL_REAL = 25, 15
"""State transitions on the success path of the program that this one was made after: as its document says, and as its
definition has them. It says $0.25 for 1,000 executions, which is the price of ten transitions."""

_HOW_KNOWN = {
    "cloudwatch.logs.ingest_gb": "an estimate, see below",
    "dynamodb.on_demand.write_request_unit": "counted, and what the indexes' definitions add",
    "lambda.gb_second.arm64": f"assumed: {WARM_SECONDS} s a call, {{memory}} MB",
    "xray.trace_recorded": "from X-Ray's rule: every one, up to one a second",
}
"""Where a quantity is not simply counted in a run."""


def page() -> str:
    """Return the whole page."""
    return "\n".join(
        [
            *_introduction(),
            *_by_service(),
            *(line for workflow in Workflow for line in _run(workflow)),
            *_fixed(),
            *_months(),
            *_lower(),
            *_original(),
            *_left_out(),
        ]
    )


def _introduction() -> Iterator[str]:
    listed = json.loads(cost.PRICES.read_text(encoding="utf-8"))
    yield from (
        "# What it costs",
        "",
        "Made by `make docs` from [bench/counts.json](../bench/counts.json) (what a run asked of AWS, counted on the"
        " sandbox by `make bench`), from the program itself and from"
        " [the price list](../ops/cost/prices-us-east-1.json);"
        " `make check` fails where this page is older than they are.",
        "",
        f"Prices: {listed['source']}, {listed['date']}; {listed['region']}, in US dollars, **without free tier**, taxes"
        f" and support. {listed['secondary_note']}:"
        f" {', '.join(f'`{name}`' for name in listed['secondary'])}. For your own run, and a month like it:"
        " `python -m ops cost --per-month 1000`.",
        "",
        f"In short: {_dollars(1000 * _each(Workflow.RELEASE))} for 1,000 releases,"
        f" {_dollars(1000 * _each(Workflow.ORDERS))} for 1,000 orders, and"
        f" {_dollars(cost.total(_of_stack()))} a month for a stack in which nothing runs.",
        "",
    )


def _by_service() -> Iterator[str]:
    columns = [services(month(workflow, 1000).of_runs) for workflow in Workflow]
    yield from ("## 1,000 runs, by service", "", "| service | 1,000 releases | 1,000 orders |", "| --- | ---: | ---: |")
    for name in sorted({name for column in columns for name in column}, key=lambda name: -columns[0].get(name, 0)):
        yield f"| {name} | {' | '.join(_dollars(column[name], 4) if name in column else '' for column in columns)} |"
    totals = " | ".join(f"**{_dollars(sum(column.values()), 4)}**" for column in columns)
    yield from (f"| **total** | {totals} |", "")
    yield from (
        "The callback, the recorder and the mock APIs are in it; real APIs in place of the mocks have their own bills,"
        " and take theirs away.",
        "",
    )


def _run(workflow: Workflow) -> Iterator[str]:
    name = "release" if workflow is Workflow.RELEASE else "order"
    yield from (f"## One {name}", "", "| item | number | how it is known | for 1,000 |", "| --- | ---: | --- | ---: |")
    for line in month(workflow, 1).of_runs:
        known = _HOW_KNOWN.get(line.item, "counted").format(memory=deployed(STACK).memory_mb)
        yield f"| `{line.item}` | {line.quantity:.3g} | {known} | {_dollars(1000 * line.usd, 4)} |"
    logged = sum(counts(workflow)["log_bytes"].values()) / 1024
    yield from (
        "",
        f"One that ends well, on functions that were not called before. Its logs had {logged:.0f} KB on the sandbox;"
        f" {estimate.LOG_GB * 1024**2:.0f} KB are taken, for what AWS adds. Items and objects are at their smallest"
        " billed size.",
        "",
    )


def _fixed() -> Iterator[str]:
    schedules = ", ".join(deployed(STACK).schedules)
    yield from ("## A stack without any run", "", "| item | number | a month |", "| --- | ---: | ---: |")
    for line in sorted(_of_stack(), key=lambda line: -line.usd):
        number = f"{line.quantity:,.0f}" if line.quantity >= 1 else f"{line.quantity:.2g}"
        yield f"| `{line.item}` | {number} | {_dollars(line.usd)} |"
    yield from (f"| **total** | | **{_dollars(cost.total(_of_stack()))}** |", "")
    yield from (
        "Counted in the program. A custom metric costs from the first time that a function publishes it in a month; one"
        " is there for each kind of answer that the callback API has given, so that most stacks have fewer. The"
        f" calls are those of the functions that a clock starts ({schedules}). The secrets of the EventBridge"
        " connections, saved queries and queues cost nothing by themselves.",
        "",
        f"With a KMS key of your own (`kmsKeyArn`): {_dollars(cost.prices()['kms.key_month'])} a month for the key, and"
        f" {_dollars(10_000 * cost.prices()['kms.request'])} for 10,000 requests.",
        "",
    )


def _months() -> Iterator[str]:
    yield from ("## Three sizes", "", "| runs a month | releases | orders |", "| ---: | ---: | ---: |")
    for runs in SIZES:
        months = [month(workflow, runs) for workflow in Workflow]
        yield f"| {runs:,} | {' | '.join(f'{_dollars(each.usd)} ({_share(each)} fixed)' for each in months)} |"
    yield from ("", "The stack is in each of them; one that runs both workflows pays for it once.", "")


def _lower() -> Iterator[str]:
    log = counts(Workflow.RELEASE)["log_bytes"]
    states = log["states"] / sum(log.values())
    release, prices = services(month(Workflow.RELEASE, 1000).of_runs), cost.prices()
    first, second, third = sorted(release, key=lambda name: -release[name])[:3]
    shares = {name: usd / sum(release.values()) for name, usd in release.items()}
    watching = sum(line.usd for line in _of_stack() if line.item.startswith("cloudwatch"))
    functions = sum(line.usd for line in month(Workflow.RELEASE, 1000).of_runs if "gb_second" in line.item)
    yield from (
        "## What dominates, and how to lower it",
        "",
        f"- **Few runs: the watching.** Alarms, dashboard and metrics are {_dollars(watching)} of the"
        f" {_dollars(cost.total(_of_stack()))} of a stack. An alarm is {_dollars(prices['cloudwatch.alarm_month'])}: a"
        " stack for trying things out can leave out `components/monitoring.py`. One stack for several teams shares it.",
        f"- **Many runs: {first}** ({shares[first]:.0%} of a release), then {second} ({shares[second]:.0%}) and"
        f" {third} ({shares[third]:.0%}).",
        f"- A state less is {_dollars(1000 * prices['stepfunctions.standard.transition'], 3)} for 1,000 runs. Express"
        " workflows have no transitions to pay, and cannot wait for people.",
        "- Logs: the state machines log every event (`level` in `components/workflow.py`). That is"
        f" {states:.0%} of a release's log; with `ERROR`, one that ends well would leave nothing there, and the saved"
        " queries would find less.",
        f"- Functions: {_dollars(functions, 3)} for 1,000 releases; `lambdaMemorySize` and the time are in proportion."
        f" Production has {deployed('prod').memory_mb} MB.",
        "- X-Ray: a sampling rule with a lower rate takes away what it costs, and most of the traces.",
        "",
    )


def _original() -> Iterator[str]:
    def price(entered: int) -> float:
        return 1000 * entered * cost.prices()["stepfunctions.standard.transition"]

    ours = counts(Workflow.RELEASE)["transitions"]
    yield from (
        "## Against the original",
        "",
        "State transitions alone, for 1,000 releases:",
        "",
        "| | transitions | price |",
        "| --- | ---: | ---: |",
        f"| what the original says | {ORIGINAL_CLAIMED} | $0.25; list price {_dollars(price(ORIGINAL_CLAIMED), 3)} |",
        f"| what its definition has | {ORIGINAL_REAL} | {_dollars(price(ORIGINAL_REAL), 3)} |",
        f"| this program | {ours} | {_dollars(price(ours), 3)} |",
        "",
    )


def _left_out() -> Iterator[str]:
    yield from (
        "## What is not in it",
        "",
        "Storage (S3, DynamoDB and its backups, logs, the archive of events): cents until there are gigabytes. Retries,"
        " runs that fail, and orders that are undone: a little more each. Views of the dashboard, whose table of last"
        " errors is a query of the logs. Mails of the topics. Traffic out of the region.",
        "",
    )


def _of_stack() -> Sequence[Cost]:
    return month(Workflow.RELEASE, 1).fixed


def _each(workflow: Workflow) -> float:
    return cost.total(month(workflow, 1).of_runs)


def _share(of: Month) -> str:
    return f"{cost.total(of.fixed) / of.usd:.0%}"


def _dollars(usd: float, digits: int = 2) -> str:
    """Return an amount as people write it."""
    if 0 < usd < 0.5 * 10**-digits:
        return f"under ${10**-digits:.{digits}f}"
    return f"${usd:,.{digits}f}"
