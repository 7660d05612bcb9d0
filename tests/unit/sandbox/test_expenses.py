"""The example of another team's workflow: deployed as it stands, decided through its hold."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sandbox
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


def test_a_folder_without_a_project_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["up", "--program", str(tmp_path)])
    assert "it has no Pulumi.yaml" in capsys.readouterr().err
