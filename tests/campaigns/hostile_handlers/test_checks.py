"""The campaign's own checks can fail, and a failed case can be repeated."""

import json
import random
from typing import Any

import pytest

from tests.campaigns.hostile import callbacks
from tests.campaigns.hostile.campaign import Campaign
from tests.campaigns.hostile.files import check_error, check_log, check_result
from tests.campaigns.hostile.log_lines import check_line, check_text, our_words
from tests.unit.handlers.conftest import TOKENS

LOG = """Execution: run-1
Execution ARN: arn:aws:states:us-east-1:123456789012:execution:release:run-1
Status: SUCCEEDED
Story: PROJ-1
Started: 2025-06-03T04:20:00.000Z
Stopped: 2025-06-03T04:21:00.000Z
Duration: 60.000 s
Packages: a\\nStatus: FORGED
Callback status: success
Callback message: fine
Callback decider: unknown
Callback channel: api
Callback identity: bearer-token
Callback time: 2025-06-03T04:20:59.000Z

Timeline:
  2025-06-03T04:20:00.000Z  Read input (0.103 s, 1 retry)
  2025-06-03T04:20:01.000Z  Approved? (0.000 s)
"""
LINE = {"level": "INFO", "location": "x", "message": "Callback taken", "timestamp": "t", "service": "callback"}


def test_failed_case_of_a_campaign_can_be_reproduced(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[dict[str, int]] = []
    monkeypatch.setattr("tests.proof.ledger.note", lambda *_names, **counts: noted.append(counts))
    Campaign("kind", 7, 20, lambda rng: rng.randrange(2), lambda _number: None).run()

    def check(number: int) -> None:
        assert number == 0, "a one"

    with pytest.raises(AssertionError, match=r"HOSTILE_SEED=7 HOSTILE_CASE=\d+\n  1\n  AssertionError: a one"):
        Campaign("kind", 7, 20, lambda rng: rng.randrange(2), check).run()
    assert noted[0] == {"tried": 20, "answered_well": 20}
    assert noted[1]["tried"] == 20
    assert 0 < noted[1]["answered_well"] < 20


@pytest.mark.parametrize("kind", callbacks.KINDS)
def test_a_case_follows_from_its_seed(kind: str) -> None:
    first, second = (callbacks.make(kind, random.Random("7/kind/3"), "OWN-1", TOKENS) for _ in range(2))
    assert first == second


def test_own_log_line_is_recognized() -> None:
    assert LINE["message"] in our_words()
    assert check_line(json.dumps(LINE), ["s3cr3t"]) == LINE


@pytest.mark.parametrize(
    "line",
    [
        '{"level":"ERROR","message":"FORGED"}',
        json.dumps({**LINE, "message": "Nobody says this"}),
        json.dumps({**LINE, "jiraStoryId": "s3cr3t"}),
        json.dumps({**LINE, "jiraStoryId": "\u00e9"}, ensure_ascii=False),
        json.dumps({**LINE, "exception": "Traceback (most recent call last):"}),
        "Status: FORGED",
        "[]",
    ],
)
def test_another_line_is_found(line: str) -> None:
    with pytest.raises((AssertionError, ValueError)):
        check_line(line, ["s3cr3t"])


def test_a_stack_trace_in_an_answer_is_found() -> None:
    check_text('{"status": "error"}', ["s3cr3t"])
    with pytest.raises(AssertionError):
        check_text('  File "/var/task/handlers/secret.py", line 3', [])


@pytest.mark.parametrize(
    "forged",
    [
        LOG.replace("Story: ", "Status: FORGED\nStory: "),
        LOG.replace("\\n", "\n"),
        LOG.replace("\\n", "\x85"),
        LOG.replace("\\n", "\u2028"),
        LOG + "  2025-06-03T04:20:02.000Z  FORGED (0.000 s)\n",
        LOG + "Status: FORGED\n",
        LOG.replace("run-1", "run-2"),
    ],
)
def test_another_line_in_the_log_of_a_release_is_found(forged: str) -> None:
    check_log(LOG, "run-1")
    with pytest.raises(AssertionError):
        check_log(forged, "run-1")


@pytest.mark.parametrize("content", [{}, {"executionName": "run-1"}, {"executionId": "run-1", "jiraStoryId": "A-1"}])
def test_a_file_without_its_fields_is_found(content: dict[str, Any]) -> None:
    for check in (check_error, check_result):
        with pytest.raises(AssertionError):
            check(json.dumps(content).encode(), "run-1")
