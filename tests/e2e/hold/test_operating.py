"""Another team's workflow at the command line and on the approval page."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from typer.testing import CliRunner, Result

from ops.__main__ import app
from tests.e2e.client import Client, eventually
from tests.e2e.hold.expenses import waiting


@pytest.fixture
def operate(holding: Client, tmp_path: Path) -> Callable[..., Result]:
    """Runs a command on the example, as its guide does; it ends with `code`."""
    outputs = tmp_path / "expenses.json"
    outputs.write_text(json.dumps(dict(holding.outputs)))

    def run(*arguments: str, code: int = 0) -> Result:
        environment = {"HOLDPOINT_OUTPUTS": str(outputs), "COLUMNS": "200"}
        done = CliRunner().invoke(app, arguments, env=environment, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done

    return run


def test_every_command_takes_an_execution_of_another_workflow(operate: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "expense.json"
    file.write_text('{"expense": "expense-7", "amount": 700}')
    lines = operate("start", str(file), "--until-waiting", "--json").stdout.splitlines()
    started, found = json.loads(lines[0]), json.loads(lines[-1])
    assert (started["workflow"], started["input"]) == ("expenses", {"expense": "expense-7", "amount": 700})
    assert (found["event"], found["jiraStoryId"]) == ("waiting", "expense-7")
    name = started["name"]
    assert name.startswith("expenses-")

    listed = json.loads(operate("list", "--workflow", "expenses", "--status", "running", "--json").stdout)
    assert (name, "expenses") in [(each["name"], each["workflow"]) for each in listed["executions"]]
    assert ("expense-7", name) in [(each["jiraStoryId"], each["execution"]) for each in listed["waiting"]]

    described = json.loads(operate("describe", "expense-7", "--json").stdout)
    assert (described["name"], described["status"], described["error"]) == (name, "RUNNING", None)
    assert [(each["state"], each["status"]) for each in described["states"]] == [("Await approval", "waiting")]
    assert (described["waitsFor"]["subject"], described["waitsFor"]["title"]) == ("expense-7", "Pay 700 for expense-7")
    shown = operate("describe", name).stdout
    for words in ("In Await approval since", "Pay 700 for expense-7", "python -m ops decide expense-7 approve"):
        assert words in shown
    changes = json.loads(operate("history", name, "--json").stdout)
    assert changes[-1] == {key: value for key, value in found.items() if key != "status"}
    assert "Await approval" in operate("history", name).stdout
    operate("report", name, "--to", str(tmp_path))
    assert "expense-7" in (tmp_path / f"report-{name}.html").read_text(encoding="utf-8")
    assert "waits for expense-7" in operate("results", name, code=1).stderr

    operate("decide", "expense-7", "reject", "--comment", "Too much", "--by", "Ann")
    contradicts = operate("decide", "expense-7", "approve", code=1).stderr
    assert "python -m ops results expense-7" in contradicts
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


def test_a_person_decides_on_the_approval_page_by_a_link(holding: Client, operate: Callable[..., Result]) -> None:
    expense = waiting(holding, subject="expense-8")
    task_token = expense.task_token
    listed = json.loads(operate("holds", "--links", "--json").stdout)
    [url] = [each["links"]["anyone"] for each in listed if each["subject"] == "expense-8"]
    assert "expense-8 for anyone:\nhttp" in operate("holds", "--links").stdout
    assert "links" not in json.loads(operate("holds", "--json").stdout)[0]
    assert url.startswith(holding.outputs["callback_api_endpoint"] + "/holds/")

    status, headers, page = _visit(url)
    assert (status, headers["referrer-policy"], headers["x-frame-options"]) == (200, "no-referrer", "DENY")
    assert "Pay 700 for expense-8" in page
    assert task_token not in page
    assert _visit(url, "HEAD")[::2] == (200, "")
    assert _visit(url, "PUT", code="1")[0] == 405
    assert _visit(f"{url}A")[0] == 403
    code = re.findall(r'class="code">([0-9]{4})<', page)[0]
    assert _visit(url, "POST", decision="approve", code="", name="Ann")[0] == 400
    status, _, page = _visit(url, "POST", decision="approve", code=code, name="Ann", comment="Seen")
    assert (status, "You approved this" in page) == (200, True)

    decision = expense.output()["decision"]
    assert (decision["decider"], decision["channel"], decision["identity"]) == ("Ann", "link", "shared-link")
    status, _, page = _visit(url, "POST", decision="reject", code=code, name="Eve", comment="No")
    assert (status, "This is approved already" in page, "Ann" in page) == (409, True, True)

    token = url.rpartition("/")[2]
    logged = _logs(holding)
    assert "Decision by link" in logged
    assert "ANY /callback/holds/{token}" in logged
    assert token not in logged
    assert token.partition(".")[0] not in logged
    assert task_token not in logged


@pytest.mark.soak
def test_new_link_key_revokes_the_link_of_a_waiting_execution(holding: Client, operate: Callable[..., Result]) -> None:
    def link() -> str:
        listed = json.loads(operate("holds", "--links", "--json").stdout)
        [url] = [each["links"]["anyone"] for each in listed if each["subject"] == "expense-9"]
        return str(url)

    expense = waiting(holding, subject="expense-9")
    old = link()
    operate("rotate", "link-key")
    eventually(lambda: True if _visit(old)[0] == 403 else None, "the end of the old key")
    new = link()
    code = re.findall(r'class="code">([0-9]{4})<', _visit(new)[2])[0]
    assert _visit(new, "POST", decision="approve", code=code, name="Ann")[0] == 200
    assert expense.output()["status"] == "PAID"


def _logs(holding: Client) -> str:
    """Return every line that the functions and the API of the example have logged."""
    logs = holding.aws("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    pages = [page for group in groups for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group)]
    return "\n".join(event["message"] for page in pages for event in page["events"])


def test_doctor_checks_what_another_program_exports(operate: Callable[..., Result]) -> None:
    found = json.loads(operate("doctor", "--json").stdout)
    assert found["ok"] is True
    checked = {each["check"] for each in found["checks"]}
    assert {"outputs", "state machine expenses", "table expenses-dev-hold-stories", "secret", "callback API"} <= checked
    assert not checked & {"features", "bucket"}
