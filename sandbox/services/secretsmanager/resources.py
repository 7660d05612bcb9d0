"""Secrets Manager: secrets and their versions."""

import base64
from typing import Any

from sandbox.clients import Clients
from sandbox.resource_inputs import Inputs, given, tag_list


def _secret(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(prefix="namePrefix", limit=512)
    for option in ("recoveryWindowInDays", "forceOverwriteReplicaSecret"):
        args.ignore(option, "the provider reads it on delete only, or for replicas")
    arn = clients("secretsmanager").create_secret(
        **given(
            Name=name,
            **args.parameters("description", "kmsKeyId"),
            Tags=tag_list(args.tags()),
        )
    )["ARN"]
    policy = args.take("policy")
    if policy:
        clients("secretsmanager").put_resource_policy(SecretId=arn, ResourcePolicy=policy)
    return arn, {"name": name, "arn": arn}


def _version(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    secret, binary = args.require("secretId"), args.take("secretBinary")
    answer = clients("secretsmanager").put_secret_value(
        **given(
            SecretId=secret,
            **args.parameters("secretString", "versionStages"),
            SecretBinary=None if binary is None else base64.b64decode(binary),
        )
    )
    version = answer["VersionId"]
    return f"{secret}|{version}", {
        "arn": answer["ARN"],
        "secretArn": answer["ARN"],
        "versionId": version,
        "versionStages": answer["VersionStages"],
    }


TYPES = {
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:secretsmanager/secretVersion:SecretVersion": _version,
}
