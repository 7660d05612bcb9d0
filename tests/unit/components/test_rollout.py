"""Executions start by an alias of the newest version, whose routing a gradual rollout leaves to `ops rollout`."""

import pulumi
import pytest

from components.rollout import Rollout, Strategy
from components.workflow import Workflow, WorkflowArgs
from tests.unit.components.builders import known
from tests.unit.components.recording import Recording

MACHINE_ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:holdpoint-test-release"


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Each test builds on its own recording."""


def _workflow(rollout: Rollout) -> Workflow:
    return Workflow(
        "release",
        WorkflowArgs(
            prefix="holdpoint-test",
            definition=known('{"StartAt": "Here"}'),
            statements=lambda _arn: pulumi.Output.from_input([]),
            rollout=rollout,
        ),
    )


@pulumi.runtime.test
def test_alias_routes_to_the_version_that_the_deployment_publishes(recording: Recording) -> pulumi.Output[None]:
    workflow = _workflow(Rollout())

    def check(values: list[str]) -> None:
        assert values[0] == f"{MACHINE_ARN}:live"
        assert recording.one("sfn/stateMachine:StateMachine")["publish"] is True
        assert recording.one("sfn/alias:Alias")["routingConfigurations"] == [
            {"stateMachineVersionArn": f"{MACHINE_ARN}:1", "weight": 100}
        ]
        assert recording.replaced_with["release-live"] == {"release"}

    return pulumi.Output.all(workflow.alias_arn).apply(check)


@pytest.mark.parametrize(
    ("strategy", "ignored"),
    [("all-at-once", []), ("canary", ["routingConfigurations"]), ("linear", ["routingConfigurations"])],
)
@pulumi.runtime.test
def test_deployment_moves_the_alias_only_without_a_gradual_rollout(
    recording: Recording, strategy: Strategy, ignored: list[str]
) -> pulumi.Output[None]:
    workflow = _workflow(Rollout(strategy=strategy, pause_minutes=3))

    def check(seen: Recording) -> None:
        assert seen.ignored.get("release-live", []) == ignored
        described = seen.one("sfn/alias:Alias")["description"]
        assert described.endswith(strategy if strategy == "all-at-once" else f"{strategy}, 3 minutes between steps")

    return recording.settled(workflow).apply(check)
