"""Hostile callbacks through the real HTTP front: answered in JSON, and each item is in an allowed state."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.campaigns.hostile import bodies, callbacks
from tests.campaigns.hostile.callbacks import Callback
from tests.campaigns.hostile.campaign import Campaign
from tests.campaigns.hostile.log_lines import check_text
from tests.campaigns.hostile.wire import Answer, Framed, framed, request, send
from tests.campaigns.hostile_hold.visitor import Visitor
from tests.e2e.client import Client

SHORT, LONG = 2, 150
SHORT_FRAMED, LONG_FRAMED = 8, 500

RUN = "hostile-run"
SCOPED = ("server", "date", "content-type", "content-length", "connection", "cache-control", "apigw-requestid")
"""The headers that an answer may have, and `www-authenticate`."""


class Subjects:
    """Subjects of executions that do not wait yet: a callback to them is parked."""

    def __init__(self, client: Client, execution_arn: str) -> None:
        self._client = client
        self._execution_arn = execution_arn
        self._table = client.outputs["dynamodb_table_name"]

    def register(self, subject: str) -> dict[str, Any]:
        """Write the item as the registration of a hold does."""
        values = {"jiraStoryId": subject, "executionName": RUN, "executionArn": self._execution_arn}
        item = {name: {"S": value} for name, value in values.items()}
        self._client.dynamodb.put_item(TableName=self._table, Item=item)
        return item

    def take(self, subject: str) -> dict[str, Any]:
        """Delete the item, and return it."""
        key = {"jiraStoryId": {"S": subject}, "executionName": {"S": RUN}}
        taken = self._client.dynamodb.delete_item(TableName=self._table, Key=key, ReturnValues="ALL_OLD")
        item: dict[str, Any] = taken["Attributes"]
        return item


@pytest.fixture
def subjects(undecided: Visitor) -> Iterator[Subjects]:
    """Return subjects beside an expense of somebody else; nothing may happen to that, and no item be left behind."""
    before, keys = undecided.expense.item, _keys(undecided.expense.client)
    yield Subjects(undecided.expense.client, undecided.expense.run.arn)
    undecided.has_decided_nothing(before)
    assert _keys(undecided.expense.client) == keys


def _keys(client: Client) -> set[tuple[str, str]]:
    pages = client.dynamodb.get_paginator("scan").paginate(
        TableName=client.outputs["dynamodb_table_name"], ConsistentRead=True
    )
    return {(item["jiraStoryId"]["S"], item["executionName"]["S"]) for page in pages for item in page["Items"]}


def _check_answer(answer: Answer, secrets: Sequence[str]) -> None:
    """The checks of every answer."""
    # 505 is for a protocol that nobody speaks.
    assert answer.code < 500 or answer.code == 505, answer
    assert ("status" in answer.body) or [*answer.body] == ["message"], answer
    names = {line.split(":")[0].lower() for line in answer.head.split("\r\n")[1:]}
    assert names <= {*SCOPED, "www-authenticate"}, names
    check_text(answer.head + str(answer.body), secrets)


@pytest.mark.parametrize("kind", callbacks.KINDS)
def test_hostile_callback_over_http_gets_a_valid_answer(
    kind: str, subjects: Subjects, undecided: Visitor, seed: int, at_length: bool, workers: int
) -> None:
    client = undecided.expense.client
    url, tokens = client.outputs["callback_api_endpoint"], client.tokens
    # The key of the links takes the place of another token of the secret, which only a release has.
    secrets = {**tokens, "validation": tokens["approvalLinkKey"]}

    def make(rng: random.Random) -> Callback:
        return callbacks.make(kind, rng, f"OWN{rng.randrange(10**6)}-{rng.randrange(1, 10**6)}", secrets)

    def check(case: Callback) -> None:
        before = subjects.register(case.story)
        # The proof first: an invalid other header must not hide it.
        (answer,) = send(url, request(url, reversed(case.headers), case.body.raw))
        after = subjects.take(case.story)
        _check_answer(answer, undecided.secrets)
        status = answer.body["status"]
        assert status in {"parked" if word == "resumed" else word for word in case.answers}, (answer, case.answers)
        if status == "parked":
            assert answer.body["executions"] == [RUN]
            message = after["callback"]["M"]["message"]["S"]
            assert case.body.message in (None, message)
            assert {name: after[name] for name in before} == before
        else:
            assert after == before

    Campaign(f"over HTTP: {kind}", seed, LONG if at_length else SHORT, make, check, workers).run()


def test_invalid_http_request_does_nothing(
    subjects: Subjects, undecided: Visitor, seed: int, at_length: bool, workers: int
) -> None:
    url = undecided.expense.client.outputs["callback_api_endpoint"]
    story = "FRAMED-1"
    before = subjects.register(story)

    def make(rng: random.Random) -> Framed:
        return framed(rng, url, bodies.good(rng, story).raw)

    def check(case: Framed) -> None:
        for answer in send(url, case.data):
            _check_answer(answer, undecided.secrets)
            assert answer.code >= 400 or answer.code == 204, answer
        (after,) = send(url, request(url, [], b"{}"))
        assert after.code == 401

    Campaign("over HTTP: framing", seed, LONG_FRAMED if at_length else SHORT_FRAMED, make, check, workers).run()
    assert subjects.take(story) == before
