"""Saved queries: valid, on the right log groups and existing fields."""

import ast
import json
import re
from typing import Any

import pytest

from components.http_api import ACCESS_LOG_FORMAT
from tests.unit.components.recording import Recording
from tests.unit.recorded_program import ROOT, STACKS, recorded

COMMANDS = {"fields", "filter", "stats", "sort", "limit"}
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html"""

MAX_TEXT = 10_000
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html"""

MAX_GROUPS = 50
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html"""

STATES_FIELDS = {"id", "type", "details", "previous_event_id", "event_timestamp", "execution_arn", "redrive_count"}
"""A log event of Step Functions; `details` has `error` and `cause` even without execution data.
https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"""

SYSTEM_FIELDS = {"@timestamp", "@message", "@log"}


@pytest.fixture(params=STACKS)
def program(request: pytest.FixtureRequest) -> Recording:
    """Return the resources of a stack."""
    return recorded(request.param)


def _queries(program: Recording) -> dict[str, dict[str, Any]]:
    queries = program.all("cloudwatch/queryDefinition:QueryDefinition")
    return {each.name.removeprefix("monitoring-query-"): each.inputs for each in queries}


def _groups(program: Recording, part: str) -> set[str]:
    names = (group.inputs["name"] for group in program.all("cloudwatch/logGroup:LogGroup"))
    return {name for name in names if part in name}


def _fields(query: dict[str, Any]) -> set[str]:
    """Return the fields that the command `fields` names, the first part of each."""
    (command,) = re.findall(r"^(?:\| )?fields (.*)$", query["queryString"], re.MULTILINE)
    return {field.strip().split(".")[0] for field in command.split(",")}


def test_every_query_is_valid(program: Recording) -> None:
    assert len(_queries(program)) > 8
    groups = _groups(program, "")
    for key, query in _queries(program).items():
        assert len(query["queryString"]) <= MAX_TEXT
        assert {line.removeprefix("| ").split()[0] for line in query["queryString"].split("\n")} <= COMMANDS, key
        assert 0 < len(query["logGroupNames"]) <= MAX_GROUPS
        assert set(query["logGroupNames"]) <= groups


def test_every_query_has_the_right_log_groups(program: Recording) -> None:
    functions, workflows = _groups(program, "/aws/lambda/"), _groups(program, "/states/")
    services = {group for group in functions if "-services-" in group and not group.endswith("-expirer")}
    expected = {
        **dict.fromkeys(("errors", "limits", "durations"), functions),
        **dict.fromkeys(("execution", "failures", "retries"), workflows),
        "refused-callbacks": _groups(program, "callback-api"),
        "story": {group for group in functions if group.endswith("-callback")},
        "sweeps": {group for group in functions if group.endswith("-sweeper")},
        "refused-orders": services,
        "access-denied": functions | workflows,
    }
    assert {key: set(query["logGroupNames"]) for key, query in _queries(program).items()} == expected
    assert len(services) == 5


def test_refused_callbacks_are_found_in_the_access_log(program: Recording) -> None:
    written = json.loads(ACCESS_LOG_FORMAT).keys()
    assert _fields(_queries(program)["refused-callbacks"]) <= written | SYSTEM_FIELDS


@pytest.mark.parametrize("key", ["execution", "failures"])
def test_execution_queries_use_fields_of_step_functions(key: str) -> None:
    assert _fields(_queries(recorded("dev"))[key]) <= STATES_FIELDS | SYSTEM_FIELDS


@pytest.mark.parametrize(
    ("key", "module", "message", "keys"),
    [
        ("sweeps", "sweeper/sweep.py", "Swept", {"waiting"}),
        ("refused-orders", "orders/answering.py", "Refused", {"error", "reason"}),
        ("story", "callback/receive.py", "Callback taken", {"jiraStoryId", "outcome"}),
        ("story", "callback/receive.py", "Callback ignored", {"jiraStoryId", "reason"}),
    ],
)
def test_function_queries_use_fields_that_the_handlers_write(
    key: str, module: str, message: str, keys: set[str]
) -> None:
    text = _queries(recorded("dev"))[key]["queryString"]
    tree = ast.parse((ROOT / "handlers" / module).read_text(encoding="utf-8"))
    (written,) = (
        {keyword.arg for keyword in node.keywords}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and [ast.unparse(argument) for argument in node.args] == [repr(message)]
    )
    for name in keys:
        assert name in written
        assert re.search(rf"\b{name}\b", text)
