"""Valid and invalid starts of a release at the command line, and lists of executions."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.client import document, story
from tests.e2e.operator import Operator


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Writes a release's document."""

    def write(jira_story_id: str, **changed: object) -> str:
        path = tmp_path / "release.json"
        path.write_text(json.dumps(document(jira_story_id, **changed)))
        return str(path)

    return write


def test_invalid_document_is_not_sent(operator: Operator, file: Callable[..., str]) -> None:
    named = story()
    refused = operator.run("start", file(named, packageIds=[]))
    assert refused.code == 2
    assert "packageIds:" in refused.err
    assert "--no-check" in refused.err
    sent = operator.run("start", file(named, packageIds=[]), "--no-check")
    assert sent.code == 1
    assert "InvalidInput" in sent.err


def test_a_document_comes_from_standard_input_or_from_the_bucket(operator: Operator) -> None:
    named = story()
    started = operator.ok("start", "-", "--detach", "--json", given=json.dumps(document(named))).json
    assert started["input"] == {"inputFile": f"inputs/{started['name']}.json"}
    key = operator.client.put(document(story()))
    again = operator.ok("start", "--key", key, "--name", f"again-{named}", "--detach", "--json").json
    assert (again["name"], again["input"]) == (f"again-{named}", {"inputFile": key})
    told = operator.ok("start", "--key", key, "--detach").out
    assert "python -m ops watch release-" in told


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--name", ""], "is not a name for an execution"),
        (["nowhere.json"], "nowhere.json cannot be read"),
        (["examples/workflow-input.json", "--key", "x"], "Both a document"),
        (["--bucket", "other"], "--key"),
        (["--name", "a b"], "a b"),
        (["--name", "x" * 81], "1 to 80 letters"),
    ],
)
def test_invalid_arguments_of_start_are_refused(operator: Operator, arguments: list[str], word: str) -> None:
    refused = operator.run("start", *arguments)
    assert refused.code == 2
    assert word in refused.err


def test_execution_name_can_be_used_once(operator: Operator, file: Callable[..., str]) -> None:
    named = story()
    first = operator.ok("start", file(named), "--name", f"once-{named}", "--detach", "--json").json
    assert first["name"] == f"once-{named}"
    taken = operator.run("start", file(story()), "--name", f"once-{named}")
    assert taken.code == 2
    assert f"There is an execution once-{named} already" in taken.err
    kept = operator.client.object(first["input"]["inputFile"])
    assert kept is not None
    assert json.loads(kept)["jiraStoryId"] == named


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--workflow", "other"], "release or orders"),
        (["--status", "DONE"], "SUCCEEDED"),
    ],
)
def test_list_without_matches(operator: Operator, arguments: list[str], word: str) -> None:
    refused = operator.run("list", *arguments)
    assert refused.code == 2
    assert word in refused.err


def test_list_can_be_filtered(operator: Operator, file: Callable[..., str]) -> None:
    started = operator.ok("start", file(story()), "--until-waiting", "--json").lines[0]
    listed = operator.ok("list", "--workflow", "release", "--status", "running", "--limit", "1000", "--json").json
    assert {(each["workflow"], each["status"]) for each in listed["executions"]} == {("release", "RUNNING")}
    assert started["name"] in [each["name"] for each in listed["executions"]]
    assert operator.ok("list", "--workflow", "orders", "--json").json["waiting"] == []
