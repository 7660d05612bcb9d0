"""Where a stack may be deployed, and the ARNs of what is to be made there."""

from typing import Any

import pulumi
import pytest
from pulumi.runtime.mocks import MockCallArgs

from components.aws_location import AwsLocation, aws_location
from components.config_errors import ConfigError
from tests.unit.components.recording import Recording


class _China(Recording):
    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        answer, failures = super().call(args)
        return {**answer, **({"partition": "aws-cn"} if "partition" in answer else {})}, failures


@pulumi.runtime.test
def test_names_what_is_to_be_made(recording: Recording) -> pulumi.Output[None]:  # noqa: ARG001  Outputs need a runtime
    def check(here: AwsLocation) -> None:
        assert here.arn("states", "stateMachine:one") == "arn:aws:states:us-east-1:123456789012:stateMachine:one"

    return aws_location(pulumi.ComponentResource("test:index:Component", "component")).apply(check)


def test_another_partition_is_refused_with_what_to_do() -> None:
    pulumi.runtime.set_mocks(_China())

    @pulumi.runtime.test
    def deploy() -> pulumi.Output[AwsLocation]:
        return aws_location(pulumi.ComponentResource("test:index:Component", "component"))

    with pytest.raises(ConfigError, match=r"partition aws-cn: only regions of the partition aws .* pulumi config set"):
        deploy()
