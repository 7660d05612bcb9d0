"""The recorder: facts of a history, and the files made of them."""

import json
from datetime import datetime

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from facts import RECORDED_DECISION
from handlers.aws import client
from handlers.recorder import record as record_module
from handlers.recorder.execution_log import escaped
from handlers.recorder.history import REDACTED, History, read_history
from handlers.recorder.record import handler
from tests.unit.handlers.conftest import BUCKET, Context, event, get_item, put_waiting
from tests.unit.handlers.recordings import Histories, events, exists, facts, token, written


@pytest.fixture
def histories(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Histories:  # noqa: ARG001 - AWS is there first
    fake = Histories()
    monkeypatch.setattr(record_module, "executions", lambda: fake)
    return fake


def test_success_is_logged_with_facts_and_timeline(histories: Histories) -> None:
    histories.events = events("history_succeeded")
    handler(event("execution_succeeded"), Context())
    text = written("execution.log")
    assert facts(text) == {
        "Execution": "release-1",
        "Execution ARN": "arn:aws:states:us-east-1:123456789012:execution:holdpoint-dev-release:release-1",
        "Status": "SUCCEEDED",
        "Story": "PROJ-123",
        "Started": "2025-06-03T04:20:00.000Z",
        "Stopped": "2025-06-03T04:21:07.890Z",
        "Duration": "67.890 s",
        "Packages": "pkg-101, pkg-102",
        "Validation status": "SUCCESS",
        "Validation message": "validation says so",
        "Deployment status": "WARNING",
        "Deployment message": "deployment says so",
        "Notification status": "SUCCESS",
        "Notification message": "notification says so",
        "Callback status": "success",
        "Callback message": r"Approved\nStatus: FAILED",
        "Callback decider": "unknown",
        "Callback channel": "unknown",
        "Callback identity": "unknown",
        "Callback time": "2025-06-03T04:20:40.000Z",
    }
    timeline = text.partition("Timeline:\n")[2].splitlines()
    assert timeline[0] == "  2025-06-03T04:20:00.020Z  Read input (0.190 s)"
    assert "  2025-06-03T04:20:00.340Z  Call deployment (2.770 s, 1 retry)" in timeline
    assert "  2025-06-03T04:20:03.220Z  Await story (36.790 s)" in timeline
    assert not exists("error.json")


def test_failure_is_recorded_and_its_wait_ended(histories: Histories) -> None:
    put_waiting("PROJ-123", "release-1")
    histories.events = events("history_failed")
    handler(event("execution_failed"), Context())
    assert json.loads(written("error.json")) == {
        "executionName": "release-1",
        "executionArn": "arn:aws:states:us-east-1:123456789012:execution:holdpoint-dev-release:release-1",
        "error": "JiraCallbackFailure",
        "cause": "The change board refused",
        "state": "Await story",
        "jiraStoryId": "PROJ-123",
        **dict.fromkeys(RECORDED_DECISION),
        "occurredAt": "2025-06-03T04:21:07.890Z",
    }
    log = facts(written("execution.log"))
    assert (log["Error"], log["Cause"], log["State"]) == (
        "JiraCallbackFailure",
        "The change board refused",
        "Await story",
    )
    item = get_item("PROJ-123", "release-1")
    assert (item["endedAt"], item["endReason"]) == ("2025-06-03T04:21:07.890Z", "JiraCallbackFailure")
    assert not {"taskToken", "waiting"} & item.keys()


def test_the_error_of_a_rejected_release_names_who_decided(histories: Histories) -> None:
    decision = {"status": "failure", "message": "Not yet", "decider": "Ann", "channel": "api", "identity": None}
    details = {"name": "Close story", "assignedVariables": {"callback": json.dumps({**decision, "completedAt": "now"})}}
    first, *rest = events("history_failed")
    closed = {"type": "TaskStateExited", "id": 98, "previousEventId": 0, "timestamp": first["timestamp"]}
    histories.events = [first, {**closed, "stateExitedEventDetails": details}, *rest]
    handler(event("execution_failed"), Context())
    found = json.loads(written("error.json"))
    assert {name: found[name] for name in RECORDED_DECISION} == {
        "callbackStatus": "failure",
        "callbackMessage": "Not yet",
        "callbackDecider": "Ann",
        "callbackChannel": "api",
        "callbackIdentity": None,
        "callbackAt": "now",
    }


@pytest.mark.parametrize(
    ("name", "error", "cause"),
    [
        (
            "execution_timed_out",
            "States.Timeout",
            "ran longer than its state machine allows; it ended in the state Await",
        ),
        ("execution_aborted", "Aborted", "was stopped in the state Await story, without a reason"),
    ],
)
def test_uncatchable_end_has_a_clear_cause(histories: Histories, name: str, error: str, cause: str) -> None:
    put_waiting("PROJ-123", "release-1")
    waiting = events("history_succeeded")
    submitted = next(number for number, each in enumerate(waiting) if each["type"] == "TaskSubmitted")
    kind = "ExecutionTimedOut" if error == "States.Timeout" else "ExecutionAborted"
    end = {"type": kind, "id": 99, "previousEventId": 0, "timestamp": waiting[submitted]["timestamp"]}
    histories.events = [*waiting[: submitted + 1], end]
    handler(event(name), Context())
    found = json.loads(written("error.json"))
    assert (found["error"], found["state"], found["jiraStoryId"]) == (error, "Await story", "PROJ-123")
    assert cause in found["cause"]
    assert get_item("PROJ-123", "release-1")["endReason"] == error
    assert "Await story (not left)" in written("execution.log")


def test_reason_of_a_stop_is_recorded(histories: Histories) -> None:
    details = {"error": "Cancelled", "cause": "by the operator"}
    histories.events = [
        {
            "type": "ExecutionAborted",
            "id": 2,
            "previousEventId": 0,
            "timestamp": datetime.fromisoformat("2025-06-03T04:21:07Z"),
            "executionAbortedEventDetails": details,
        }
    ]
    handler(event("execution_aborted"), Context())
    found = json.loads(written("error.json"))
    assert (found["error"], found["cause"], found["state"], found["jiraStoryId"]) == (*details.values(), None, None)
    assert facts(written("execution.log"))["Story"] == "unknown"


def test_error_written_by_the_state_machine_is_kept(histories: Histories) -> None:
    client("s3").put_object(Bucket=BUCKET, Key="logs/release-1/error.json", Body=b"its own")
    histories.events = events("history_failed")
    handler(event("execution_failed"), Context())
    assert written("error.json") == "its own"


def test_success_is_recorded_without_reading_its_history(histories: Histories) -> None:
    histories.failure = AssertionError("the history was read")
    timeline = "Timeline:\n  2025-06-03T04:20:00.020Z  Read input (0.190 s)"
    text = f"Status: SUCCEEDED\nCallback message: a\tb\u2028c\n\n{timeline}"
    client("s3").put_object(Bucket=BUCKET, Key="logs/release-1/execution.log", Body=json.dumps(text).encode())
    for _ in range(2):
        handler(event("execution_succeeded"), Context())
        head = ["Status: SUCCEEDED", r"Callback message: a\tb\u2028c"]
        assert written("execution.log") == "\n".join([*head, "", timeline, ""])


def test_repeated_event_is_idempotent(histories: Histories) -> None:
    put_waiting("PROJ-123", "release-1")
    histories.events = events("history_failed")
    states = []
    for _ in range(2):
        handler(event("execution_failed"), Context())
        states.append((written("execution.log"), written("error.json"), get_item("PROJ-123", "release-1")))
    assert states[0] == states[1]


def test_wait_of_a_redriven_execution_is_kept(histories: Histories) -> None:
    put_waiting("PROJ-123", "release-1", waitingSince="2025-06-03T05:00:00.000Z")
    histories.events = events("history_failed")
    handler(event("execution_failed"), Context())
    assert get_item("PROJ-123", "release-1")["taskToken"] == "token-release-1"


def test_invalid_story_key_ends_no_wait(histories: Histories) -> None:
    histories.events = [
        {
            **each,
            "stateExitedEventDetails": {
                "name": "Read input",
                "output": "{}",
                "assignedVariables": {"story": json.dumps("x" * 5000)},
            },
        }
        for each in events("history_failed")[:1]
    ]
    handler(event("execution_failed"), Context())
    assert json.loads(written("error.json"))["jiraStoryId"] == "x" * 5000


def test_expired_history_still_gives_a_record(histories: Histories) -> None:
    histories.failure = ClientError({"Error": {"Code": "ExecutionDoesNotExist"}}, "GetExecutionHistory")
    handler(event("execution_failed"), Context())
    assert json.loads(written("error.json"))["error"] == "JiraCallbackFailure"


@pytest.mark.parametrize("name", ["history_succeeded", "history_failed"])
def test_task_token_in_an_error_is_redacted(histories: Histories, name: str) -> None:
    secret = token(name)
    histories.events = [each for each in events(name) if not each["type"].startswith("Execution")]
    end = {"type": "ExecutionFailed", "id": 999, "previousEventId": 0, "timestamp": histories.events[-1]["timestamp"]}
    cause = f"refused {secret}"
    histories.events.append({**end, "executionFailedEventDetails": {"error": "Odd", "cause": cause}})
    handler(event("execution_failed"), Context())
    for file in ("execution.log", "error.json"):
        assert secret not in written(file)
        assert REDACTED in written(file)


@given(st.text())
def test_line_breaks_in_values_are_escaped(value: str) -> None:
    assert len(f"Key: {escaped(value)}".splitlines()) == 1
    escaped(value).encode()


def test_long_value_is_cut() -> None:
    assert escaped("x" * 100_000).endswith("... (100000 characters)")


def test_empty_history_has_no_facts() -> None:
    history = read_history([])
    assert history == History()
    assert (history.story_id, history.failed_state) == (None, None)
