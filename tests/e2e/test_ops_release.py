"""Releases at the command line: started, watched, decided, read, stopped."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.client import DEADLINE_SECONDS, Client, Run, document, eventually, story
from tests.e2e.control import Control
from tests.e2e.operator import Operator
from tests.stacks import ROOT

DAY_SECONDS = 86_400


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Writes a release's document."""

    def write(jira_story_id: str, **changed: object) -> str:
        path = tmp_path / "release.json"
        path.write_text(json.dumps(document(jira_story_id, **changed)))
        return str(path)

    return write


def _waiting(operator: Operator, file: Callable[..., str]) -> tuple[str, Run]:
    """Return a release that waits, by its story and its execution."""
    named = story()
    started = operator.ok("start", file(named), "--until-waiting", "--json").lines
    return named, Run(operator.client, started[0]["arn"])


def test_a_release_from_start_to_results(operator: Operator, file: Callable[..., str]) -> None:
    named = story()
    started = operator.ok("start", file(named), "--until-waiting")
    name = started.out.split()[1]
    assert name.startswith(named)
    assert f"waits for {named}" in started.out
    assert f"{operator.client.outputs['endpoint_url']}/_holdpoint/" in started.out
    assert "> Read input" in started.out
    assert "< Call APIs" in started.out

    listed = operator.ok("list", "--json").json
    (waiting,) = [wait for wait in listed["waiting"] if wait["jiraStoryId"] == named]
    assert waiting["execution"] == name
    assert 0 <= waiting["ageSeconds"] < DEADLINE_SECONDS
    assert (name, "RUNNING") in [(each["name"], each["status"]) for each in listed["executions"]]
    shown = operator.ok("list").out
    assert name in shown
    assert named in shown.split("Waited for")[1]

    nothing = operator.run("results", named)
    assert nothing.code == 1
    assert f"waits for {named}" in nothing.err

    (hold,) = [each for each in operator.ok("holds", "--json").json if each["subject"] == named]
    assert (hold["title"], hold["execution"]) == ("Release of web-1, api-2", name)
    assert DAY_SECONDS - DEADLINE_SECONDS < hold["secondsLeft"] <= DAY_SECONDS
    shown = operator.ok("holds").out
    assert f"{named}" in shown
    assert "Release of web-1, api-2" in shown
    assert "token" not in shown.lower()

    answered = operator.ok("decide", named, "approve", "--comment", "Approved by QA", "--by", "Ann")
    assert answered.out == f"200 resumed: The workflow has the callback\n  {name}\n"
    assert named not in [each["subject"] for each in operator.ok("holds", "--json").json]

    watched = operator.ok("watch", named)
    assert "= SUCCEEDED" in watched.out
    assert f"python -m ops results {name}" in watched.out

    run = Run(operator.client, operator.ok("results", named, "--json").json["arn"])
    assert "Timeline:" in run.log()  # until the recorder function has written it
    results = operator.ok("results", named, "--json").json
    assert results["result"]["callbackMessage"] == "Approved by QA"
    assert results["error"] is None
    assert results["log"] == run.log()
    shown = operator.ok("results", name).out
    for word in ("result.json", '"callbackMessage": "Approved by QA"', "execution.log", "Timeline:"):
        assert word in shown
    assert operator.ok("results", run.arn, "--file", "log").out == run.log()
    assert json.loads(operator.ok("results", named, "--file", "result").out) == run.result()
    assert operator.run("results", named, "--file", "error").code == 1

    cost = operator.ok("cost", named, "--json").json
    assert cost["transitions"] == len(run.states())
    assert cost["usd"] == pytest.approx(sum(line["usd"] for line in cost["costs"]))
    assert cost["month"] is None
    assert f"{cost['transitions']} state transitions" in operator.ok("cost", name).out
    month = operator.ok("cost", named, "--per-month", "1000", "--json").json["month"]
    assert month["usd"] > 1000 * cost["usd"]


def test_following_with_json_prints_a_line_per_change(operator: Operator, file: Callable[..., str]) -> None:
    named, run = _waiting(operator, file)
    assert operator.client.call_back({"jiraStoryId": named, "message": "go"}).status == "resumed"
    lines = operator.ok("watch", run.name, "--json").lines
    assert [line["state"] for line in lines if line["event"] == "entered"] == run.states()
    assert lines[-1]["event"] == "ended"
    assert (lines[-1]["status"], lines[-1]["output"]["jiraStoryId"]) == ("SUCCEEDED", named)


def test_rejection_fails_the_release(operator: Operator, file: Callable[..., str]) -> None:
    named, run = _waiting(operator, file)
    assert operator.ok("callback", named, "--status", "rejected", "--message", "red tests").code == 0
    watched = operator.run("watch", run.name)
    assert watched.code == 1
    assert f"{run.name} ended as FAILED: JiraCallbackFailure: red tests" in watched.err
    assert run.error()["cause"] == "red tests"
    results = operator.ok("results", run.name, "--json").json
    assert (results["result"], results["error"]["error"]) == (None, "JiraCallbackFailure")
    failed = operator.run("watch", run.name, "--json")
    assert failed.code == 1
    assert failed.lines[-1]["error"] == "JiraCallbackFailure"
    assert failed.error["exitCode"] == 1


def test_a_callback_can_be_signed(operator: Operator, file: Callable[..., str]) -> None:
    named, _ = _waiting(operator, file)
    assert operator.ok("callback", named, "--signed", "--json").json["status"] == "resumed"


def test_refused_callbacks_are_reported(operator: Operator) -> None:
    unknown = operator.run("callback", story())
    assert unknown.code == 1
    assert "404 not-found" in unknown.err
    assert "python -m ops holds" in unknown.err
    wrong = operator.run("callback", "no story", "--json")
    assert wrong.code == 1
    assert "400 invalid" in wrong.error["message"]
    assert "jiraStoryId: must be a Jira issue key" in wrong.error["message"]


def test_a_release_is_stopped_once(operator: Operator, file: Callable[..., str]) -> None:
    named, run = _waiting(operator, file)
    assert operator.ok("stop", named, "--cause", "Wrong packages").out == f"Stopped {run.name}\n"
    assert run.error()["cause"] == "Wrong packages"
    assert run.error()["error"] == "StoppedByOperator"
    again = operator.run("stop", run.arn)
    assert again.code == 1
    assert "has ended already, as ABORTED" in again.err
    late = operator.run("callback", named)
    assert late.code == 1
    assert "410 gone" in late.err


def test_execution_that_cannot_be_redriven_is_reported(operator: Operator, file: Callable[..., str]) -> None:
    named, run = _waiting(operator, file)
    running = operator.run("redrive", named)
    assert running.code == 1
    assert f"{run.name} is not redriven" in running.err


ARN = "arn:aws:states:us-east-1:123456789012:execution"


@pytest.mark.parametrize(
    ("command", "name"),
    [
        *(
            (command, name)
            for command in ("watch", "results", "stop", "redrive", "cost")
            for name in ("nobody", "NO-1")
        ),
        ("watch", "ord-nobody"),
        ("watch", f"{ARN}:holdpoint-dev-release:nobody"),
        ("watch", f"{ARN}:somebody-elses:nobody"),
        ("watch", "arn:aws:nonsense"),
        ("watch", "no execution is called so"),
        ("watch", ""),
    ],
)
def test_unknown_execution_is_reported(operator: Operator, command: str, name: str) -> None:
    unknown = operator.run(command, name)
    assert unknown.code == 2
    known = "is an execution of somebody-elses" if "somebody-elses" in name else f"There is no execution {name}"
    assert known in unknown.err
    assert "python -m ops list" in unknown.err


def test_interrupted_watch_does_not_stop_the_release(operator: Operator, file: Callable[..., str]) -> None:
    named, run = _waiting(operator, file)
    command = [sys.executable, "-m", "ops", "watch", named, "--outputs", str(operator.outputs)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = ""
    while "waits for" not in printed:
        line = process.stdout.readline()
        assert line, printed
        printed += line
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 130
    assert f"python -m ops watch {run.name}" in out
    assert "Traceback" not in err
    assert run.describe()["status"] == "RUNNING"


def test_a_followed_release_times_out(breakable: Client, file: Callable[..., str], tmp_path: Path) -> None:
    operator = Operator.of(breakable, tmp_path)
    named = story()

    def is_waiting() -> bool | None:
        items = breakable.dynamodb.query(
            TableName=breakable.outputs["dynamodb_table_name"],
            KeyConditionExpression="jiraStoryId = :story",
            ExpressionAttributeValues={":story": {"S": named}},
        )["Items"]
        return any("taskToken" in item for item in items) or None

    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(operator.run_alone, "start", file(named))
        eventually(is_waiting, f"the wait for {named}")
        Control(breakable).move_clock(DAY_SECONDS)
        failed = following.result()
    assert failed.code == 1
    assert "States.Timeout: No callback for" in failed.err
    eventually(lambda: operator.run("results", named, "--file", "error").code == 0 or None, "error.json")
