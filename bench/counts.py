"""Counts the AWS calls of a release and an order on a sandbox, and writes bench/counts.json for docs/cost.md."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest.mock import patch

import sandbox
from handlers.execution_history import HistoryEvent
from ops.history import states as history
from ops.history import timeline
from sandbox.calls.call import Call
from sandbox.calls.http_answer import Answer
from sandbox.calls.interceptors import Proceed
from sandbox.embedded import Aws
from sandbox.iam import roles
from sandbox.iam.enforcement import Enforcement
from tests.e2e.client import Client, document, done, eventually, story

COUNTS = Path(__file__).with_name("counts.json")

ORDER = Path(__file__).parents[1] / "examples" / "order.json"

LOG_EVENT_BYTES = 26
"""Bytes that CloudWatch adds to each line of a log.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html"""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The AWS calls of one run.

    Attributes:
        states: the states of its path, without those inside a Parallel.
        transitions: of the state machine, as they are billed.
        machine: the calls of the state machine itself, such as `aws-sdk:s3:getObject`.
        functions: the calls that each function made, such as `{"callback": {"dynamodb.Query": 1}}`; the writes in a
            transaction are counted one by one.
        log_bytes: the growth of the logs, by their writer: `states`, `lambda` and `apis`.
    """

    states: list[str]
    transitions: int
    machine: dict[str, int]
    functions: dict[str, dict[str, int]]
    log_bytes: dict[str, int]


def measure() -> dict[str, Counts]:
    """Run a release and an order, each with functions that were not called before."""
    with sandbox.running(stack="dev") as aws:
        client = Client({**aws.outputs, "endpoint_url": aws.endpoint_url})
        return {
            "release": _count(aws, "state_machine_arn", lambda: _release(client)),
            "orders": _count(aws, "orders_state_machine_arn", lambda: _order(client)),
        }


def _release(client: Client) -> list[HistoryEvent]:
    key = story()
    run = client.start(document(key))
    run.waiting(key)
    client.call_back(done(key))
    run.ended()
    run.log()
    return list(run.history())


def _order(client: Client) -> list[HistoryEvent]:
    (entry,) = client.aws("events").put_events(
        Entries=[
            {
                "Source": "microservices.orders",
                "DetailType": "Order Submitted",
                "Detail": ORDER.read_text(encoding="utf-8"),
                "EventBusName": client.outputs["orders_event_bus_name"],
            }
        ]
    )["Entries"]
    machine = client.outputs["orders_state_machine_arn"]

    def look() -> str | None:
        runs = client.stepfunctions.list_executions(stateMachineArn=machine, statusFilter="SUCCEEDED")["executions"]
        return str(runs[0]["executionArn"]) if runs else None

    return history.read(client.stepfunctions, eventually(look, f"the end of the order of {entry['EventId']}"))


def _count(aws: Aws, machine_output: str, run: Callable[[], list[HistoryEvent]]) -> Counts:
    before = _log_bytes(aws)
    with _calls() as made:
        events = run()
    prefix = aws.outputs["state_machine_name"].removesuffix("release")
    functions = {each["FunctionName"] for each in aws.client("lambda").list_functions()["Functions"]}
    machine = Counter(":".join(call) for call in history.calls(events))
    described = aws.client("stepfunctions").describe_state_machine(stateMachineArn=aws.outputs[machine_output])
    outer = json.loads(described["definition"])["States"]
    return Counts(
        states=[visit.state for visit in timeline.read(events).visits if visit.state in outer],
        transitions=history.transitions(events),
        machine=dict(sorted(machine.items())),
        functions={
            name.removeprefix(prefix): dict(sorted(calls.items()))
            for name, calls in sorted(made.items())
            if name in functions
        },
        log_bytes=dict(sorted((_log_bytes(aws) - before).items())),
    )


@contextmanager
def _calls() -> Iterator[dict[str, Counter[str]]]:
    """Count the calls of every role's session by its name, which for Lambda is the function's."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    intercept = Enforcement.intercept

    def counting(self: Enforcement, call: Call, proceed: Proceed) -> Answer:
        session = roles.session_of(call.credential.access_key)
        for _ in call.parameters.get("TransactItems", [None]):
            found[session.name if session else ""][call.name] += 1
        return intercept(self, call, proceed)

    with patch.object(Enforcement, "intercept", counting):
        yield found


def _log_bytes(aws: Aws) -> Counter[str]:
    logs = aws.client("logs")
    sizes: Counter[str] = Counter()
    for groups in logs.get_paginator("describe_log_groups").paginate():
        for name in (group["logGroupName"] for group in groups["logGroups"]):
            # /aws/lambda/NAME, /aws/vendedlogs/states/NAME, /aws/vendedlogs/apis/NAME
            writer = name.split("/")[-2]
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
                sizes[writer] += sum(len(event["message"].encode()) + LOG_EVENT_BYTES for event in page["events"])
    return sizes


def main() -> None:
    """Measure, and write the counts."""
    counts = {name: asdict(each) for name, each in measure().items()}
    COUNTS.write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
