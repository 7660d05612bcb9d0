"""Hostile callbacks through the real HTTP front: answered in JSON, and the stories are as they may be."""

import random
from typing import Any

import pytest

from tests.campaigns.hostile import bodies, callbacks
from tests.campaigns.hostile.callbacks import Callback
from tests.campaigns.hostile.campaign import Campaign
from tests.campaigns.hostile.log_lines import check_text
from tests.campaigns.hostile.wire import Answer, Framed, framed, request, send
from tests.campaigns.hostile_sandbox.world import World
from tests.e2e.client import Run

SHORT, LONG = 2, 150
SHORT_FRAMED, LONG_FRAMED = 8, 500
WORKERS = 4

RUN = "hostile-run"
SCOPED = ("server", "date", "content-type", "content-length", "connection", "cache-control", "apigw-requestid")
"""The headers that an answer may have, and `www-authenticate`."""


class Stories:
    """Stories to which an execution has come that does not wait yet: a callback to them is parked."""

    def __init__(self, world: World, execution_arn: str) -> None:
        self._world = world
        self._execution_arn = execution_arn
        self._table = world.client.outputs["dynamodb_table_name"]

    def register(self, story: str) -> dict[str, Any]:
        """What "Register story" puts."""
        values = {"jiraStoryId": story, "executionName": RUN, "executionArn": self._execution_arn}
        item = {name: {"S": value} for name, value in values.items()}
        self._world.owns(("dynamodb_table_name", story, RUN))
        self._world.client.dynamodb.put_item(TableName=self._table, Item=item)
        return item

    def take(self, story: str) -> dict[str, Any]:
        """Return the item as it is now, which is taken away."""
        key = {"jiraStoryId": {"S": story}, "executionName": {"S": RUN}}
        taken = self._world.client.dynamodb.delete_item(TableName=self._table, Key=key, ReturnValues="ALL_OLD")
        item: dict[str, Any] = taken["Attributes"]
        return item


@pytest.fixture
def stories(world: World, bystander: Run) -> Stories:
    return Stories(world, bystander.arn)


def _check_answer(answer: Answer, world: World) -> None:
    """What holds for every answer."""
    # 505 is for a protocol that nobody speaks.
    assert answer.code < 500 or answer.code == 505, answer
    assert ("status" in answer.body) or [*answer.body] == ["message"], answer
    names = {line.split(":")[0].lower() for line in answer.head.split("\r\n")[1:]}
    assert names <= {*SCOPED, "www-authenticate"}, names
    check_text(answer.head + str(answer.body), world.secrets)


@pytest.mark.parametrize("kind", callbacks.KINDS)
def test_a_hostile_callback_is_answered_well_over_http(
    kind: str, stories: Stories, world: World, seed: int, at_length: bool
) -> None:
    url, secrets = world.client.outputs["callback_api_endpoint"], world.client.tokens

    def make(rng: random.Random) -> Callback:
        return callbacks.make(kind, rng, f"OWN{rng.randrange(10**6)}-{rng.randrange(1, 10**6)}", secrets)

    def check(case: Callback) -> None:
        before = stories.register(case.story)
        # The proof first: what is wrong with another header must not hide it.
        (answer,) = send(url, request(url, reversed(case.headers), case.body.raw))
        after = stories.take(case.story)
        _check_answer(answer, world)
        status = answer.body["status"]
        assert status in {"parked" if word == "resumed" else word for word in case.answers}, (answer, case.answers)
        if status == "parked":
            assert answer.body["executions"] == [RUN]
            message = after["callback"]["M"]["message"]["S"]
            assert case.body.message in (None, message)
            assert {name: after[name] for name in before} == before
        else:
            assert after == before

    Campaign(f"over HTTP: {kind}", seed, LONG if at_length else SHORT, make, check, WORKERS).run()


def test_what_is_no_request_does_nothing(stories: Stories, world: World, seed: int, at_length: bool) -> None:
    url = world.client.outputs["callback_api_endpoint"]
    story = "FRAMED-1"
    before = stories.register(story)

    def make(rng: random.Random) -> Framed:
        return framed(rng, url, bodies.good(rng, story).raw)

    def check(case: Framed) -> None:
        for answer in send(url, case.data):
            _check_answer(answer, world)
            assert answer.code >= 400 or answer.code == 204, answer
        (after,) = send(url, request(url, [], b"{}"))
        assert after.code == 401

    Campaign("over HTTP: framing", seed, LONG_FRAMED if at_length else SHORT_FRAMED, make, check, WORKERS).run()
    assert stories.take(story) == before
