"""Logs at the command line: of one execution, with all their noise, and as they come."""

import json
import signal
import subprocess
import sys
import threading

import pytest

from tests.e2e.client import DEADLINE_SECONDS, Client, Run, document, eventually, story
from tests.e2e.operator import Operator
from tests.stacks import ROOT


def _ended_release(client: Client, named: str) -> Run:
    run = client.start(document(named))
    run.waiting(named)
    assert client.call_back({"jiraStoryId": named, "message": "go"}).status == "resumed"
    assert run.ended()["status"] == "SUCCEEDED"
    run.log()
    return run


def test_logs_of_one_execution(operator: Operator) -> None:
    named = story()
    run = _ended_release(operator.client, named)
    _ended_release(operator.client, f"{named}0")  # whose name begins with the other's

    def sources() -> set[str] | None:
        lines = operator.ok("logs", "--execution", named, "--json").lines
        assert all(named in json.dumps(line) or run.name in json.dumps(line) for line in lines)
        assert f"{named}0" not in json.dumps(lines)
        found = {line["source"] for line in lines}
        return found if {"release", "mock-validation", "callback", "recorder"} <= found else None

    eventually(sources, "the logs of all who took part")
    shown = operator.ok("logs", "callback", "--execution", run.name).out
    assert f"Callback taken  jiraStoryId={named}  outcome=resumed" in shown
    assert "platform.start" not in shown
    states = operator.ok("logs", "release", "--execution", run.name).out
    assert [f"  name={state}  " in states for state in run.states()] == [True] * 10


def test_logs_with_noise(operator: Operator) -> None:
    operator.ok("invoke", "user")
    few = operator.ok("logs", "user", "--json").lines
    everything = operator.ok("logs", "user", "--all", "--json").lines
    assert len(everything) > len(few) > 0
    assert any(line["event"].get("type") == "platform.report" for line in everything)
    assert [line["at"] for line in everything] == sorted(line["at"] for line in everything)
    assert operator.ok("logs", "user", "--since", "0s", "--json").lines == []


def test_logs_are_followed_until_interrupted(operator: Operator) -> None:
    command = [
        sys.executable,
        "-m",
        "ops",
        "logs",
        "notification",
        "-f",
        "--since",
        "0s",
        "--outputs",
        str(operator.outputs),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    done = threading.Event()

    def invoke() -> None:
        # Again and again, because nobody knows when the following has begun.
        while not done.wait(0.5):
            operator.client.aws("lambda").invoke(
                FunctionName=operator.client.outputs["notification_service_lambda_arn"],
                Payload=json.dumps({"orderId": "followed", "status": "CONFIRMED"}).encode(),
            )

    thread = threading.Thread(target=invoke)
    thread.start()
    try:
        line = process.stdout.readline()
    finally:
        done.set()
        thread.join()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=DEADLINE_SECONDS)
    assert "notification       Answered  orderId=followed" in line
    assert process.returncode == 130
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nothing"], "Nothing called nothing has a log"),
        (["--since", "yesterday"], "10m"),
        (["--execution", "nobody"], "There is no execution nobody"),
    ],
)
def test_logs_of_an_unknown_source_are_refused(operator: Operator, arguments: list[str], word: str) -> None:
    refused = operator.run("logs", *arguments)
    assert refused.code == 2
    assert word in refused.err


@pytest.mark.parametrize("source", ["release", "orders", "callback-api", "mock-apis"])
def test_every_source_can_be_read(operator: Operator, source: str) -> None:
    assert operator.ok("logs", source, "--json").err == ""
