"""Tasks take turns, and no task's timeout runs while it waits for its turn."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sandbox.clock import clock
from sandbox.interpreter import timeouts
from sandbox.interpreter.fifo_limiter import Turns
from sandbox.server import Server
from tests.unit.sandbox.interpreter.conftest import Aws
from tests.unit.sandbox.services.aws import Aws as Functions

UNTIL_FILE = "import pathlib, time\ndef handler(e, c):\n    while not pathlib.Path(e).exists(): time.sleep(0.01)"


class Environment:
    """What turns need of an execution."""

    def __init__(self) -> None:
        self.halt_callbacks: list[Callable[[], None]] = []
        self.running = True

    def is_running(self) -> bool:
        return self.running

    def stop(self) -> None:
        self.running = False
        for callback in list(self.halt_callbacks):
            callback()


def test_only_so_many_are_at_work_and_all_get_their_turn() -> None:
    turns, at_work, most, lock = Turns(3), 0, 0, threading.Lock()

    def work(_: int) -> None:
        nonlocal at_work, most
        with turns.taken(Environment()):
            with lock:
                at_work += 1
                most = max(most, at_work)
            threading.Event().wait(0.001)
            with lock:
                at_work -= 1

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(work, range(200)))
    assert most <= 3


def test_whoever_stops_waits_no_longer_and_takes_no_place() -> None:
    turns, stopped, entered = Turns(1), Environment(), threading.Event()

    def wait() -> None:
        with turns.taken(stopped):
            entered.set()

    with ThreadPoolExecutor() as pool:
        with turns.taken(Environment()):
            waits = pool.submit(wait)
            stopped.stop()
            waits.result(30)
        assert entered.is_set()
    with turns.taken(Environment()):
        pass


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Aws, str]]:
    """A server with a place for one task, and a function that returns when the file exists that it is told of."""
    monkeypatch.setattr(timeouts, "_turns", Turns(1))
    with Server(iam=False) as server:
        yield Aws(server.endpoint_url), Functions(server).function("until-file", UNTIL_FILE)


def test_a_task_that_waits_for_its_turn_is_not_timed_out(function: tuple[Aws, str], tmp_path: Path) -> None:
    aws, arn = function

    def state(name: str, seconds: int) -> dict[str, Any]:
        arguments = {"FunctionName": arn, "Payload": str(tmp_path / name)}
        resource = "arn:aws:states:::lambda:invoke"
        return {"Type": "Task", "Resource": resource, "Arguments": arguments, "TimeoutSeconds": seconds, "End": True}

    (tmp_path / "second").touch()
    first = aws.start(aws.machine({"A": state("first", 3600)}))
    aws.wait(lambda: "TaskStarted" in {event["type"] for event in aws.history(first)})
    second = aws.start(aws.machine({"A": state("second", 60)}))
    aws.wait(lambda: aws.history(second)[-1]["type"] == "TaskStateEntered")
    clock.move(600)
    (tmp_path / "first").touch()
    assert [aws.ended(each)["status"] for each in (first, second)] == ["SUCCEEDED", "SUCCEEDED"]


def test_what_waits_for_somebody_takes_no_turn(function: tuple[Aws, str], tmp_path: Path) -> None:
    aws, arn = function
    (tmp_path / "there").touch()
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Arguments": {"FunctionName": arn, "Payload": str(tmp_path / "there"), "InvocationType": "Event"},
        "TimeoutSeconds": 3600,
        "End": True,
    }
    waits = aws.start(aws.machine({"A": task}))
    aws.wait(lambda: "TaskSubmitted" in {event["type"] for event in aws.history(waits)})
    other = {**task, "Resource": "arn:aws:states:::lambda:invoke"}
    assert aws.run({"A": other})["status"] == "SUCCEEDED"
    aws.states.stop_execution(executionArn=waits)
