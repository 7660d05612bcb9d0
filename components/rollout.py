"""The alias through which executions of a state machine start, and how it moves to a new version."""

from dataclasses import dataclass
from typing import Final, Literal

import pulumi
import pulumi_aws as aws

from components import defaults
from facts import LIVE_ALIAS

ALL_AT_ONCE: Final = "all-at-once"
Strategy = Literal["all-at-once", "canary", "linear"]


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """The strategy by which new executions move to a new version of a state machine.

    Attributes:
        strategy: `all-at-once` moves them with the deployment. With `canary` and `linear` the deployment publishes the
            version, and `python -m ops rollout` moves executions to it step by step.
        pause_minutes: the time between two steps.
    """

    strategy: Strategy = ALL_AT_ONCE
    pause_minutes: int = defaults.ROLLOUT_PAUSE_MINUTES


def live_alias(
    name: str, machine: aws.sfn.StateMachine, rollout: Rollout, parent: pulumi.Resource
) -> pulumi.Output[str]:
    """Create the alias `live` of a state machine that publishes versions, and return its ARN.

    The alias of a gradual rollout keeps the routing that `python -m ops rollout` gives it.
    """
    gradual = rollout.strategy != ALL_AT_ONCE
    how = f"{rollout.strategy}, {rollout.pause_minutes} minutes between steps" if gradual else rollout.strategy
    alias = aws.sfn.Alias(
        f"{name}-live",
        name=LIVE_ALIAS,
        description=f"Starts executions. Rollout: {how}",
        routing_configurations=[{"state_machine_version_arn": machine.state_machine_version_arn, "weight": 100}],
        opts=pulumi.ResourceOptions(
            parent=parent,
            ignore_changes=["routing_configurations"] if gradual else None,
            # A replaced state machine has other versions, but the alias would keep the routing of the old one.
            replace_with=[machine],
        ),
    )
    return alias.arn
