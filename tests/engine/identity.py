"""Identity of the tests' provider: as the AWS provider, it assumes the roles of its configuration one after the other.

https://www.pulumi.com/registry/packages/aws/installation-configuration/#configuration-options
"""

import json
from collections.abc import Mapping
from typing import Any

import boto3

GET_CALLER_IDENTITY = "aws:index/getCallerIdentity:getCallerIdentity"


class AccountError(Exception):
    """The configuration does not allow the account that the provider would work in."""


def identity(endpoint_url: str, configuration: Mapping[str, str]) -> dict[str, str]:
    """Return who the provider is for STS, as the data source has it; the values of the configuration are JSON.

    Raises:
        AccountError: `allowedAccountIds` has other accounts.
    """

    def sts(access_key: str, secret_key: str, token: str | None = None) -> Any:
        return boto3.client(
            "sts",
            endpoint_url=endpoint_url,
            region_name=configuration["region"],
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=token,
        )

    client = sts(configuration["accessKey"], configuration["secretKey"])
    for role in json.loads(configuration.get("assumeRoles", "[]")):
        session = client.assume_role(RoleArn=role["roleArn"], RoleSessionName="pulumi")["Credentials"]
        client = sts(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    caller = client.get_caller_identity()
    allowed = json.loads(configuration.get("allowedAccountIds", "[]"))
    if allowed and caller["Account"] not in allowed:
        raise AccountError(f"AWS account ID not allowed: {caller['Account']}")
    return {"id": caller["Account"], "accountId": caller["Account"], "arn": caller["Arn"], "userId": caller["UserId"]}
