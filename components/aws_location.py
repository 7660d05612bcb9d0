"""The partition, region and account of a stack, with which its ARNs begin."""

import re
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.config_errors import ConfigError

PARTITION = "aws"
"""The definitions in `asl/` name service integrations as `arn:aws:states:::...`; China and GovCloud have other
prefixes. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"""

MAX_ROLE_NAME = 64
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""


@dataclass(frozen=True, kw_only=True)
class AwsLocation:
    """A region of an account."""

    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in this region from its name, such as `stateMachine:one`."""
        return f"arn:{PARTITION}:{service}:{self.region}:{self.account}:{resource}"


def aws_location(parent: pulumi.Resource) -> pulumi.Output[AwsLocation]:
    """Return the location of a component's provider.

    Raises:
        ConfigError: (when the Output resolves) the definitions do not support the region.
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


def role_name(parent: pulumi.Resource, name: str) -> pulumi.Output[str]:
    """Build the name of an IAM role, with its region: IAM is global, so two regions of an account share its names.

    Raises:
        ConfigError: (when the Output resolves) the name is longer than IAM allows.
    """
    region = aws.get_region_output(opts=pulumi.InvokeOutputOptions(parent=parent)).region
    return region.apply(lambda known: _checked_length(f"{name}-{_short(known)}"))


def _short(region: str) -> str:
    """Abbreviate a region as AWS does in the IDs of its zones: `us-east-1` is `use1`, `ap-southeast-2` is `apse2`.

    https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
    """
    area, *directions, number = region.split("-")
    letters = "".join(re.sub(r"(north|south)(east|west)|.+", _initials, word) for word in directions)
    return f"{area}{letters}{number}"


def _initials(word: "re.Match[str]") -> str:
    return f"{word[1][0]}{word[2][0]}" if word[1] else word[0][0]


def _checked_length(name: str) -> str:
    if len(name) > MAX_ROLE_NAME:
        raise ConfigError(
            f"The role {name} would have {len(name)} characters; IAM allows {MAX_ROLE_NAME}. "
            "Choose a shorter prefix or component name"
        )
    return name
