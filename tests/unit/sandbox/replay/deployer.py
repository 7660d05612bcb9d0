"""The permissions that the provider's calls need, and those that docs/deploy.md gives to the deployer."""

import json
from collections.abc import Iterable
from fnmatch import fnmatchcase

from sandbox import ROOT

_POLICIES = ("deployer-policy.json", "deployer-options-policy.json")

_PREFIXES = {"s3control": "s3", "stepfunctions": "states"}

_ACTIONS = {
    "lambda.Invoke": "lambda:InvokeFunction",
    "s3.DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3.DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3.DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3.DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3.GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3.GetBucketCors": "s3:GetBucketCORS",
    "s3.GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3.GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3.GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3.GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3.GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3.HeadBucket": "s3:ListBucket",
    "s3.HeadObject": "s3:GetObject",
    "s3.ListObjectVersions": "s3:ListBucketVersions",
    "s3.PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3.PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3.PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
"""The actions that have another name than their call.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html"""

_NOT_OURS = (
    # API Gateway's actions are HTTP methods, and the policy has all of them.
    "apigatewayv2.*",
    # The rest belongs to types that the program does not have.
    *("cloudwatch.PutCompositeAlarm", "dynamodb.*Item", "dynamodb.GetResourcePolicy", "ec2.DescribeManagedPrefixLists"),
    *("iam.CreatePolicy", "iam.DeletePolicy", "iam.GetPolicy*", "iam.ListPolicyVersions", "iam.TagPolicy", "kms.*"),
    *("lambda.*FunctionEventInvokeConfig", "logs.DeleteResourcePolicy", "s3.*BucketNotificationConfiguration"),
    "scheduler.*",
)


def denied(calls: Iterable[str]) -> list[str]:
    """Return the actions of calls such as `lambda.CreateFunction` that the deployer's policies do not allow."""
    documents = [json.loads((ROOT / "docs" / name).read_text(encoding="utf-8")) for name in _POLICIES]
    allowed = {
        action for document in documents for statement in document["Statement"] for action in statement["Action"]
    }
    needed = {_action(call) for call in calls if not any(fnmatchcase(call, pattern) for pattern in _NOT_OURS)}
    return sorted(needed - allowed)


def _action(call: str) -> str:
    service, _, operation = call.partition(".")
    return _ACTIONS.get(call) or f"{_PREFIXES.get(service, service)}:{operation}"
