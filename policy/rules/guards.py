"""Rules: every bucket, queue and topic has the resources that protect it."""

from pulumi_policy import (
    EnforcementLevel,
    PolicyResource,
    ReportViolation,
    StackValidationArgs,
    StackValidationPolicy,
)

from rules.documents import denies_plain_http
from rules.links import of_type, refers
from rules.reading import known

BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")

ENCRYPTIONS = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
VERSIONINGS = ("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")

_BUCKET_GUARDS = {
    "BucketPublicAccessBlock": ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",),
    "BucketPolicy that denies plain HTTP": ("aws:s3/bucketPolicy:BucketPolicy",),
    "BucketServerSideEncryptionConfiguration": ENCRYPTIONS,
}
"""S3 takes one of each for a bucket. The rule here requires it; the rules about its type check its content."""

_WITH_POLICIES = (
    ("Queue", "aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy", ("queueUrl", "url"), "sqs"),
    ("Topic", "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy", ("arn", "arn"), "sns"),
)
"""Kind, type, type of the policy, the property by which the policy refers to a property of the resource, service."""

_NO_POLICY = (
    "{kind} '{name}' has no policy, so it takes requests over plain HTTP. "
    "Add a {kind}Policy that denies everything where aws:SecureTransport is false."
)


def _check_guards(args: StackValidationArgs, report: ReportViolation) -> None:
    for bucket in of_type(args.resources, *BUCKETS):
        for guard, types in _BUCKET_GUARDS.items():
            if not _of_bucket(bucket, args.resources, types):
                report(f"Bucket '{bucket.name}' lacks a {guard}. Add one for it.", bucket.urn)
    for kind, type_, policy_type, (reference, target), service in _WITH_POLICIES:
        policies = of_type(args.resources, policy_type)
        for each in of_type(args.resources, type_):
            has_policy = any(refers(policy, reference, each, target, "id") for policy in policies)
            if not has_policy and not denies_plain_http(known(each.props, "policy"), service):
                report(_NO_POLICY.format(kind=kind, name=each.name), each.urn)


def _check_versions(args: StackValidationArgs, report: ReportViolation) -> None:
    for bucket in of_type(args.resources, *BUCKETS):
        found = _of_bucket(bucket, args.resources, VERSIONINGS)
        if not any(known(each.props, "versioningConfiguration", "status") == "Enabled" for each in found):
            report(
                f"Bucket '{bucket.name}' does not keep what is overwritten or deleted. "
                "Add a BucketVersioning with the status Enabled.",
                bucket.urn,
            )


def _of_bucket(bucket: PolicyResource, resources: list[PolicyResource], types: tuple[str, ...]) -> list[PolicyResource]:
    return [each for each in of_type(resources, *types) if refers(each, "bucket", bucket, "bucket", "id")]


GUARDED = StackValidationPolicy(
    name="guarded",
    description="Every bucket has a public access block, a policy and encryption, every queue and topic a policy: "
    "these are separate resources, which are easily forgotten.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_guards,
    remediation_steps="Add the resource that the message names.",
    url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
)

BUCKETS_VERSIONED = StackValidationPolicy(
    name="buckets-versioned",
    description="Every bucket keeps versions, so that a mistake or an attacker cannot destroy data for good.",
    enforcement_level=EnforcementLevel.ADVISORY,
    validate=_check_versions,
    remediation_steps='Add a BucketVersioning with `versioning_configuration={"status": "Enabled"}`.',
    url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
)
