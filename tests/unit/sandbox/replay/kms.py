"""KMS as the provider reads and deletes it."""

from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource

DEFAULT_DELETION_DAYS = 30


def _key(clients: Clients, resource: Resource) -> dict[str, Any]:
    kms = clients("kms")
    key = kms.describe_key(KeyId=resource.id)["KeyMetadata"]
    assert kms.get_key_policy(KeyId=resource.id, PolicyName="default")["Policy"]
    found = kms.list_resource_tags(KeyId=resource.id)["Tags"]
    return {
        "description": key["Description"],
        "isEnabled": key["Enabled"],
        "keyUsage": key["KeyUsage"],
        "customerMasterKeySpec": key["KeySpec"],
        "multiRegion": key.get("MultiRegion", False),
        "enableKeyRotation": kms.get_key_rotation_status(KeyId=resource.id)["KeyRotationEnabled"],
        "tags": {item["TagKey"]: item["TagValue"] for item in found},
    }


def _delete_key(clients: Clients, resource: Resource) -> None:
    days = resource.inputs.get("deletionWindowInDays", DEFAULT_DELETION_DAYS)
    clients("kms").schedule_key_deletion(KeyId=resource.id, PendingWindowInDays=days)
    assert clients("kms").describe_key(KeyId=resource.id)["KeyMetadata"]["KeyState"] == "PendingDeletion"


def _alias(clients: Clients, resource: Resource) -> dict[str, Any]:
    (alias,) = (a for a in clients("kms").list_aliases()["Aliases"] if a["AliasName"] == resource.id)
    return {"name": alias["AliasName"], "targetKeyId": alias["TargetKeyId"]}


def _delete_alias(clients: Clients, resource: Resource) -> None:
    clients("kms").delete_alias(AliasName=resource.id)


READ = {"aws:kms/key:Key": _key, "aws:kms/alias:Alias": _alias}
DELETE = {"aws:kms/key:Key": _delete_key, "aws:kms/alias:Alias": _delete_alias}
DEFAULTS = {
    "aws:kms/key:Key": {
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "enableKeyRotation": False,
        "isEnabled": True,
        "keyUsage": "ENCRYPT_DECRYPT",
        "multiRegion": False,
    }
}
