"""Every command with the role that the stack creates for operators, and with no other permissions."""

import json
from pathlib import Path

import pytest

from ops.__main__ import app
from tests.e2e.client import document, eventually, story
from tests.e2e.operator import ROOT, Operator

ENOUGH = (
    *("cost", "describe", "history", "list", "logs", "redrive", "report"),
    *("rerun", "results", "rollback", "rollout", "start", "stop", "watch"),
)
"""The commands that need no other permissions: `test_role_is_enough_for_the_life_of_a_release` runs each."""

DENIED: dict[str, tuple[list[str], str]] = {
    "callback": (["NO-1", "--yes"], "secretsmanager:GetSecretValue"),
    "decide": (["NO-1", "approve", "--yes"], "secretsmanager:GetSecretValue"),
    "holds": ([], "dynamodb:Query"),
    "invoke": (["user"], "lambda:InvokeFunction"),
    "jira": ([], "lambda:GetFunctionConfiguration"),
    "order": ([str(ROOT / "examples" / "order.json"), "--detach"], "events:PutEvents"),
    "rotate": (["callback", "--yes"], "secretsmanager:GetSecretValue"),
}
"""The commands that need further permissions: arguments, and the action that the error names."""

NAMED = {
    "redrive": (["NO-1", "--yes"], "dynamodb:Query"),
    "watch": (["NO-1"], "dynamodb:Query"),
}
"""Commands that find an execution by its name, but need a further permission to find it by its story."""

LOOKS = {"doctor"}
"""Reports what it may not read, and goes on: `test_doctor_names_resources_that_the_role_cannot_read`."""


@pytest.fixture
def by_role(operator: Operator, tmp_path: Path) -> Operator:
    """Return an operator with the role that the stack creates for operators, and no other permissions."""
    on_aws, outputs = operator.on_aws(tmp_path), operator.client.outputs
    given = operator.client.acting_as(outputs["stepfunctions_user_role_arn"]).credentials
    changed = {**{name.upper(): value for name, value in given.items()}, "AWS_ENDPOINT_URL": outputs["endpoint_url"]}
    return Operator(operator.client, on_aws.outputs, {**on_aws.environment, **changed})


def test_every_command_is_tried_with_the_role() -> None:
    assert sorted(command.name or "" for command in app.registered_commands) == sorted([*ENOUGH, *DENIED, *LOOKS])


def test_role_is_enough_for_the_life_of_a_release(by_role: Operator, tmp_path: Path) -> None:
    used = set()

    def ok(command: str, *arguments: str, given: str | None = None) -> str:
        used.add(command)
        return by_role.ok(command, *arguments, given=given).out

    lines = ok("start", "-", "--until-waiting", "--json", given=json.dumps(document(story()))).splitlines()
    started, waiting = json.loads(lines[0]), json.loads(lines[-1])
    name = started["name"]
    assert waiting["event"] == "waiting"
    assert json.loads(ok("watch", name, "--until-waiting", "--json").splitlines()[-1])["event"] == "waiting"
    ok("watch", started["arn"], "--until-waiting")
    listed = json.loads(ok("list", "--workflow", "release", "--status", "RUNNING", "--json"))
    assert name in [each["name"] for each in listed["executions"]]
    assert json.loads(ok("describe", name, "--json"))["waitsFor"]
    assert "Await story" in ok("history", name)
    ok("logs", "release", "mock-validation", "--execution", name)
    assert json.loads(ok("cost", name, "--per-month", "1000", "--json"))["month"]["usd"] > 0
    ok("report", name, "--to", str(tmp_path / "report.html"))
    ok("stop", name, "--yes")
    ended = by_role.run("watch", name, "--json")
    assert (ended.code, ended.lines[-1]["status"]) == (1, "ABORTED")
    eventually(lambda: by_role.run("results", name, "--file", "error").code == 0 or None, "error.json")
    ok("results", name, "--file", "error")
    again = json.loads(ok("rerun", name, "--yes", "--detach", "--json"))["name"]
    ok("stop", again, "--yes")
    assert "has its newest version" in ok("rollout")
    ok("rollback", "release", "--to", "1", "--yes")
    redriven = by_role.run("redrive", name, "--yes")
    # The sandbox redrives nothing. On AWS, the command goes on to watch.
    assert redriven.code == 1
    assert f"{name} is not redriven: The sandbox cannot redrive executions" in redriven.err
    assert used | {"redrive"} == set(ENOUGH)


@pytest.mark.parametrize(
    ("command", "arguments", "action"),
    [(command, *asked) for cases in (DENIED, NAMED) for command, asked in cases.items()],
)
def test_command_names_the_missing_permission(
    by_role: Operator, command: str, arguments: list[str], action: str
) -> None:
    denied = by_role.run(command, *arguments)
    assert denied.code == 3
    assert "You are not allowed to do this" in denied.err
    assert action in denied.err


def test_doctor_names_resources_that_the_role_cannot_read(by_role: Operator) -> None:
    done = by_role.run("doctor", "--json")
    checks = {each["check"]: each for each in done.json["checks"]}
    assert {checks[name]["result"] for name in ("credentials", "state machine release", "bucket")} == {"ok"}
    wrong = {name for name, each in checks.items() if each["result"] == "wrong"}
    assert wrong == {"state machines", "tables", "secret", "functions", "events"}
    assert all("is not authorized to perform" in checks[name]["message"] for name in wrong)
    assert done.code == 1
