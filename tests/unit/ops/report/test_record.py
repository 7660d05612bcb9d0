"""The record of an execution: states, attempts, edges and cost, without secrets."""

import json
from datetime import timedelta
from typing import Any

import pytest

from ops.report import record
from tests.unit.ops.history.histories import BEGIN, Writer

TOKEN = "AQD+cswfE3xNriQBBHs4rgrYj1htWYy9btHNryTNEhi" * 4

TASK = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"}
DEFINITION = {
    "StartAt": "Read input",
    "States": {
        "Read input": {**TASK, "Next": "Call APIs"},
        "Call APIs": {
            "Type": "Parallel",
            "Branches": [
                {
                    "StartAt": "Validation",
                    "States": {
                        "Validation": {
                            **TASK,
                            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Unavailable"}],
                            "End": True,
                        },
                        "Unavailable": {"Type": "Fail"},
                    },
                },
                {"StartAt": "Deployment", "States": {"Deployment": {**TASK, "End": True}}},
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Write error"}],
            "Next": "Await story",
        },
        "Await story": {**TASK, "End": True},
        "Write error": {**TASK, "Next": "Failed"},
        "Failed": {"Type": "Fail"},
    },
}

ARN = "arn:aws:states:us-east-1:123456789012:execution:shop-release:one"


def _record(writer: Writer, status: str = "RUNNING", **described: Any) -> record.Record:
    about = {"executionArn": ARN, "status": status, "startDate": BEGIN, **described}
    return record.of(about, DEFINITION, writer.events)


def _release() -> Writer:
    writer = Writer()
    writer.enter("Read input")
    writer.task()
    writer.add("TaskSucceeded", {"output": '{"Body":"x"}'})
    writer.leave("Read input", story='"PROJ-1"')
    return writer


def _failed_release() -> Writer:
    """Return a release in which Validation failed after a retry, so Deployment was cut off."""
    writer = _release()
    writer.enter("Call APIs", "Parallel")
    begun = writer.add("ParallelStateStarted")
    writer.enter("Deployment", after=begun)
    writer.task()
    writer.enter("Validation", after=begun)
    for _ in range(2):
        writer.task()
        writer.fail("States.Http.StatusCode.503", "busy")
    writer.leave("Validation")
    ended = writer.enter("Unavailable", "Fail")
    writer.add("ParallelStateFailed", {"error": "States.Http.StatusCode.503", "cause": "no answer"}, after=ended)
    writer.leave("Call APIs", "Parallel")
    writer.enter("Write error")
    writer.task()
    writer.add("TaskSucceeded", {})
    writer.leave("Write error")
    writer.enter("Failed", "Fail")
    writer.add("ExecutionFailed", {"error": "Down", "cause": "validation is down"})
    return writer


def test_execution_has_status_and_times() -> None:
    told = _record(
        _release(), "FAILED", stopDate=BEGIN + timedelta(seconds=2.5), input='{"a":1}', error="Down", cause="no answer"
    )["execution"]
    assert told == {
        "arn": ARN,
        "name": "one",
        "machine": "shop-release",
        "status": "FAILED",
        "outcome": None,
        "started": BEGIN.timestamp() * 1000,
        "stopped": BEGIN.timestamp() * 1000 + 2500,
        "redrives": 0,
        "input": '{\n  "a": 1\n}',
        "output": None,
        "error": "Down",
        "cause": "no answer",
    }


def test_subject_is_known_once_assigned() -> None:
    assert _record(Writer())["subject"] is None
    assert _record(_release())["subject"] == {"kind": "story", "id": "PROJ-1"}
    writer = Writer()
    writer.enter("Get user")
    writer.leave("Get user", orderId='"ord-7"', userId='"u"')
    assert _record(writer)["subject"] == {"kind": "order", "id": "ord-7"}


@pytest.mark.parametrize("value", ["null", '""', "7", "{}", '"cut off'])
def test_invalid_name_is_no_subject(value: str) -> None:
    writer = Writer()
    writer.enter("Read input")
    writer.leave("Read input", story=value)
    assert _record(writer)["subject"] is None


def test_each_state_has_status_and_retries() -> None:
    assert _record(_failed_release(), "FAILED")["states"] == {
        "Read input": {"status": "done", "visits": 1, "retries": 0, "failures": 0},
        "Call APIs": {"status": "caught", "visits": 1, "retries": 0, "failures": 1},
        "Deployment": {"status": "aborted", "visits": 1, "retries": 0, "failures": 0},
        "Validation": {"status": "caught", "visits": 1, "retries": 1, "failures": 2},
        "Unavailable": {"status": "failed", "visits": 1, "retries": 0, "failures": 0},
        "Write error": {"status": "done", "visits": 1, "retries": 0, "failures": 0},
        "Failed": {"status": "failed", "visits": 1, "retries": 0, "failures": 0},
    }


def test_state_has_the_status_of_its_active_visit() -> None:
    writer = Writer()
    for _ in range(2):
        writer.enter("Read input")
        writer.leave("Read input")
    writer.enter("Read input")
    assert _record(writer)["states"]["Read input"] == {"status": "running", "visits": 3, "retries": 0, "failures": 0}


def test_taken_edges_connect_states_of_one_scope() -> None:
    assert sorted(_record(_failed_release(), "FAILED")["ways"]) == [
        ["Call APIs", "Write error"],
        ["Read input", "Call APIs"],
        ["Validation", "Unavailable"],
        ["Write error", "Failed"],
    ]


def test_failed_state_and_fail_state_have_error_and_cause() -> None:
    why = {visit["state"]: (visit["error"], visit["cause"]) for visit in _record(_failed_release(), "FAILED")["visits"]}
    assert why["Validation"] == ("States.Http.StatusCode.503", "busy")
    assert why["Unavailable"] == why["Call APIs"] == ("States.Http.StatusCode.503", "no answer")
    assert why["Failed"] == ("Down", "validation is down")
    assert why["Read input"] == why["Write error"] == why["Deployment"] == (None, None)


def test_visit_has_input_output_and_variables() -> None:
    writer = Writer()
    writer.enter("Read input")
    writer.events[-1]["stateEnteredEventDetails"]["input"] = '{"inputFile":"a"}'
    writer.leave("Read input", story='"PROJ-1"', packageIds='["a"]')
    writer.events[-1]["stateExitedEventDetails"]["output"] = "{}"
    (visit,) = _record(writer)["visits"]
    assert json.loads(visit["input"]) == {"inputFile": "a"}
    assert json.loads(visit["variables"]) == {"story": "PROJ-1", "packageIds": ["a"]}
    assert visit["output"] == "{}"
    assert (visit["entered"], visit["exited"]) == (
        BEGIN.timestamp() * 1000 + 1000,
        BEGIN.timestamp() * 1000 + 2000,
    )


def test_wait_has_its_due_time() -> None:
    writer = Writer()
    writer.enter("Await story")
    writer.task(resource="updateItem.waitForTaskToken", service="aws-sdk:dynamodb")
    assert _record(writer)["visits"][0]["due"] is None
    writer.add("TaskSubmitted", {"resource": "updateItem.waitForTaskToken"})
    (visit,) = _record(writer)["visits"]
    assert visit["status"] == "waiting"
    assert visit["due"] == (BEGIN + timedelta(seconds=2 + 60)).timestamp() * 1000


def test_task_token_is_masked_anywhere() -> None:
    writer = _release()
    writer.enter("Await story")
    writer.task(resource="updateItem.waitForTaskToken")
    scheduled = writer.events[-2]["taskScheduledEventDetails"]
    scheduled["parameters"] = json.dumps({"ExpressionAttributeValues": {":token": {"S": TOKEN}}})
    writer.fail("DynamoDb.DynamoDbException", f"refused {TOKEN}")
    writer.add("ExecutionFailed", {"error": "Down", "cause": f"refused {TOKEN}"})
    told = json.dumps(_record(writer, "FAILED", cause=f"refused {TOKEN}", input=json.dumps({"password": TOKEN[:20]})))
    assert TOKEN[:12] not in told
    assert "[redacted]" in told


def test_the_cost_adds_up() -> None:
    cost = _record(_failed_release(), "FAILED")["cost"]
    assert {line["item"] for line in cost["lines"]} == {"stepfunctions.standard.transition"}
    assert cost["total"] == pytest.approx(sum(line["usd"] for line in cost["lines"]))
    assert cost["lines"][0]["quantity"] == 8
    assert "functions" in cost["leavesOut"]


def test_each_state_has_its_definition_without_inner_states() -> None:
    told = _record(Writer())
    assert set(told["definitions"]) == {
        "Read input",
        "Call APIs",
        "Validation",
        "Unavailable",
        "Deployment",
        "Await story",
        "Write error",
        "Failed",
    }
    assert "Branches" not in told["definitions"]["Call APIs"]
    assert told["graph"]["start"] == "Read input"


def test_history_without_states_gives_a_record() -> None:
    writer = Writer()
    writer.add("ExecutionStarted", {"input": "{}"})
    told = _record(writer)
    assert (told["visits"], told["states"], told["ways"], told["transitions"]) == ([], {}, [], 0)


@pytest.mark.parametrize(
    ("status", "output", "outcome"),
    [
        ("SUCCEEDED", '{"orderId": "ord-1", "status": "REJECTED"}', "REJECTED"),
        ("SUCCEEDED", '{"orderId": "ord-1", "status": "CONFIRMED"}', None),
        ("FAILED", '{"orderId": "ord-1", "status": "REJECTED"}', None),
        ("SUCCEEDED", '{"status": "REJECTED"}', None),
        ("SUCCEEDED", "cut of", None),
        ("RUNNING", None, None),
    ],
)
def test_rejected_order_has_its_outcome(status: str, output: str | None, outcome: str | None) -> None:
    assert record.outcome({"status": status, "output": output}) == outcome
