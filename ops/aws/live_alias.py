"""The alias through which executions of a workflow start: its versions, and their shares of new executions."""

from collections.abc import Mapping
from dataclasses import dataclass

from ops.aws.state_machines import StateMachine
from ops.aws.target import Target
from ops.errors import TargetError

ALL = 100
"""The percentages of an alias's versions add up to this.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_RoutingConfigurationListItem.html"""


@dataclass(frozen=True)
class LiveAlias:
    """The alias `live` of a workflow's state machine."""

    target: Target
    machine: StateMachine

    def versions(self) -> list[int]:
        """Return the numbers of all versions, newest first."""
        pages = self.target.client("stepfunctions").list_state_machine_versions
        found, token = [], None
        while True:
            page = pages(stateMachineArn=self.machine.arn, **({"nextToken": token} if token else {}))
            found += [_number(each["stateMachineVersionArn"]) for each in page["stateMachineVersions"]]
            token = page.get("nextToken")
            if token is None:
                return sorted(found, reverse=True)

    def shares(self) -> dict[int, int]:
        """Return the percentage of new executions that each version gets."""
        alias = self.target.client("stepfunctions").describe_state_machine_alias(stateMachineAliasArn=self._arn)
        routes = alias["routingConfiguration"]
        return {_number(each["stateMachineVersionArn"]): each["weight"] for each in routes if each["weight"]}

    def route(self, shares: Mapping[int, int]) -> None:
        """Set the percentage of new executions that each version gets. It takes effect within a few seconds.

        https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachineAlias.html
        """
        self.target.client("stepfunctions").update_state_machine_alias(
            stateMachineAliasArn=self._arn,
            routingConfiguration=[
                {"stateMachineVersionArn": f"{self.machine.arn}:{version}", "weight": share}
                for version, share in shares.items()
                if share
            ],
        )

    @property
    def _arn(self) -> str:
        if self.machine.alias_arn is None:
            raise TargetError(
                f"{self.machine.kind} has no alias among the outputs", "Bring the stack up to date: `pulumi up`"
            )
        return self.machine.alias_arn


def _number(version_arn: str) -> int:
    return int(version_arn.rpartition(":")[2])
