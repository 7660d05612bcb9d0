"""S3: the bucket, its configurations and objects."""

import base64
from pathlib import Path
from typing import Any

import pulumi

from sandbox.clients import REGION, Clients
from sandbox.resource_inputs import InputError, Inputs, aws_names, given, tag_list

# The hosted zone of S3 endpoints in us-east-1. https://docs.aws.amazon.com/general/latest/gr/s3.html
HOSTED_ZONE_ID = "Z3AQBSTGFAJSTF"
MAX_BUCKET_NAME = 63

_ON_DELETE_ONLY = "the provider reads it on delete only"


def _bucket(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name("bucket", prefix="bucketPrefix", limit=MAX_BUCKET_NAME)
    args.ignore("forceDestroy", _ON_DELETE_ONLY)
    tags = args.tags()
    clients("s3").create_bucket(
        **given(
            Bucket=name,
            CreateBucketConfiguration={"Tags": tag_list(tags)} if tags else None,
            ObjectLockEnabledForBucket=args.take("objectLockEnabled"),
        )
    )
    return name, {
        "bucket": name,
        "arn": f"arn:aws:s3:::{name}",
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{name}.s3.{REGION}.amazonaws.com",
        "bucketRegion": REGION,
        "hostedZoneId": HOSTED_ZONE_ID,
        "region": REGION,
    }


def _versioning(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    bucket = args.require("bucket")
    configuration = args.require("versioningConfiguration")
    # The API's spelling; Pulumi's is mfaDelete.
    shape = {
        {"mfaDelete": "MFADelete", "status": "Status"}.get(key, key): value for key, value in configuration.items()
    }
    clients("s3").put_bucket_versioning(**given(Bucket=bucket, VersioningConfiguration=shape, MFA=args.take("mfa")))
    return bucket, {}


def _encryption(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    bucket = args.require("bucket")
    rules = []
    for rule in args.blocks("rules"):
        by_default = rule.block("applyServerSideEncryptionByDefault")
        shape = given(
            BucketKeyEnabled=rule.take("bucketKeyEnabled"),
            BlockedEncryptionTypes=_blocked_types(rule),
        )
        if by_default is not None:
            shape["ApplyServerSideEncryptionByDefault"] = given(
                SSEAlgorithm=by_default.require("sseAlgorithm"), KMSMasterKeyID=by_default.take("kmsMasterKeyId")
            )
        rules.append(shape)
    clients("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
    return bucket, {}


def _blocked_types(rule: Inputs) -> dict[str, Any] | None:
    types = rule.take("blockedEncryptionTypes")
    return None if types is None else {"EncryptionType": types}


def _public_access_block(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    bucket = args.require("bucket")
    args.ignore("skipDestroy", _ON_DELETE_ONLY)
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    configuration = aws_names({flag: args.take(flag, False) for flag in flags})
    clients("s3").put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=configuration)
    return bucket, {}


def _ownership(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    bucket = args.require("bucket")
    controls = {"Rules": [aws_names(args.require("rule"))]}
    clients("s3").put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=controls)
    return bucket, {}


def _policy(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    bucket = args.require("bucket")
    clients("s3").put_bucket_policy(Bucket=bucket, Policy=args.require("policy"))
    return bucket, {}


def _lifecycle(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    bucket = args.require("bucket")
    rules = []
    for rule in args.require("rules"):
        shape = aws_names({key: value for key, value in rule.items() if key != "id"})
        # A rule for the whole bucket is a filter with an empty prefix.
        rules.append({**shape, "ID": rule.get("id"), "Filter": shape.get("Filter") or {"Prefix": ""}})
    minimum = args.take("transitionDefaultMinimumObjectSize")
    clients("s3").put_bucket_lifecycle_configuration(
        **given(Bucket=bucket, LifecycleConfiguration={"Rules": rules}, TransitionDefaultMinimumObjectSize=minimum)
    )
    return bucket, {}


def _notification(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    bucket = args.require("bucket")
    configuration = {
        "LambdaFunctionConfigurations": [_notified(b, "lambdaFunctionArn") for b in args.blocks("lambdaFunctions")],
        "QueueConfigurations": [_notified(b, "queueArn") for b in args.blocks("queues")],
        "TopicConfigurations": [_notified(b, "topicArn") for b in args.blocks("topics")],
    }
    if args.take("eventbridge"):
        configuration["EventBridgeConfiguration"] = {}  # type: ignore[assignment]  # an empty object means "on"
    clients("s3").put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configuration)
    return bucket, {}


def _notified(target: Inputs, arn: str) -> dict[str, Any]:
    affixes = {"prefix": target.take("filterPrefix"), "suffix": target.take("filterSuffix")}
    rules = [{"Name": name, "Value": value} for name, value in affixes.items() if value]
    return given(
        **{arn[:1].upper() + arn[1:]: target.require(arn)},
        Id=target.take("id"),
        Events=target.require("events"),
        Filter={"Key": {"FilterRules": rules}} if rules else None,
    )


def _object(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    bucket, key = args.require("bucket"), args.require("key")
    for name in ("etag", "sourceHash"):
        args.ignore(name, "it only makes the provider notice a changed source")
    args.ignore("forceDestroy", _ON_DELETE_ONLY)
    tags = args.tags()
    answer = clients("s3").put_object(
        **given(
            Bucket=bucket,
            Key=key,
            Body=_body(args),
            **args.parameters(
                "cacheControl",
                "contentDisposition",
                "contentEncoding",
                "contentLanguage",
                "metadata",
                "serverSideEncryption",
                "storageClass",
            ),
            ContentType=args.take("contentType", "application/octet-stream"),
            SSEKMSKeyId=args.take("kmsKeyId"),
        )
    )
    if tags:
        clients("s3").put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": tag_list(tags)})
    return f"{bucket}/{key}", {
        "arn": f"arn:aws:s3:::{bucket}/{key}",
        "etag": answer["ETag"].strip('"'),
        "versionId": answer.get("VersionId", ""),
    }


def _body(args: Inputs) -> bytes:
    content, encoded, source = args.take("content"), args.take("contentBase64"), args.take("source")
    if content is not None:
        return str(content).encode()
    if encoded is not None:
        return base64.b64decode(encoded)
    if isinstance(source, pulumi.FileAsset):
        return Path(source.path).read_bytes()
    if isinstance(source, pulumi.StringAsset):
        return source.text.encode()
    if source is None:
        return b""
    raise InputError(f"'source' is a {type(source).__name__}: the sandbox takes a FileAsset or a StringAsset")


TYPES = {
    "aws:s3/bucket:Bucket": _bucket,
    "aws:s3/bucketVersioning:BucketVersioning": _versioning,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _encryption,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _public_access_block,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _ownership,
    "aws:s3/bucketPolicy:BucketPolicy": _policy,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _lifecycle,
    "aws:s3/bucketNotification:BucketNotification": _notification,
    "aws:s3/bucketObject:BucketObject": _object,
    "aws:s3/bucketObjectv2:BucketObjectv2": _object,
}
