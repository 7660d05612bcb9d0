"""The bucket of a stack, for inputs, outputs and logs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from asl.release.targets import INPUT_PREFIX, LOG_PREFIX, OUTPUT_PREFIX
from components import defaults
from components.policies import deny_plain_http, document

UPLOAD_DAYS = 7
"""Days for which unfinished uploads are kept."""

EXAMPLE = Path(__file__).parents[1] / "examples" / "workflow-input.json"
EXAMPLE_NAME = "workflow-input.json"
"""The document, under the prefix of the documents, that the stack's example command releases."""


@dataclass(frozen=True, kw_only=True)
class StorageArgs:
    """`kms_key_arn` is empty for AES-256 and AWS's own keys; `protect` refuses to delete data.

    `input_prefix` is the prefix of documents, `result_prefixes` those of results and logs, which S3 deletes after
    `result_retention_days` (0: never). Overwritten and deleted objects are kept for `old_version_days`.

    With `protect`, Pulumi refuses before it deletes anything. AWS would refuse only for the bucket
    itself, after its policy, encryption and versioning are gone.
    """

    prefix: str
    kms_key_arn: pulumi.Input[str] | None = None
    protect: bool = False
    input_prefix: str = INPUT_PREFIX
    result_prefixes: Sequence[str] = (OUTPUT_PREFIX, LOG_PREFIX)
    result_retention_days: int = 0
    old_version_days: int = defaults.OLD_VERSION_DAYS


class Storage(pulumi.ComponentResource):
    """A private, versioned, encrypted bucket.

    Example:
        storage = Storage("storage", StorageArgs(prefix="shop-dev", protect=True))
        pulumi.export("bucket", storage.bucket_name)
    """

    bucket_name: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]

    def __init__(self, name: str, args: StorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Storage", name, None, opts)
        bucket = self._bucket(name, args)

        self.bucket_name = bucket.bucket
        self.bucket_arn = bucket.arn
        self.register_outputs({"bucket_name": self.bucket_name})

    def _bucket(self, name: str, args: StorageArgs) -> aws.s3.Bucket:
        child = pulumi.ResourceOptions(parent=self, protect=args.protect)
        bucket = aws.s3.Bucket(
            f"{name}-bucket", bucket_prefix=f"{args.prefix}-", force_destroy=not args.protect, opts=child
        )
        versioning = aws.s3.BucketVersioning(
            f"{name}-bucket-versioning",
            bucket=bucket.bucket,
            versioning_configuration={"status": "Enabled"},
            opts=child,
        )
        by_default: aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgsDict
        by_default = (
            {"sse_algorithm": "aws:kms", "kms_master_key_id": args.kms_key_arn}
            if args.kms_key_arn is not None
            else {"sse_algorithm": "AES256"}
        )
        encryption = aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-bucket-encryption",
            bucket=bucket.bucket,
            rules=[
                {
                    "apply_server_side_encryption_by_default": by_default,
                    "bucket_key_enabled": args.kms_key_arn is not None,
                    # Since 2026 AWS blocks customer-provided keys (SSE-C) by default for new buckets, but not for all
                    # buckets.
                    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html
                    "blocked_encryption_types": ["SSE-C"],
                }
            ],
            opts=child,
        )
        aws.s3.BucketOwnershipControls(
            f"{name}-bucket-ownership",
            bucket=bucket.bucket,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=child,
        )
        private = aws.s3.BucketPublicAccessBlock(
            f"{name}-bucket-private",
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        aws.s3.BucketPolicy(
            f"{name}-bucket-policy",
            bucket=bucket.bucket,
            policy=document([deny_plain_http(["s3:*"], [bucket.arn, bucket.arn.apply(lambda arn: f"{arn}/*")])]),
            # S3 refuses concurrent changes of a bucket's access (OperationAborted).
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect, depends_on=[private]),
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-bucket-lifecycle",
            bucket=bucket.bucket,
            rules=_lifecycle(args),
            # A rule for old versions needs a versioned bucket.
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect, depends_on=[versioning]),
        )
        aws.s3.BucketObjectv2(
            f"{name}-example",
            bucket=bucket.bucket,
            key=f"{args.input_prefix}{EXAMPLE_NAME}",
            content=EXAMPLE.read_text(encoding="utf-8"),
            content_type="application/json",
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect, depends_on=[versioning, encryption]),
        )
        return bucket


def _lifecycle(args: StorageArgs) -> list[aws.s3.BucketLifecycleConfigurationRuleArgsDict]:
    rules: list[aws.s3.BucketLifecycleConfigurationRuleArgsDict] = [
        {
            "id": "forget-old-versions",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "noncurrent_version_expiration": {"noncurrent_days": args.old_version_days},
            "abort_incomplete_multipart_upload": {"days_after_initiation": UPLOAD_DAYS},
        }
    ]
    for prefix in args.result_prefixes if args.result_retention_days else ():
        rules.append(
            {
                "id": f"delete-{prefix.strip('/').replace('/', '-')}",
                "status": "Enabled",
                "filter": {"prefix": prefix},
                "expiration": {"days": args.result_retention_days},
            }
        )
    return rules
