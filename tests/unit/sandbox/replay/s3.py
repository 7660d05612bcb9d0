"""S3 as the provider reads and deletes it."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.clients import ACCOUNT_ID, Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import absent, pulumi_names, tags

# What the provider takes for "not configured", by call.
_UNCONFIGURED = {
    "get_bucket_cors": "NoSuchCORSConfiguration",
    "get_bucket_website": "NoSuchWebsiteConfiguration",
    "get_bucket_replication": "ReplicationConfigurationNotFoundError",
    "get_object_lock_configuration": "ObjectLockConfigurationNotFoundError",
    "get_bucket_policy": "NoSuchBucketPolicy",
    "get_bucket_lifecycle_configuration": "NoSuchLifecycleConfiguration",
}


def _bucket(clients: Clients, resource: Resource) -> dict[str, Any]:
    s3, name = clients("s3"), resource.id
    head = s3.head_bucket(Bucket=name)
    assert head["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == "us-east-1"
    for call, code in _UNCONFIGURED.items():
        absent(code, call=getattr(s3, call), Bucket=name)
    assert s3.get_bucket_acl(Bucket=name)["Owner"]["ID"]
    s3.get_bucket_versioning(Bucket=name)
    assert "Status" not in s3.get_bucket_accelerate_configuration(Bucket=name)
    assert s3.get_bucket_request_payment(Bucket=name)["Payer"] == "BucketOwner"
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=name)
    # Every bucket is encrypted since 2023, so this is never "not configured".
    rule = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
    s3.get_bucket_location(Bucket=name)
    # Since 6.23 the provider reads a bucket's tags so.
    control = clients("s3control")
    control.meta.events.register_first("before-send.s3-control", _to_this_machine, unique_id="to-this-machine")
    found = control.list_tags_for_resource(AccountId=ACCOUNT_ID, ResourceArn=f"arn:aws:s3:::{name}")["Tags"]
    return {"bucket": name, "tags": tags(found)}


def _to_this_machine(request: Any, **_: Any) -> None:
    """The SDK puts the account before the host name, which resolves below `localhost`, but not below an address."""
    parts = urlsplit(request.url)
    request.headers["Host"] = f"{ACCOUNT_ID}.localhost:{parts.port}"
    request.url = parts._replace(netloc=f"127.0.0.1:{parts.port}").geturl()


def _delete_bucket(clients: Clients, resource: Resource) -> None:
    s3 = clients("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=resource.id):
        for version in page.get("Versions", []) + page.get("DeleteMarkers", []):
            s3.delete_object(Bucket=resource.id, Key=version["Key"], VersionId=version["VersionId"])
    s3.delete_bucket(Bucket=resource.id)
    assert absent("404", "NoSuchBucket", call=s3.head_bucket, Bucket=resource.id)


def _versioning(clients: Clients, resource: Resource) -> dict[str, Any]:
    status = clients("s3").get_bucket_versioning(Bucket=resource.id)["Status"]
    return {"bucket": resource.id, "versioningConfiguration": {"status": status}}


def _delete_versioning(clients: Clients, resource: Resource) -> None:
    clients("s3").put_bucket_versioning(Bucket=resource.id, VersioningConfiguration={"Status": "Suspended"})


def _encryption(clients: Clients, resource: Resource) -> dict[str, Any]:
    rules = clients("s3").get_bucket_encryption(Bucket=resource.id)["ServerSideEncryptionConfiguration"]["Rules"]
    shapes = []
    for rule in rules:
        by_default = rule["ApplyServerSideEncryptionByDefault"]
        shape = {"sseAlgorithm": by_default["SSEAlgorithm"], "kmsMasterKeyId": by_default.get("KMSMasterKeyID")}
        shapes.append(
            {
                "applyServerSideEncryptionByDefault": shape,
                "bucketKeyEnabled": rule.get("BucketKeyEnabled", False),
                "blockedEncryptionTypes": rule.get("BlockedEncryptionTypes", {}).get("EncryptionType", []),
            }
        )
    return {"bucket": resource.id, "rules": shapes}


def _delete_encryption(clients: Clients, resource: Resource) -> None:
    clients("s3").delete_bucket_encryption(Bucket=resource.id)


def _private(clients: Clients, resource: Resource) -> dict[str, Any]:
    configuration = clients("s3").get_public_access_block(Bucket=resource.id)["PublicAccessBlockConfiguration"]
    return {"bucket": resource.id, **pulumi_names(configuration)}


def _delete_private(clients: Clients, resource: Resource) -> None:
    clients("s3").delete_public_access_block(Bucket=resource.id)
    call = clients("s3").get_public_access_block
    assert absent("NoSuchPublicAccessBlockConfiguration", call=call, Bucket=resource.id)


def _ownership(clients: Clients, resource: Resource) -> dict[str, Any]:
    rules = clients("s3").get_bucket_ownership_controls(Bucket=resource.id)["OwnershipControls"]["Rules"]
    return {"bucket": resource.id, "rule": pulumi_names(rules[0])}


def _delete_ownership(clients: Clients, resource: Resource) -> None:
    clients("s3").delete_bucket_ownership_controls(Bucket=resource.id)
    call = clients("s3").get_bucket_ownership_controls
    assert absent("OwnershipControlsNotFoundError", call=call, Bucket=resource.id)


def _policy(clients: Clients, resource: Resource) -> dict[str, Any]:
    return {"bucket": resource.id, "policy": clients("s3").get_bucket_policy(Bucket=resource.id)["Policy"]}


def _delete_policy(clients: Clients, resource: Resource) -> None:
    clients("s3").delete_bucket_policy(Bucket=resource.id)
    assert absent("NoSuchBucketPolicy", call=clients("s3").get_bucket_policy, Bucket=resource.id)


def _lifecycle(clients: Clients, resource: Resource) -> dict[str, Any]:
    answer = clients("s3").get_bucket_lifecycle_configuration(Bucket=resource.id)
    rules = [{**pulumi_names(rule), "id": rule["ID"]} for rule in answer["Rules"]]
    for rule in rules:
        del rule["iD"]
    return {
        "bucket": resource.id,
        "rules": rules,
        # The provider waits after a create until this is what it asked for.
        "transitionDefaultMinimumObjectSize": answer["TransitionDefaultMinimumObjectSize"],
    }


def _delete_lifecycle(clients: Clients, resource: Resource) -> None:
    clients("s3").delete_bucket_lifecycle(Bucket=resource.id)
    call = clients("s3").get_bucket_lifecycle_configuration
    assert absent("NoSuchLifecycleConfiguration", call=call, Bucket=resource.id)


def _notification(clients: Clients, resource: Resource) -> dict[str, Any]:
    answer = clients("s3").get_bucket_notification_configuration(Bucket=resource.id)
    assert not answer.get("QueueConfigurations")
    return {"bucket": resource.id, "eventbridge": "EventBridgeConfiguration" in answer}


def _delete_notification(clients: Clients, resource: Resource) -> None:
    clients("s3").put_bucket_notification_configuration(Bucket=resource.id, NotificationConfiguration={})
    assert "EventBridgeConfiguration" not in clients("s3").get_bucket_notification_configuration(Bucket=resource.id)


def _object(clients: Clients, resource: Resource) -> dict[str, Any]:
    bucket, key = resource.inputs["bucket"], resource.inputs["key"]
    head = clients("s3").head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    found = clients("s3").get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
    return {"bucket": bucket, "key": key, "contentType": head["ContentType"], "tags": tags(found)}


def _delete_object(clients: Clients, resource: Resource) -> None:
    # The provider deletes every version of an object that it knows a version of.
    bucket, key = resource.inputs["bucket"], resource.inputs["key"]
    found = clients("s3").list_object_versions(Bucket=bucket, Prefix=key)
    for each in (*found.get("Versions", ()), *found.get("DeleteMarkers", ())):
        clients("s3").delete_object(Bucket=bucket, Key=key, VersionId=each["VersionId"])


READ = {
    "aws:s3/bucket:Bucket": _bucket,
    "aws:s3/bucketVersioning:BucketVersioning": _versioning,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _encryption,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _private,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _ownership,
    "aws:s3/bucketPolicy:BucketPolicy": _policy,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _lifecycle,
    "aws:s3/bucketNotification:BucketNotification": _notification,
    "aws:s3/bucketObject:BucketObject": _object,
    "aws:s3/bucketObjectv2:BucketObjectv2": _object,
}
DELETE = {
    "aws:s3/bucket:Bucket": _delete_bucket,
    "aws:s3/bucketVersioning:BucketVersioning": _delete_versioning,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _delete_encryption,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _delete_private,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _delete_ownership,
    "aws:s3/bucketPolicy:BucketPolicy": _delete_policy,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _delete_lifecycle,
    "aws:s3/bucketNotification:BucketNotification": _delete_notification,
    "aws:s3/bucketObject:BucketObject": _delete_object,
    "aws:s3/bucketObjectv2:BucketObjectv2": _delete_object,
}
DEFAULTS = {
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        "transitionDefaultMinimumObjectSize": "all_storage_classes_128K"
    },
}
