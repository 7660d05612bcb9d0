"""AWS locations: supported partitions, ARNs and role names."""

from typing import Any

import pulumi
import pytest
from pulumi.runtime.mocks import MockCallArgs

from components.aws_location import AwsLocation, aws_location, role_name
from components.config_errors import ConfigError
from tests.unit.components.recording import Recording


class _China(Recording):
    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        answer, failures = super().call(args)
        return {**answer, **({"partition": "aws-cn"} if "partition" in answer else {})}, failures


@pulumi.runtime.test
def test_arns_of_resources_to_create(recording: Recording) -> pulumi.Output[None]:  # noqa: ARG001  Outputs need a runtime
    def check(here: AwsLocation) -> None:
        assert here.arn("states", "stateMachine:one") == "arn:aws:states:us-east-1:123456789012:stateMachine:one"

    return aws_location(pulumi.ComponentResource("test:index:Component", "component")).apply(check)


def test_other_partitions_are_refused_with_a_fix() -> None:
    pulumi.runtime.set_mocks(_China())

    @pulumi.runtime.test
    def deploy() -> pulumi.Output[AwsLocation]:
        return aws_location(pulumi.ComponentResource("test:index:Component", "component"))

    with pytest.raises(ConfigError, match=r"partition aws-cn: only regions of the partition aws .* pulumi config set"):
        deploy()


class _In(Recording):
    """A provider of another region."""

    def __init__(self, region: str) -> None:
        super().__init__()
        self._region = region

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        answer, failures = super().call(args)
        return {**answer, **({"region": self._region} if "region" in answer else {})}, failures


@pytest.mark.parametrize(
    ("region", "short"),
    [
        ("us-east-1", "use1"),
        ("us-west-2", "usw2"),
        ("eu-central-1", "euc1"),
        ("eu-north-1", "eun1"),
        ("ap-southeast-2", "apse2"),
        ("ap-northeast-1", "apne1"),
        ("ap-south-1", "aps1"),
    ],
)
def test_role_name_ends_with_the_region(region: str, short: str) -> None:
    pulumi.runtime.set_mocks(_In(region))

    @pulumi.runtime.test
    def deploy() -> pulumi.Output[None]:
        def check(name: str) -> None:
            assert name == f"shop-dev-callback-{short}"

        return role_name(pulumi.ComponentResource("test:index:Component", "component"), "shop-dev-callback").apply(
            check
        )

    deploy()


def test_role_name_that_iam_refuses_is_refused_with_a_fix() -> None:
    pulumi.runtime.set_mocks(_In("us-east-1"))

    @pulumi.runtime.test
    def deploy() -> pulumi.Output[str]:
        return role_name(pulumi.ComponentResource("test:index:Component", "component"), "x" * 60)

    with pytest.raises(ConfigError, match=r"would have 65 characters; IAM allows 64\. Choose a shorter prefix"):
        deploy()
