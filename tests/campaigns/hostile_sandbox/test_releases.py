"""Hostile documents, inputs and names of releases: each ends well or with its error, and writes its own files only."""

import random
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.campaigns.hostile.campaign import Campaign
from tests.campaigns.hostile.documents import Document, document
from tests.campaigns.hostile.inputs import Input, execution_input, execution_name, is_name
from tests.campaigns.hostile.texts import text
from tests.campaigns.hostile_sandbox.releases import REFUSED, Follower
from tests.campaigns.hostile_sandbox.world import World
from tests.e2e.client import Run
from tests.e2e.client import document as good_document

SHORT, LONG = 4, 330
WORKERS = 8

TOO_MUCH = {"States.QueryEvaluationError", "States.DataLimitExceeded"}
"""Errors of executions whose input is nested too deeply, or too large for a state."""


@pytest.fixture
def follower(world: World) -> Follower:
    return Follower(world, world.client.tokens["callback"])


def _story(rng: random.Random) -> str:
    return f"HOSTILE{rng.randrange(10**6)}-{rng.randrange(1, 10**6)}"


def _put(world: World, content: Any) -> str:
    key = world.client.put(content)
    world.owns(("s3", key))
    return key


def _start(world: World, text: str, **name: str) -> Run | str:
    """Return the execution, or the code of the error with which it was refused."""
    machine = world.client.outputs["state_machine_arn"]
    try:
        started = world.client.stepfunctions.start_execution(stateMachineArn=machine, input=text, **name)
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return Run(world.client, started["executionArn"])


def test_a_hostile_document_becomes_a_release_or_a_reason(follower: Follower, seed: int, at_length: bool) -> None:
    world = follower.world

    def make(rng: random.Random) -> tuple[Document, str]:
        return document(rng, _story(rng)), f".{text(rng)}"

    def check(case: tuple[Document, str]) -> None:
        sent, message = case
        run = world.client.start_with({"inputFile": _put(world, sent.raw)})
        if sent.release is None:
            follower.refused(run, REFUSED | TOO_MUCH if sent.may_fail else REFUSED)
        elif sent.may_fail:
            follower.succeeds_or_fails(run, sent.release, message)
        else:
            follower.succeeds(run, sent.release, message)

    Campaign("documents of releases", seed, LONG if at_length else SHORT, make, check, WORKERS).run()


def test_a_hostile_input_is_refused_with_a_reason(follower: Follower, seed: int, at_length: bool) -> None:
    world = follower.world

    def make(rng: random.Random) -> tuple[Input, str]:
        story = _story(rng)
        return execution_input(rng, f"inputs/{story}.json", world.client.bucket), story

    def check(case: tuple[Input, str]) -> None:
        given, story = case
        release = good_document(story)
        world.owns(("s3", world.client.put(release, f"inputs/{story}.json")))
        run = _start(world, given.text)
        if given.is_good:
            assert isinstance(run, Run), run
            follower.succeeds(run, release)
        elif isinstance(run, Run):
            follower.refused(run, REFUSED | TOO_MUCH)
        else:
            assert run == "InvalidExecutionInput"

    Campaign("inputs of executions", seed, LONG if at_length else SHORT, make, check, WORKERS).run()


def test_execution_of_any_name_writes_only_its_own_files(follower: Follower, seed: int, at_length: bool) -> None:
    world = follower.world
    names: set[str] = set()

    def make(rng: random.Random) -> tuple[str, str]:
        return execution_name(rng), _story(rng)

    def check(case: tuple[str, str]) -> None:
        name, story = case
        release = good_document(story)
        given = f'{{"inputFile": "{_put(world, release)}"}}'
        if name in names:
            return
        names.add(name)
        run = _start(world, given, name=name)
        if is_name(name):
            assert isinstance(run, Run), run
            follower.succeeds(run, release)
        else:
            assert run in {"InvalidName", "ValidationException"}

    Campaign("names of executions", seed, LONG if at_length else SHORT, make, check, WORKERS).run()


def test_stop_with_a_hostile_cause_is_recorded_as_text(follower: Follower, seed: int, at_length: bool) -> None:
    def make(rng: random.Random) -> tuple[str, str, str]:
        return _story(rng), text(rng)[:256], text(rng)

    def check(case: tuple[str, str, str]) -> None:
        story, error, cause = case
        run = follower.world.client.start_with({"inputFile": _put(follower.world, good_document(story))})
        follower.stopped(run, story, error, cause)

    Campaign("reasons of a stop", seed, LONG // 3 if at_length else SHORT // 3, make, check, WORKERS).run()
