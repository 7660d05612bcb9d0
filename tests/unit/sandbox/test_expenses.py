"""The example of another team's workflow, deployed and decided through its hold."""

import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

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
        self._logs = aws.client("logs")
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
        """Return the output of an execution that succeeds."""

        def look() -> dict[str, Any] | None:
            found = self._states.describe_execution(executionArn=execution)
            return found if found["status"] != "RUNNING" else None

        ended = _eventually(look)
        assert ended["status"] == "SUCCEEDED", ended
        output: dict[str, Any] = json.loads(ended["output"])
        return output

    def logs(self) -> str:
        """Return every line that the functions and the API of the example have logged."""
        groups = [group["logGroupName"] for group in self._logs.describe_log_groups()["logGroups"]]
        events = [event for group in groups for event in self._logs.filter_log_events(logGroupName=group)["events"]]
        return "\n".join(event["message"] for event in events)

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
    """Return the example on a sandbox."""
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


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _visit(url: str, method: str = "GET", **fields: str) -> tuple[int, Mapping[str, str], str]:
    """Call the approval page as a browser does; gives the status, the headers and the page."""
    data = urlencode(fields).encode() if fields else None
    try:
        with urlopen(Request(url, data, method=method)) as answer:
            return answer.status, _lower(answer.headers), answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, _lower(error.headers), error.read().decode()


def test_a_person_decides_on_the_approval_page_by_a_link(expenses: Expenses, operate: Callable[..., Result]) -> None:
    execution = expenses.start("expense-8", 101)
    _eventually(lambda: [each for each in waiting(expenses.target, 10) if each.story_id == "expense-8"])
    listed = json.loads(operate("holds", "--links", "--json").stdout)
    [url] = [each["links"]["anyone"] for each in listed if each["subject"] == "expense-8"]
    assert "expense-8 for anyone:\nhttp" in operate("holds", "--links").stdout
    assert "links" not in json.loads(operate("holds", "--json").stdout)[0]
    assert url.startswith(expenses.target["callback_api_endpoint"] + "/holds/")

    status, headers, page = _visit(url)
    assert (status, headers["referrer-policy"], headers["x-frame-options"]) == (200, "no-referrer", "DENY")
    assert "Pay 101 for expense-8" in page
    assert _visit(url, "HEAD")[::2] == (200, "")
    assert _visit(url, "PUT", code="1")[0] == 405
    assert _visit(f"{url}A")[0] == 403
    code = re.findall(r'class="code">([0-9]{4})<', page)[0]
    assert _visit(url, "POST", decision="approve", code="", name="Ann")[0] == 400
    status, _, page = _visit(url, "POST", decision="approve", code=code, name="Ann", comment="Seen")
    assert (status, "You approved this" in page) == (200, True)

    decision = expenses.output(execution)["decision"]
    assert (decision["decider"], decision["channel"], decision["identity"]) == ("Ann", "link", "shared-link")
    status, _, page = _visit(url, "POST", decision="reject", code=code, name="Eve", comment="No")
    assert (status, "This is approved already" in page, "Ann" in page) == (409, True, True)

    token = url.rpartition("/")[2]
    logged = expenses.logs()
    assert "Decision by link" in logged
    assert "ANY /callback/holds/{token}" in logged
    assert token not in logged
    assert token.partition(".")[0] not in logged


@pytest.mark.soak
def test_new_link_key_revokes_the_link_of_an_execution_that_waits_on(
    expenses: Expenses, operate: Callable[..., Result]
) -> None:
    def link() -> str:
        listed = json.loads(operate("holds", "--links", "--json").stdout)
        [url] = [each["links"]["anyone"] for each in listed if each["subject"] == "expense-9"]
        return str(url)

    execution = expenses.start("expense-9", 101)
    _eventually(lambda: [each for each in waiting(expenses.target, 10) if each.story_id == "expense-9"])
    old = link()
    operate("rotate", "link-key")
    _eventually(lambda: _visit(old)[0] == 403)
    new = link()
    code = re.findall(r'class="code">([0-9]{4})<', _visit(new)[2])[0]
    assert _visit(new, "POST", decision="approve", code=code, name="Ann")[0] == 200
    assert expenses.output(execution)["status"] == "PAID"


def test_a_folder_without_a_project_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["up", "--program", str(tmp_path)])
    assert "it has no Pulumi.yaml" in capsys.readouterr().err
