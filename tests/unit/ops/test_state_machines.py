"""Executions of every state machine of a stack: found by name, ARN and subject, and started."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from handlers.story import Story
from ops.__main__ import app
from ops.aws import state_machines, stories
from ops.aws.live_alias import LiveAlias
from ops.aws.target import Target
from ops.errors import TargetError, UsageError
from ops.history import executions, new_executions

ARN = "arn:aws:states:eu-west-1:210987654321"
MACHINES = [
    {"kind": kind, "name": f"shop-dev-{kind}", "arn": f"{ARN}:stateMachine:shop-dev-{kind}"}
    for kind in ("release", "orders", "travel")
]


class StepFunctions:
    """Knows the executions of these ARNs."""

    def __init__(self, *arns: str) -> None:
        self.arns = arns
        self.started: list[dict[str, str]] = []

    def describe_execution(self, executionArn: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        """Return an execution that runs."""
        if executionArn not in self.arns:
            raise ClientError({"Error": {"Code": "ExecutionDoesNotExist"}}, "DescribeExecution")
        return {"executionArn": executionArn, "status": "RUNNING", "startDate": datetime.now(UTC), "input": "{}"}

    def start_execution(self, **asked: str) -> dict[str, str]:
        """Refuses a name that is taken."""
        arn = f"{asked['stateMachineArn'].replace(':stateMachine:', ':execution:')}:{asked['name']}"
        if arn in self.arns:
            raise ClientError({"Error": {"Code": "ExecutionAlreadyExists"}}, "StartExecution")
        self.arns = (*self.arns, arn)
        self.started.append(asked)
        return {"executionArn": arn}


def _arn(kind: str, name: str) -> str:
    return f"{ARN}:execution:shop-dev-{kind}:{name}"


def _target(*arns: str, outputs: dict[str, Any] | None = None) -> Target:
    known = {"workflows": MACHINES} if outputs is None else outputs
    return Target(origin="the stack dev", outputs=known, _clients={"stepfunctions": StepFunctions(*arns)})


def test_execution_starts_by_the_alias_where_there_is_one() -> None:
    alias = f"{MACHINES[0]['arn']}:live"
    target = _target(outputs={"workflows": [{**MACHINES[0], "alias_arn": alias}, MACHINES[1]]})
    release, orders = state_machines.of(target)
    assert (release.start_arn, orders.start_arn) == (alias, orders.arn)
    with pytest.raises(TargetError, match="orders has no alias"):
        _ = LiveAlias(target, orders)._arn


@pytest.mark.parametrize("name", ["travel", "Travel", "shop-dev-travel", f"{ARN}:stateMachine:shop-dev-travel"])
def test_a_workflow_is_named_by_kind_name_or_arn(name: str) -> None:
    (found,) = state_machines.named(_target(), name)
    assert found.kind == "travel"


def test_an_unknown_workflow_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="There is no workflow trips") as refused:
        state_machines.named(_target(), "trips")
    assert refused.value.hint == "Say release or orders or travel"


def test_a_stack_says_by_its_workflows_where_it_is() -> None:
    target = _target()
    assert (target.region, target.account) == ("eu-west-1", "210987654321")


def test_a_stack_of_an_older_program_has_the_workflows_of_its_other_outputs() -> None:
    older = _target(outputs={"state_machine_arn": MACHINES[0]["arn"], "orders_state_machine_arn": MACHINES[1]["arn"]})
    assert [(each.kind, each.name) for each in state_machines.of(older)] == [
        ("release", "shop-dev-release"),
        ("orders", "shop-dev-orders"),
    ]
    with pytest.raises(TargetError, match="names no state machine"):
        state_machines.of(_target(outputs={}))


def test_an_execution_is_found_by_name_and_arn_in_any_workflow() -> None:
    arn = _arn("travel", "trip-1")
    for text in ("trip-1", arn):
        found = executions.find(_target(arn), text)
        assert (found.arn, found.workflow) == (arn, "travel")


def test_a_name_of_two_workflows_needs_one_of_them() -> None:
    target = _target(_arn("release", "one"), _arn("travel", "one"))
    with pytest.raises(UsageError, match="an execution of release and of travel") as refused:
        executions.find(target, "one")
    assert "--workflow" in refused.value.hint
    assert executions.find(target, "one", state_machines.named(target, "travel")).workflow == "travel"


def test_an_execution_is_found_by_the_subject_that_it_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    arn = _arn("travel", "one")
    monkeypatch.setattr(stories, "of", lambda *_: [Story(story_id="trip:7", execution_name="one", execution_arn=arn)])
    assert executions.find(_target(arn), "trip:7").arn == arn
    with pytest.raises(UsageError, match="There is no execution trip:7"):
        executions.find(_target(arn), "trip:7", state_machines.named(_target(), "release"))


@pytest.mark.parametrize("text", ["", " ", f"{ARN}:execution:other:x", f"{ARN}:stateMachine:shop-dev-travel", "gone"])
def test_text_that_names_no_execution_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(stories, "of", lambda *_: [])
    monkeypatch.setattr(executions, "of_order", lambda *_: None)
    with pytest.raises(UsageError):
        executions.find(_target(), text)


def test_names_of_new_executions_contain_their_subject() -> None:
    first = new_executions.new_name("expense:42")
    assert first.startswith("expense-42-2")
    again = new_executions.new_name(first)
    assert again != first
    assert again.startswith("expense-42-2")
    assert len(again) == len(first)
    assert len(new_executions.new_name("x" * 300)) == 80


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("start",), "the workflows orders, travel"),
        (("start", "--workflow", "travel"), "No input is given for travel"),
        (("start", "--workflow", "travel", "--key", "inputs/a.json"), "--key and --bucket are of releases"),
        (("start", "--workflow", "travel", "-", "--name", "a b"), "'a b' is not a name for an execution"),
        (("start", "--workflow", "travel", "-", "--name", "taken"), "There is an execution taken already"),
        (("rerun", "taken", "--workflow", "travel", "--yes", "--name", "taken"), "There is an execution taken already"),
    ],
)
def test_invalid_start_is_refused(monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str) -> None:
    target = _target(_arn("travel", "taken"), outputs={"workflows": MACHINES[1:]})
    monkeypatch.setattr("ops.aws.target.find", lambda *_: target)
    refused = CliRunner().invoke(app, arguments, input="{}")
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert target.client("stepfunctions").started == []


@pytest.mark.parametrize("text", ["", "{", "nonsense", "[" * 100_000, '"' + "x" * 300_000 + '"'])
def test_input_that_is_not_json_is_not_sent(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    target = _target()
    monkeypatch.setattr("ops.aws.target.find", lambda *_: target)
    refused = CliRunner().invoke(app, ["start", "--workflow", "travel", "-"], input=text)
    assert refused.exit_code == 2
    assert refused.stderr.startswith("error: The input ")
    assert target.client("stepfunctions").started == []


def test_a_rerun_has_the_input_of_the_execution(monkeypatch: pytest.MonkeyPatch) -> None:
    target = _target(_arn("travel", "trip-1"))
    monkeypatch.setattr("ops.aws.target.find", lambda *_: target)
    done = CliRunner().invoke(app, ["rerun", "trip-1", "--detach", "--yes"])
    assert done.exit_code == 0, done.output
    (started,) = target.client("stepfunctions").started
    assert (started["stateMachineArn"], started["input"]) == (MACHINES[2]["arn"], "{}")
    assert started["name"].startswith("trip-1-")
