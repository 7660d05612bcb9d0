"""FIFO limiter of tasks: a task's timeout does not run while the task waits for a permit."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sandbox.clock import clock
from sandbox.interpreter import timeouts
from sandbox.interpreter.fifo_limiter import FifoLimiter
from sandbox.server import Server
from tests.unit.sandbox.interpreter.conftest import Aws
from tests.unit.sandbox.services.aws import Aws as Functions

UNTIL_FILE = "import pathlib, time\ndef handler(e, c):\n    while not pathlib.Path(e).exists(): time.sleep(0.01)"


class Environment:
    """The part of an execution that the limiter needs."""

    def __init__(self) -> None:
        self.cancellation_callbacks: list[Callable[[], None]] = []
        self.running = True

    def is_running(self) -> bool:
        return self.running

    def stop(self) -> None:
        self.running = False
        for callback in list(self.cancellation_callbacks):
            callback()


def test_limiter_runs_all_tasks_and_at_most_its_size_at_once() -> None:
    limiter, at_work, most, lock = FifoLimiter(3), 0, 0, threading.Lock()

    def work(_: int) -> None:
        nonlocal at_work, most
        with limiter.permit(Environment()):
            with lock:
                at_work += 1
                most = max(most, at_work)
            threading.Event().wait(0.001)
            with lock:
                at_work -= 1

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(work, range(200)))
    assert most <= 3


def test_stopped_execution_stops_waiting_and_takes_no_permit() -> None:
    limiter, stopped, entered = FifoLimiter(1), Environment(), threading.Event()

    def wait() -> None:
        with limiter.permit(stopped):
            entered.set()

    with ThreadPoolExecutor() as pool:
        with limiter.permit(Environment()):
            waits = pool.submit(wait)
            stopped.stop()
            waits.result(30)
        assert entered.is_set()
    with limiter.permit(Environment()):
        pass


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Aws, str]]:
    """Start a server that runs one task at a time, and a function that returns once the file of its event exists."""
    monkeypatch.setattr(timeouts, "_limiter", FifoLimiter(1))
    with Server(iam=False) as server:
        yield Aws(server.endpoint_url), Functions(server).function("until-file", UNTIL_FILE)


def test_task_that_waits_for_a_permit_does_not_time_out(function: tuple[Aws, str], tmp_path: Path) -> None:
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


def test_task_that_waits_for_a_token_takes_no_permit(function: tuple[Aws, str], tmp_path: Path) -> None:
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
