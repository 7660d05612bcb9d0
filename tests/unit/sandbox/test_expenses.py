"""The example of another team's workflow: deployed as it stands, decided through its hold."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import sandbox
from ops.__main__ import app
from ops.aws import callback_api
from ops.aws.target import Target
from ops.commands.holds import waiting
from sandbox.__main__ import main

EXPENSES = Path(__file__).parents[3] / "examples" / "expense-approval"
DEADLINE_SECONDS = 60.0


class Expenses:
    """The deployed example."""

    def __init__(self, aws: Any) -> None:
        self._states = aws.client("stepfunctions")
        outputs = {**aws.outputs, "endpoint_url": aws.endpoint_url, "sandbox_pid": os.getpid()}
        self.target = Target(origin="the sandbox", outputs=outputs)

    def start(self, expense: str, amount: int) -> str:
        """Submit an expense; gives the ARN of the execution."""
        started = self._states.start_execution(
            stateMachineArn=self.target["state_machine_arn"],
            input=json.dumps({"expense": expense, "amount": amount}),
        )
        return str(started["executionArn"])

    def output(self, execution: str) -> dict[str, Any]:
        """The output of an execution that succeeds."""

        def look() -> dict[str, Any] | None:
            found = self._states.describe_execution(executionArn=execution)
            return found if found["status"] != "RUNNING" else None

        ended = _eventually(look)
        assert ended["status"] == "SUCCEEDED", ended
        output: dict[str, Any] = json.loads(ended["output"])
        return output

    def decide(self, expense: str, status: str) -> str:
        """Decide as soon as the workflow waits; gives the answer's status."""
        _eventually(lambda: [each for each in waiting(self.target, 10) if each.story_id == expense])
        body = {"subject": expense, "status": status, "message": "Seen", "decider": "Ann"}
        return callback_api.send(self.target, body).status


def _eventually(look: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    pytest.fail(f"still nothing after {DEADLINE_SECONDS} s")


@pytest.fixture(scope="module")
def expenses() -> Iterator[Expenses]:
    """The example on a sandbox."""
    with sandbox.running(root=EXPENSES, config={"approvalAbove": 100}) as aws:
        yield Expenses(aws)


def test_a_small_expense_is_paid_at_once(expenses: Expenses) -> None:
    paid = expenses.output(expenses.start("expense-1", 100))
    assert paid == {"expense": "expense-1", "status": "PAID", "decision": None}


@pytest.mark.parametrize(("status", "ends"), [("success", "PAID"), ("failure", "REJECTED")])
def test_a_large_expense_waits_for_a_decision(expenses: Expenses, status: str, ends: str) -> None:
    expense = f"expense:{status}"
    execution = expenses.start(expense, 101)
    assert expenses.decide(expense, status) == "resumed"
    output = expenses.output(execution)
    assert output["status"] == ends
    decision = output["decision"]
    assert (decision["decider"], decision["channel"], decision["message"]) == ("Ann", "api", "Seen")


@pytest.fixture
def operate(expenses: Expenses, tmp_path: Path) -> Callable[..., Result]:
    """Runs a command on the example, as its guide does; it ends with `code`."""
    outputs = tmp_path / "expenses.json"
    outputs.write_text(json.dumps(dict(expenses.target.outputs)))

    def run(*arguments: str, code: int = 0) -> Result:
        environment = {"HOLDPOINT_OUTPUTS": str(outputs), "COLUMNS": "200"}
        done = CliRunner().invoke(app, arguments, env=environment, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done

    return run


def test_every_command_takes_an_execution_of_another_workflow(operate: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "expense.json"
    file.write_text('{"expense": "expense-7", "amount": 101}')
    lines = operate("start", str(file), "--until-waiting", "--json").stdout.splitlines()
    started, waiting = json.loads(lines[0]), json.loads(lines[-1])
    assert (started["workflow"], started["input"]) == ("expenses", {"expense": "expense-7", "amount": 101})
    assert (waiting["event"], waiting["jiraStoryId"]) == ("waiting", "expense-7")
    name = started["name"]
    assert name.startswith("expenses-")

    listed = json.loads(operate("list", "--workflow", "expenses", "--status", "running", "--json").stdout)
    assert [(each["name"], each["workflow"]) for each in listed["executions"]] == [(name, "expenses")]
    assert [(each["jiraStoryId"], each["execution"]) for each in listed["waiting"]] == [("expense-7", name)]

    described = json.loads(operate("describe", "expense-7", "--json").stdout)
    assert (described["name"], described["status"], described["error"]) == (name, "RUNNING", None)
    assert [(each["state"], each["status"]) for each in described["states"]] == [("Await approval", "waiting")]
    assert (described["waitsFor"]["subject"], described["waitsFor"]["title"]) == ("expense-7", "Pay 101 for expense-7")
    shown = operate("describe", name).stdout
    for words in ("In Await approval since", "Pay 101 for expense-7", "python -m ops decide expense-7 approve"):
        assert words in shown
    changes = json.loads(operate("history", name, "--json").stdout)
    assert changes[-1] == {key: value for key, value in waiting.items() if key != "status"}
    assert "Await approval" in operate("history", name).stdout
    operate("report", name, "--to", str(tmp_path))
    assert "expense-7" in (tmp_path / f"report-{name}.html").read_text(encoding="utf-8")
    assert "waits for expense-7" in operate("results", name, code=1).stderr

    operate("decide", "expense-7", "reject", "--comment", "Too much", "--by", "Ann")
    operate("watch", name)
    results = json.loads(operate("results", "expense-7", "--json").stdout)
    assert (results["output"]["status"], results["error"]) == ("REJECTED", None)
    assert '"REJECTED"' in operate("describe", "--workflow", "expenses").stdout

    again = json.loads(operate("rerun", name, "--until-waiting", "--json").stdout.splitlines()[0])
    assert again["name"] != name
    operate("stop", again["name"], "--workflow", "expenses")
    assert json.loads(operate("describe", again["name"], "--json").stdout)["status"] == "ABORTED"
    assert f"{again['name']} is not redriven" in operate("redrive", again["name"], "--detach", code=1).stderr
    assert operate("cost", name, "--json").stdout
    operate("cost", name, "--per-month", "10", code=2)


def test_a_folder_without_a_project_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["up", "--program", str(tmp_path)])
    assert "it has no Pulumi.yaml" in capsys.readouterr().err
