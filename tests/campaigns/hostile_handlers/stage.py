"""The callback function with all that it reaches, and waiting stories that it must leave alone."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest

from handlers.aws import client
from handlers.callback import receive
from tests.campaigns.hostile.callbacks import Callback
from tests.campaigns.hostile.log_lines import check_line, check_text
from tests.unit.handlers.conftest import TABLE, TOKENS, Context, event, put_item, put_waiting
from tests.unit.handlers.fake_workflow import FakeWorkflow

OTHERS = "BYSTANDER"
OWN_RUNS = ("own-run-1", "own-run-2")

EVENT = event("http_api_callback")
Items = dict[tuple[str, str], dict[str, Any]]


@dataclass
class Stage:
    """Sends callbacks one after the other, each for its own story, beside other stories that must not change."""

    capsys: pytest.CaptureFixture[str]
    workflow: FakeWorkflow
    reads: list[str] = field(default_factory=list)
    dynamodb: Any = field(default_factory=lambda: boto3.client("dynamodb"))

    def open(self) -> None:
        """Write the other stories, in every state of a story."""
        put_waiting(f"{OTHERS}-1", "run-1")
        put_waiting(f"{OTHERS}-1", "run-2")
        put_waiting("PROJ-2", "run-3")
        put_item(f"{OTHERS}-2", "run-4")
        put_item(f"{OTHERS}-3", "run-5", resumedAt="2025-06-03T04:21:00.000Z")
        put_item(f"{OTHERS}-4", "run-6", endedAt="2025-06-03T04:21:00.000Z", endReason="States.Timeout")
        client("dynamodb").meta.events.register(
            "before-call.dynamodb", lambda model, **_: self.reads.append(model.name), unique_id="stage"
        )

    def close(self) -> None:
        """Stop watching calls: the client outlives the stage."""
        client("dynamodb").meta.events.unregister("before-call.dynamodb", unique_id="stage")

    def items(self) -> Items:
        """Return the table."""
        found = self.dynamodb.scan(TableName=TABLE, ConsistentRead=True)["Items"]
        return {(item["jiraStoryId"]["S"], item["executionName"]["S"]): item for item in found}

    def wait_for(self, story: str) -> Items:
        """Let two executions wait for a story, and return the table."""
        for run in OWN_RUNS:
            put_waiting(story, run, taskToken=f"{story}-token-of-{run}")
        table = self.items()
        self.workflow.tokens = {item["taskToken"]["S"] for item in table.values() if "taskToken" in item}
        self.workflow.resumed.clear()
        self.reads.clear()
        self.capsys.readouterr()
        return table

    def leave(self, story: str) -> None:
        """Delete the story's items."""
        for run in OWN_RUNS:
            key = {"jiraStoryId": {"S": story}, "executionName": {"S": run}}
            self.dynamodb.delete_item(TableName=TABLE, Key=key)

    def call(self, headers: Mapping[str, str], body: bytes, *, in_base64: bool = False) -> dict[str, Any]:
        """Send a request as API Gateway hands it over; gives the answer's body, after a look at what is the same for
        every answer and for what is logged meanwhile."""
        try:
            sent = None if in_base64 else body.decode()
        except UnicodeDecodeError:
            sent = None
        request = {
            **EVENT,
            "headers": dict(headers),
            "body": base64.b64encode(body).decode() if sent is None else sent,
            "isBase64Encoded": sent is None,
        }
        answer: dict[str, Any] = receive.handler(request, Context())
        told: dict[str, Any] = json.loads(answer["body"])
        assert isinstance(told["status"], str)
        assert answer["statusCode"] < 500, f"answered {answer['statusCode']}: {told}"
        assert set(answer["headers"]) <= {"content-type", "cache-control", "www-authenticate"}
        assert answer["body"].isascii()
        assert len(answer["body"]) < 50_000
        check_text(answer["body"], self.secrets())
        self._check_logs()
        return told

    def secrets(self) -> set[str]:
        """The secrets, which must be in no answer and no log."""
        return {*TOKENS.values(), *self.workflow.tokens, *(token for token, _ in self.workflow.resumed)}

    def _check_logs(self) -> None:
        written = self.capsys.readouterr()
        assert written.err == "", written.err
        for line in written.out.split("\n")[:-1]:
            check_line(line, self.secrets())

    def check(self, case: Callback) -> None:
        """Send a callback, and check its answer and that it did nothing that it may not do."""
        before = self.wait_for(case.story)
        try:
            told = self.call(case.joined_headers, case.body.raw, in_base64=case.in_base64)
            after = self.items()
        finally:
            self.leave(case.story)
        assert told["status"] in case.answers, f"answered {told}, and not {sorted(case.answers)}"
        self.check_others(case.story, before, after)
        own = {key for key in before if key[0] == case.story}
        if told["status"] == "resumed":
            assert self.resumed() == [f"{case.story}-token-of-{run}" for run in OWN_RUNS]
            assert (told["jiraStoryId"], told["executions"]) == (case.story, [*OWN_RUNS])
            messages = {after[key]["callback"]["M"]["message"]["S"] for key in own}
            assert case.body.message is None or messages == {case.body.message}
        else:
            assert self.resumed() == []
            assert {key: after[key] for key in own} == {key: before[key] for key in own}
        if not case.is_let_in:
            assert self.reads == [], "the table was read for somebody who proved nothing"

    def check_others(self, story: str, before: Items, after: Items) -> None:
        """Check that everything except the story's own items is unchanged."""
        assert after.keys() == before.keys()
        others = {key for key in before if key[0] != story}
        assert {key: after[key] for key in others} == {key: before[key] for key in others}

    def resumed(self) -> list[str]:
        """Return the tokens that were used, sorted."""
        return sorted(token for token, _ in self.workflow.resumed)
