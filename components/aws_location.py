"""The partition, region and account of a stack, with which its ARNs begin."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.config_errors import ConfigError

PARTITION = "aws"
"""The definitions in `asl/` name service integrations as `arn:aws:states:::...`; in China and in GovCloud they begin
otherwise. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"""


@dataclass(frozen=True, kw_only=True)
class AwsLocation:
    """A region of an account."""

    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource here whose name is known before it is made, such as `stateMachine:one`."""
        return f"arn:{PARTITION}:{service}:{self.region}:{self.account}:{resource}"


def aws_location(parent: pulumi.Resource) -> pulumi.Output[AwsLocation]:
    """Ask the provider of a component where it works.

    Raises:
        ConfigError: (out of the Output) in a region that the definitions do not fit.
    """
    own = pulumi.InvokeOutputOptions(parent=parent)
    return pulumi.Output.all(
        partition=aws.get_partition_output(opts=own).partition,
        region=aws.get_region_output(opts=own).region,
        account=aws.get_caller_identity_output(opts=own).account_id,
    ).apply(lambda known: _checked(**known))


def _checked(partition: str, region: str, account: str) -> AwsLocation:
    if partition != PARTITION:
        raise ConfigError(
            f"The region {region} is in the partition {partition}: only regions of the partition {PARTITION} are "
            "supported, so none of China and none of GovCloud. Correct it by: pulumi config set aws:region <region>"
        )
    return AwsLocation(region=region, account=account)
