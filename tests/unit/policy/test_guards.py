"""Rules of companion resources of buckets, queues and topics."""

import json

import pytest
from pulumi_policy import PolicyResource

from rules.guards import BUCKETS_VERSIONED, GUARDED
from tests.unit.policy.asking import UNKNOWN, resource, told_of

BUCKET = resource("aws:s3/bucket:Bucket", "files", {"bucket": "files-7"})
OTHER = resource("aws:s3/bucket:Bucket", "other", {"bucket": "other-7"})
QUEUE = resource("aws:sqs/queue:Queue", "queue", {"url": "https://sqs/queue"})
TOPIC = resource("aws:sns/topic:Topic", "topic", {"arn": "arn:topic"})

BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"


def _guards(bucket: PolicyResource) -> list[PolicyResource]:
    return [
        resource(type_, f"{bucket.name}-{type_[-9:]}", {}, {"bucket": bucket}) for type_ in (BLOCK, POLICY, ENCRYPTION)
    ]


def _denial(action: str) -> str:
    return json.dumps(
        {
            "Statement": {
                "Effect": "Deny",
                "Principal": "*",
                "Action": action,
                "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        }
    )


def test_bucket_with_all_companions_passes() -> None:
    assert told_of(GUARDED, [BUCKET, *_guards(BUCKET)]) == []


def test_companions_that_name_the_bucket_literally_count() -> None:
    guards = [resource(type_, type_, {"bucket": "files-7"}) for type_ in (BLOCK, POLICY, ENCRYPTION)]
    assert told_of(GUARDED, [BUCKET, *guards]) == []


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_each_missing_companion_is_reported(missing: int) -> None:
    guards = _guards(BUCKET)
    name = guards.pop(missing).resource_type.split(":")[-1]
    ((about, message),) = told_of(GUARDED, [BUCKET, *guards])
    assert about == "files"
    assert f"lacks a {name}" in message


def test_companions_of_another_bucket_do_not_count() -> None:
    assert {about for about, _ in told_of(GUARDED, [BUCKET, OTHER, *_guards(OTHER)])} == {"files"}


@pytest.mark.parametrize(
    ("thing", "policy_type", "prop", "written"),
    [
        (QUEUE, "aws:sqs/queuePolicy:QueuePolicy", "queueUrl", "https://sqs/queue"),
        (TOPIC, "aws:sns/topicPolicy:TopicPolicy", "arn", "arn:topic"),
    ],
    ids=["queue", "topic"],
)
def test_queues_and_topics_need_a_policy(thing: PolicyResource, policy_type: str, prop: str, written: str) -> None:
    assert told_of(GUARDED, [thing, resource(policy_type, "policy", {}, {prop: thing})]) == []
    assert told_of(GUARDED, [thing, resource(policy_type, "policy", {prop: written})]) == []
    ((about, message),) = told_of(GUARDED, [thing, resource(policy_type, "policy", {prop: "another"})])
    assert about == thing.name
    assert "plain HTTP" in message


@pytest.mark.parametrize(
    ("type_", "action"), [("aws:sqs/queue:Queue", "sqs:*"), ("aws:sns/topic:Topic", "sns:Publish")]
)
def test_inline_policy_counts_if_it_denies_plain_http(type_: str, action: str) -> None:
    assert told_of(GUARDED, [resource(type_, "thing", {"policy": _denial(action)})]) == []
    for policy in (UNKNOWN, "", _denial("s3:GetObject")):
        assert len(told_of(GUARDED, [resource(type_, "thing", {"policy": policy})])) == 1


@pytest.mark.parametrize("status", ["Enabled", "Suspended", None])
def test_versioned_bucket_passes(status: str | None) -> None:
    versioning = resource(VERSIONING, "versioning", {"versioningConfiguration": {"status": status}}, {"bucket": BUCKET})
    told = told_of(BUCKETS_VERSIONED, [BUCKET, versioning])
    assert [about for about, _ in told] == ([] if status == "Enabled" else ["files"])


def test_a_bucket_without_versioning_is_reported() -> None:
    versioning = resource(
        VERSIONING, "versioning", {"versioningConfiguration": {"status": "Enabled"}}, {"bucket": OTHER}
    )
    assert [about for about, _ in told_of(BUCKETS_VERSIONED, [BUCKET, OTHER, versioning])] == ["files"]
