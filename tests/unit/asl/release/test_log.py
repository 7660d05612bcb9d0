"""The log of a successful release: same layout as the recorder's log of a failed one."""

from typing import Any

import pytest

from asl.release import log
from handlers.recorder.execution_log import plain
from tests.campaigns.hostile.files import check_log
from tests.unit.asl.deciding import value
from tests.unit.asl.release.test_workflow import MACHINE as RELEASE
from tests.unit.asl.release.test_workflow import TARGETS


def states(name: str, retries: int = 0, **more: Any) -> dict[str, Any]:
    """Return `$states` as a state of that name sees it."""
    return {
        "context": {
            "Execution": {
                "Name": "release-1",
                "Id": "arn:aws:states:us-east-1:123456789012:execution:holdpoint-dev-release:release-1",
                "StartTime": "2025-06-03T04:20:00.000Z",
            },
            "State": {"Name": name, "EnteredTime": "2025-06-03T04:20:01.000Z", "RetryCount": retries},
        },
        **more,
    }


@pytest.mark.parametrize(("retries", "told"), [(0, ""), (1, ", 1 retry"), (2, ", 2 retries")])
def test_timeline_entry_has_state_time_and_retries(retries: int, told: str) -> None:
    line = value(log.visited("Await story")["timeline"], {"timeline": ["a"], "states": states("x", retries)})
    assert line[0] == "a"
    assert line[1].startswith("  2025-06-03T04:20:01.000Z  Await story (")
    assert line[1].endswith(f" s{told})")


def test_entries_of_branches_follow_their_parallel_state() -> None:
    results = [{"api": "validation", "body": None, "visits": ["v"]}, {"api": "deployment", "visits": ["d"]}]
    variables = {"timeline": ["a"], "states": states("Call APIs", result=results)}
    assign = RELEASE["States"]["Call APIs"]["Assign"]
    assert value(assign["apis"], variables) == [{"api": "validation", "body": None}, {"api": "deployment"}]
    timeline = value(assign["timeline"], variables)
    assert (timeline[0], timeline[2:]) == ("a", ["v", "d"])
    assert "  Call APIs (" in timeline[1]


@pytest.mark.parametrize("message", ["Approved", "a\nStatus: FAILED\n\nTimeline:", ""])
def test_log_has_the_layout_of_the_recorder(message: str) -> None:
    variables = {
        "story": "PROJ-123",
        "packageIds": ["pkg-1", "pkg\n-2"],
        "apis": [
            {"api": "validation", "status": "SUCCESS", "message": message},
            {"api": "notification", "status": "WARNING"},
        ],
        "callback": {"status": "success", "message": message, "decider": f"Ann{message}", "channel": "api"},
        "timeline": ["  2025-06-03T04:20:00.020Z  Read input (0.190 s)"],
        "states": states("Write log"),
    }
    written = plain(value(RELEASE["States"]["Write log"]["Arguments"]["Body"], variables))
    check_log(written, "release-1")
    lines = written.splitlines()
    assert lines[7:12] == [
        r"Packages: pkg-1, pkg\n-2",
        "Validation status: SUCCESS",
        "Validation message: " + message.replace("\n", r"\n"),
        "Notification status: WARNING",
        "Callback status: success",
    ]
    assert lines[13:17] == [
        "Callback decider: Ann" + message.replace("\n", r"\n"),
        "Callback channel: api",
        "Callback identity: unknown",
        "Callback time: unknown",
    ]
    assert lines[-1] == "  2025-06-03T04:20:01.000Z  Write log (end)"


def test_timeline_contains_every_state_of_the_success_path() -> None:
    failing = {"Write error", "Story known?", "Close story", "Release failed"}
    silent = [
        name
        for name, state in RELEASE["States"].items()
        if name not in {*failing, "Write log"} and "timeline" not in state.get("Assign", {})
    ]
    assert silent == []
    branches = RELEASE["States"]["Call APIs"]["Branches"]
    called = {name: state for branch in branches for name, state in branch["States"].items() if state["Type"] == "Task"}
    assert called.keys() == {name.capitalize() for name in TARGETS.apis}
    assert all(state["Output"]["visits"] for state in called.values())
