"""`rollout` and `rollback` on a stack that has a new version of its release workflow."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.client import Client
from tests.e2e.operator import Operator

ALARM = "holdpoint-dev-release-failed"


@pytest.fixture
def operator(breakable: Client, tmp_path: Path) -> Operator:
    return Operator.of(breakable, tmp_path)


@pytest.fixture
def versions(breakable: Client) -> Iterator[tuple[int, int]]:
    """The live version and a newer one, of which the stack keeps the older live at the end."""
    machine = breakable.outputs["state_machine_arn"]
    states = breakable.stepfunctions
    definition = states.describe_state_machine(stateMachineArn=machine)["definition"]
    live = _live(breakable)
    (old,) = live
    newer = json.dumps({**json.loads(definition), "Comment": "newer"})
    arn = states.update_state_machine(stateMachineArn=machine, definition=newer, publish=True)["stateMachineVersionArn"]
    yield old, int(arn.rpartition(":")[2])
    states.update_state_machine_alias(
        stateMachineAliasArn=breakable.outputs["state_machine_alias_arn"],
        routingConfiguration=[{"stateMachineVersionArn": f"{machine}:{old}", "weight": 100}],
    )
    states.update_state_machine(stateMachineArn=machine, definition=definition)
    states.delete_state_machine_version(stateMachineVersionArn=arn)


def _live(client: Client) -> dict[int, int]:
    alias = client.stepfunctions.describe_state_machine_alias(
        stateMachineAliasArn=client.outputs["state_machine_alias_arn"]
    )
    return {
        int(each["stateMachineVersionArn"].rpartition(":")[2]): each["weight"] for each in alias["routingConfiguration"]
    }


def test_rollout_moves_to_the_newest_version_and_rollback_returns(
    operator: Operator, breakable: Client, versions: tuple[int, int]
) -> None:
    old, new = versions
    lines = operator.ok("rollout", "--strategy", "canary", "--pause", "0s", "--json").lines
    assert [each.get("percent") for each in lines] == [10, 100, None]
    assert lines[-1]["moves"] == [{"workflow": "release", "from": old, "to": new}]
    assert _live(breakable) == {new: 100}
    assert "has its newest version" in operator.ok("rollout").out
    assert operator.ok("rollback", "release", "--json").json == {"workflow": "release", "version": old}
    assert _live(breakable) == {old: 100}


def test_alarm_before_the_rollout_refuses_it(operator: Operator, breakable: Client, versions: tuple[int, int]) -> None:
    cloudwatch, (old, _) = breakable.aws("cloudwatch"), versions
    cloudwatch.set_alarm_state(AlarmName=ALARM, StateValue="ALARM", StateReason="test")
    try:
        refused = operator.run("rollout", "--pause", "0s")
    finally:
        cloudwatch.set_alarm_state(AlarmName=ALARM, StateValue="OK", StateReason="test")
    assert refused.code == 1
    assert f"Nothing is moved, because of {ALARM}" in refused.err
    assert _live(breakable) == {old: 100}


def test_alarm_rolls_back(
    operator: Operator, breakable: Client, versions: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloudwatch, (old, _) = breakable.aws("cloudwatch"), versions

    def sleep(_: float) -> None:
        cloudwatch.set_alarm_state(AlarmName=ALARM, StateValue="ALARM", StateReason="test")

    monkeypatch.setattr("ops.commands.rollout.time.sleep", sleep)
    try:
        failed = operator.run("rollout", "--strategy", "linear", "--pause", "1m")
    finally:
        cloudwatch.set_alarm_state(AlarmName=ALARM, StateValue="OK", StateReason="test")
    assert failed.code == 1
    assert f"Rolled back, because of {ALARM}" in failed.err
    assert _live(breakable) == {old: 100}


def test_rollback_to_a_missing_version_lists_the_existing_ones(operator: Operator) -> None:
    refused = operator.run("rollback", "orders", "--to", "99")
    assert refused.code == 2
    assert "orders has no version 99" in refused.err
