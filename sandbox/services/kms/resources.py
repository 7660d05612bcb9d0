"""KMS: keys and aliases."""

from typing import Any

from sandbox.clients import ACCOUNT_ID, REGION, Clients
from sandbox.resource_inputs import Inputs, given


def _key(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    args.ignore("deletionWindowInDays", "the provider reads it on delete only")
    tags = args.tags()
    key = clients("kms").create_key(
        **given(
            **args.parameters("description", "multiRegion", "policy", "bypassPolicyLockoutSafetyCheck"),
            KeyUsage=args.take("keyUsage", "ENCRYPT_DECRYPT"),
            KeySpec=args.take("customerMasterKeySpec", "SYMMETRIC_DEFAULT"),
            # Only KMS spells its tags this way.
            Tags=[{"TagKey": name, "TagValue": value} for name, value in tags.items()] or None,
        )
    )["KeyMetadata"]
    rotation = args.take("rotationPeriodInDays")
    if args.take("enableKeyRotation"):
        clients("kms").enable_key_rotation(**given(KeyId=key["KeyId"], RotationPeriodInDays=rotation))
    if not args.take("isEnabled", True):
        clients("kms").disable_key(KeyId=key["KeyId"])
    return key["KeyId"], {"keyId": key["KeyId"], "arn": key["Arn"]}


def _alias(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name, target = args.name(prefix="namePrefix", limit=256), args.require("targetKeyId")
    # AWS requires the prefix "alias/"; the provider adds it to a generated name.
    name = name if name.startswith("alias/") else f"alias/{name}"
    clients("kms").create_alias(AliasName=name, TargetKeyId=target)
    key = clients("kms").describe_key(KeyId=target)["KeyMetadata"]
    return name, {"name": name, "arn": f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:{name}", "targetKeyArn": key["Arn"]}


TYPES = {
    "aws:kms/key:Key": _key,
    "aws:kms/alias:Alias": _alias,
}
