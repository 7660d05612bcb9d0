"""Secrets Manager as the provider reads and deletes it."""

from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import absent, tags


def _secret(clients: Clients, resource: Resource) -> dict[str, Any]:
    secret = clients("secretsmanager").describe_secret(SecretId=resource.id)
    policy = clients("secretsmanager").get_resource_policy(SecretId=resource.id)
    assert policy["Name"] == secret["Name"]
    return {
        "name": secret["Name"],
        "description": secret.get("Description", ""),
        "kmsKeyId": secret.get("KmsKeyId", ""),
        "policy": policy.get("ResourcePolicy"),
        "tags": tags(secret.get("Tags", [])),
    }


def _delete_secret(clients: Clients, resource: Resource) -> None:
    client = clients("secretsmanager")
    days = resource.inputs.get("recoveryWindowInDays", 30)
    if days:
        client.delete_secret(SecretId=resource.id, RecoveryWindowInDays=days)
    else:
        client.delete_secret(SecretId=resource.id, ForceDeleteWithoutRecovery=True)
    # Either it is gone, or it says when it will be.
    gone = absent("ResourceNotFoundException", call=client.describe_secret, SecretId=resource.id)
    assert gone or client.describe_secret(SecretId=resource.id)["DeletedDate"]


def _version(clients: Clients, resource: Resource) -> dict[str, Any]:
    client = clients("secretsmanager")
    secret, version = resource.id.split("|")
    listed = client.list_secret_version_ids(SecretId=secret, IncludeDeprecated=True)["Versions"]
    (entry,) = (item for item in listed if item["VersionId"] == version)
    value = client.get_secret_value(SecretId=secret, VersionId=version)
    return {
        "secretId": secret,
        "secretString": value["SecretString"],
        "versionStages": entry["VersionStages"],
    }


def _delete_version(clients: Clients, resource: Resource) -> None:
    # AWSCURRENT cannot be taken off the only version, so the provider leaves it to the deletion of the secret.
    assert _version(clients, resource)["versionStages"] == ["AWSCURRENT"]


READ = {"aws:secretsmanager/secret:Secret": _secret, "aws:secretsmanager/secretVersion:SecretVersion": _version}
DELETE = {
    "aws:secretsmanager/secret:Secret": _delete_secret,
    "aws:secretsmanager/secretVersion:SecretVersion": _delete_version,
}
DEFAULTS = {
    "aws:secretsmanager/secret:Secret": {"description": "", "kmsKeyId": "", "policy": None},
    "aws:secretsmanager/secretVersion:SecretVersion": {"versionStages": ["AWSCURRENT"]},
}
