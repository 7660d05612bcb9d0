"""Faults and the clock over HTTP and from the shell, for sandboxes in other processes."""

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from sandbox.__main__ import main
from tests.unit.sandbox.faults.tables import Table
from tests.unit.sandbox.services.aws import Aws, until

ROOT = Path(__file__).parents[4]
PLAN = {"name": "busy", "faults": [{"call": "dynamodb.PutItem", "kind": "reset", "nth": 2}]}


def control(aws: Aws, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{aws.server.endpoint_url}/_holdpoint/{path}", data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_plan_is_set_looked_at_and_ended(aws: Aws, table: Table) -> None:
    fault = PLAN["faults"][0]
    assert control(aws, "PUT", "faults", PLAN) == (200, {"plan": "busy", "fired": [], "neverFired": [fault]})
    table.put("a")
    assert control(aws, "GET", "faults")[1]["neverFired"] == [fault]
    table.put("b", attempts=2)
    fired = [{"fault": fault, "call": "dynamodb.PutItem", "by": []}]
    assert control(aws, "GET", "faults") == (200, {"plan": "busy", "fired": fired, "neverFired": []})
    assert control(aws, "DELETE", "faults") == (200, {"plan": None, "fired": fired, "neverFired": []})


def test_the_clock_moves(aws: Aws) -> None:
    before = time.time()
    status, answer = control(aws, "POST", "clock", {"seconds": 60})
    assert (status, answer["aheadSeconds"]) == (200, 60.0)
    assert time.time() - before >= 60


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "text"),
    [
        ("PUT", "faults", {"name": "x"}, 400, "faults: Field required"),
        ("POST", "clock", {"seconds": -1}, 400, "the clock goes forward only"),
        ("POST", "clock", {"hours": 1}, 400, 'send {"seconds": n}'),
        ("POST", "clock", [], 400, 'send {"seconds": n}'),
        ("PUT", "recording", {"about": 1}, 400, 'send {"about": text}'),
        ("PUT", "clock", {"seconds": 1}, 405, "does not take PUT"),
        ("POST", "faults", PLAN, 405, "does not take POST"),
    ],
)
def test_invalid_request_is_refused(aws: Aws, method: str, path: str, body: Any, status: int, text: str) -> None:
    answered, answer = control(aws, method, path, body)
    assert answered == status
    assert text in answer["message"]


def test_the_calls_of_a_path_are_recorded(aws: Aws, table: Table) -> None:
    assert control(aws, "PUT", "recording", {"about": table.name}) == (200, {})
    table.put("a", ConditionExpression="attribute_not_exists(id)")
    aws.client("sqs").list_queues()
    table.put("a")
    status, answer = control(aws, "DELETE", "recording")
    put = {"call": "dynamodb.PutItem", "by": ""}
    assert (status, answer) == (200, {"calls": [{**put, "nth": 1, "has_condition": True}, {**put, "nth": 2}]})
    table.put("b")
    assert control(aws, "DELETE", "recording")[1] == answer


@pytest.mark.parametrize("command", ["up", "serve"])
def test_invalid_plan_is_refused_before_the_start(tmp_path: Path, command: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text('{"name": "x", "faults": [{"call": "dynamodb.PutItm", "kind": "reset"}]}')
    with pytest.raises(SystemExit, match=r"error: .*plan\.json: .*did you mean 'PutItem'"):
        main([command, "--port", "0", "--faults", str(file)])


def test_shell_reports_faults_that_never_happened(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(PLAN))
    command = [sys.executable, "-m", "sandbox", "serve", "--port", "0", "--faults", str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert until(process.stdout.readline).startswith("ready")
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "this fault of the plan 'busy' never happened: reset at no. 2 dynamodb.PutItem" in told
