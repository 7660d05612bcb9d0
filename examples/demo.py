"""Runs the workflows on this machine, as their users do, and shows what comes out: `make demo`."""

import json
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sandbox
from ops import cost, history
from sandbox.embedded import Aws

HERE = Path(__file__).parent
PATIENCE_SECONDS = 60
"""No step of the demo takes longer, or something is wrong."""

POLL_SECONDS = 0.1


class DemoError(Exception):
    """The demo did not go as it should."""


def main() -> int:
    """Run the demo. Gives the process's exit code: 0 if every workflow ended as it should."""
    started = time.monotonic()
    _say("Starting the sandbox and deploying the program onto it ...")
    try:
        with sandbox.running(stack="dev") as aws:
            _say(f"{len(aws.resources)} resources at {aws.endpoint_url} after {time.monotonic() - started:.1f} s")
            release(aws)
    except DemoError as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    _say(f"\nAll as it should be, after {time.monotonic() - started:.1f} s.")
    return 0


def release(aws: Aws) -> None:
    """A release that waits for its Jira story, and goes on when the story is done.

    Raises:
        DemoError: it ended in another way.
    """
    _title("Release: three APIs, then a Jira story, then the result")
    bucket = aws.outputs["s3_bucket_name"]
    document = (HERE / "workflow-input.json").read_bytes()
    story = json.loads(document)["jiraStoryId"]
    aws.client("s3").put_object(Bucket=bucket, Key="inputs/workflow-input.json", Body=document)
    _say(f"put inputs/workflow-input.json into {bucket}")

    stepfunctions = aws.client("stepfunctions")
    execution = stepfunctions.start_execution(
        stateMachineArn=aws.outputs["state_machine_arn"],
        input=(HERE / "execution-input.json").read_text(encoding="utf-8"),
    )["executionArn"]
    name = execution.rsplit(":", 1)[1]
    _say(f"started execution {name}\n")

    shown = _Progress()
    _wait(lambda: shown.update(history.read(stepfunctions, execution)), until=lambda: "Await story" in shown.entered)
    _wait(lambda: None, until=lambda: _is_waiting(aws, story, name))
    _say(f"\nThe execution waits for {story}. Jira says that the story is done:")
    _say(f"POST {aws.outputs['callback_api_endpoint']}")
    status, answer = _call_back(aws, {"jiraStoryId": story, "message": "Approved by QA", "status": "done"})
    _say(f"{status} {answer}\n")
    if (status, answer["status"]) != (200, "resumed"):
        raise DemoError(f"the callback was answered with {status} {answer}")

    _wait(
        lambda: shown.update(history.read(stepfunctions, execution)),
        until=lambda: stepfunctions.describe_execution(executionArn=execution)["status"] != "RUNNING",
    )
    ended = stepfunctions.describe_execution(executionArn=execution)
    if ended["status"] != "SUCCEEDED":
        raise DemoError(f"the release ended as {ended['status']}: {ended.get('error')}: {ended.get('cause')}")
    shown.update(history.read(stepfunctions, execution))
    for key in (f"outputs/{name}/result.json", f"logs/{name}/execution.log"):
        _title(f"s3://{bucket}/{key}")
        body = aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
        print(json.dumps(json.loads(body), indent=2) if key.endswith(".json") else body.rstrip())
    _bill(history.read(stepfunctions, execution))


class _Progress:
    """Prints each state once, when it is entered and when it is left."""

    def __init__(self) -> None:
        self.entered: set[str] = set()
        self._printed = 0

    def update(self, events: list[history.HistoryEvent]) -> None:
        known = list(history.steps(events))
        for step in known[self._printed :]:
            if step.is_entry:
                self.entered.add(step.state)
            print(f"  {step.at:%H:%M:%S}  {'>' if step.is_entry else '<'} {step.state}", flush=True)
        self._printed = len(known)


def _is_waiting(aws: Aws, story: str, execution: str) -> bool:
    item = aws.client("dynamodb").get_item(
        TableName=aws.outputs["dynamodb_table_name"],
        Key={"jiraStoryId": {"S": story}, "executionName": {"S": execution}},
        ConsistentRead=True,
    )["Item"]
    return "waitingSince" in item


def _call_back(aws: Aws, body: dict[str, str]) -> tuple[int, dict[str, Any]]:
    secret = aws.client("secretsmanager").get_secret_value(SecretId=aws.outputs["secrets_manager_arn"])
    token = json.loads(secret["SecretString"])["callback"]
    # The endpoint is the sandbox's own, on this machine.
    request = urllib.request.Request(  # noqa: S310
        aws.outputs["callback_api_endpoint"],
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310
        return response.status, json.load(response)


def _bill(events: list[history.HistoryEvent]) -> None:
    _title("Cost of the run, at list price without free tier")
    print(f"  {history.transitions(events)} state transitions in {history.duration(events).total_seconds():.1f} s")
    costs = cost.of_execution(events)
    for line in costs:
        print(f"  {line.quantity:4} x {line.item:38} ${line.usd:.7f}")
    print(f"  {'total':45} ${cost.total(costs):.7f}, so ${1000 * cost.total(costs):.2f} for 1,000 runs")


def _wait(look: Callable[[], None], *, until: Callable[[], bool]) -> None:
    for _ in _ticks():
        look()
        if until():
            return
    raise DemoError(f"nothing happened for {PATIENCE_SECONDS} seconds")


def _ticks() -> Iterator[None]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        yield
        time.sleep(POLL_SECONDS)


def _say(text: str) -> None:
    print(text, flush=True)


def _title(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
