"""A successful release, and its files."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client import Client, Run, document, done, story

EVENTS = Path(__file__).parents[1] / "events"


@pytest.fixture(scope="module")
def succeeded(aws: Client) -> tuple[Run, str]:
    """Return a release whose callback came while it waited."""
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    answer = aws.call_back(done(key))
    assert (answer.code, answer.status) == (200, "resumed")
    assert answer.body["executions"] == [run.name]
    assert run.ended()["status"] == "SUCCEEDED"
    return run, key


def test_result_has_every_field(succeeded: tuple[Run, str]) -> None:
    run, key = succeeded
    result = run.result()
    assert result["executionId"] == run.name
    assert result["jiraStoryId"] == key
    assert result["packageIds"] == ["web-1", "api-2"]
    assert (result["callbackStatus"], result["callbackMessage"]) == ("success", "Looks good")
    assert (result["callbackDecider"], result["callbackChannel"]) == (None, "api")
    assert json.loads(run.ended()["output"])["callbackAt"] == result["callbackAt"] <= result["completedAt"]
    assert result["warnings"] == []
    assert result["completedAt"]
    assert [(part["api"], part["status"]) for part in result["parallelResults"]] == [
        ("validation", "SUCCESS"),
        ("deployment", "SUCCESS"),
        ("notification", "SUCCESS"),
    ]
    assert all(part["body"]["message"] for part in result["parallelResults"])


def test_the_log_is_lines_of_plain_text(succeeded: tuple[Run, str]) -> None:
    run, key = succeeded
    lines = run.log().splitlines()
    assert f"Story: {key}" in lines
    assert "Status: SUCCEEDED" in lines
    assert "Callback message: Looks good" in lines


def test_log_exists_when_the_execution_ends(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    aws.call_back(done(key))
    run.ended()
    assert (aws.object(f"logs/{run.name}/execution.log") or b"").startswith(b"Execution: ")


def test_success_path_enters_exactly_these_states(succeeded: tuple[Run, str]) -> None:
    run, _ = succeeded
    states = run.states()
    assert sorted(states) == sorted(
        [
            "Read input",
            "Register story",
            "Call APIs",
            "Validation",
            "Deployment",
            "Notification",
            "Approved?",
            "Await story",
            "Write result",
            "Write log",
        ]
    )


def test_the_output_names_the_files(succeeded: tuple[Run, str], aws: Client) -> None:
    run, key = succeeded
    output = json.loads(run.describe()["output"])
    assert output["jiraStoryId"] == key
    assert output["result"] == f"s3://{aws.bucket}/outputs/{run.name}/result.json"


def test_token_is_removed_from_the_table(succeeded: tuple[Run, str]) -> None:
    run, key = succeeded
    item = run.item(key)
    assert item is not None
    assert "taskToken" not in item
    assert "waiting" not in item
    assert item["resumedAt"]["S"]
    assert int(item["expiresAt"]["N"]) > 0


def test_no_error_is_written(succeeded: tuple[Run, str], aws: Client) -> None:
    run, _ = succeeded
    run.log()
    assert aws.object(f"logs/{run.name}/error.json") is None


def test_no_secret_is_in_history_logs_or_files(succeeded: tuple[Run, str], aws: Client) -> None:
    run, _ = succeeded
    run.log()
    seen: list[str] = [json.dumps(run.history(), default=str), json.dumps(run.describe(), default=str)]
    for listed in aws.s3.list_objects_v2(Bucket=aws.bucket)["Contents"]:
        seen.append((aws.object(listed["Key"]) or b"").decode())
    logs = aws.aws("logs")
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
                seen.extend(event["message"] for event in events["events"])
    everything = "\n".join(seen)
    assert len(everything) > 1000
    for name, token in aws.tokens.items():
        assert token not in everything, name


def test_the_task_token_is_only_where_aws_puts_it(succeeded: tuple[Run, str]) -> None:
    """Step Functions itself records the arguments of a call: that one event holds the token, which is used up."""
    run, _ = succeeded
    scheduled = [event for event in run.history() if event["type"] == "TaskScheduled"]
    (waiting,) = [e for e in scheduled if e["taskScheduledEventDetails"]["resource"].endswith(".waitForTaskToken")]
    parameters = json.loads(waiting["taskScheduledEventDetails"]["parameters"])
    token = parameters["ExpressionAttributeValues"][":token"]["S"]
    others = [event for event in run.history() if event["id"] != waiting["id"]]
    assert token not in json.dumps(others, default=str)
    assert token not in json.dumps(run.result())
    assert token not in run.log()


def _issue_event(key: str, status: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / "jira_issue_updated.json").read_text())
    event["issue"]["key"] = key
    event["issue"]["fields"]["status"]["name"] = status
    return event


def test_a_signed_jira_webhook_resumes(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    body = json.dumps(_issue_event(key, "Done")).encode()
    answer = aws.call_back(body, headers=aws.sign(body))
    assert (answer.code, answer.status) == (200, "resumed")
    assert run.ended()["status"] == "SUCCEEDED"


@pytest.mark.parametrize("file", ["automation_automation_format.json", "automation_jira_format.json"])
def test_both_formats_of_jira_automation_resume(aws: Client, file: str) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    body = json.loads((EVENTS / file).read_text())
    issue = body.get("issue", body)
    issue["key"] = key
    issue["fields"]["status"]["name"] = "Done"
    answer = aws.call_back(body)
    assert (answer.code, answer.status) == (200, "resumed")
    assert run.ended()["status"] == "SUCCEEDED"


def test_other_status_is_ignored(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    answer = aws.call_back(_issue_event(key, "In Progress"))
    assert (answer.code, answer.status) == (200, "ignored")
    assert run.describe()["status"] == "RUNNING"
    assert aws.call_back(_issue_event(key, "Done")).status == "resumed"
    assert run.ended()["status"] == "SUCCEEDED"


def test_a_deployment_warning_is_recorded(aws: Client) -> None:
    key = story()
    run = aws.start(document(key, packageIds=["web-15"]))
    run.waiting(key)
    aws.call_back(done(key))
    assert run.ended()["status"] == "SUCCEEDED"
    result = run.result()
    assert result["parallelResults"][1]["status"] == "WARNING"
    assert len(result["warnings"]) == 1
    assert result["warnings"][0].startswith("deployment: ")


def test_one_package_stays_a_list(aws: Client) -> None:
    key = story()
    run = aws.start(document(key, packageIds=["web-1"], metadata={}))
    run.waiting(key)
    aws.call_back(done(key))
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.result()["packageIds"] == ["web-1"]
    assert run.result()["metadata"] == {}
