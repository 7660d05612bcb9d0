"""The bucket: private, encrypted, versioned and TLS only."""

import json

import pulumi
import pytest

from components.storage import Storage, StorageArgs
from tests.unit.components.recording import Recording


def _storage(*, kms_key_arn: str | None = None, protect: bool = False) -> Storage:
    return Storage("storage", StorageArgs(prefix="holdpoint-test", kms_key_arn=kms_key_arn, protect=protect))


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


@pulumi.runtime.test
def test_public_access_is_blocked(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        block = seen.one("s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
        names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        assert all(block[name] is True for name in names)
        ownership = seen.one("s3/bucketOwnershipControls:BucketOwnershipControls")
        assert ownership["rule"] == {"objectOwnership": "BucketOwnerEnforced"}

    return recording.settled(_storage()).apply(check)


@pulumi.runtime.test
def test_the_bucket_refuses_plain_http(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        (statement,) = json.loads(seen.one("s3/bucketPolicy:BucketPolicy")["policy"])["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        arn = "arn:aws:s3:us-east-1:123456789012:storage-bucket"
        assert statement["Resource"] == [arn, f"{arn}/*"]

    return recording.settled(_storage()).apply(check)


@pulumi.runtime.test
def test_the_bucket_keeps_and_forgets_versions(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        versioning = seen.one("s3/bucketVersioning:BucketVersioning")
        assert versioning["versioningConfiguration"] == {"status": "Enabled"}
        (rule,) = seen.one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")["rules"]
        assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 90}
        assert "expiration" not in rule

    return recording.settled(_storage()).apply(check)


@pulumi.runtime.test
def test_no_object_is_encrypted_with_a_key_of_the_caller(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        kind = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
        (rule,) = seen.one(kind)["rules"]
        assert rule["blockedEncryptionTypes"] == ["SSE-C"]

    return recording.settled(_storage()).apply(check)


@pulumi.runtime.test
def test_the_document_of_the_example_command_is_there(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        example = seen.one("s3/bucketObjectv2:BucketObjectv2")
        assert example["key"] == "inputs/workflow-input.json"
        assert json.loads(example["content"])["jiraStoryId"] == "PROJ-12345"

    return recording.settled(_storage()).apply(check)


@pulumi.runtime.test
def test_encrypts_with_keys_of_aws_by_default(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        kind = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
        (rule,) = seen.one(kind)["rules"]
        assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}

    return recording.settled(_storage()).apply(check)


@pulumi.runtime.test
def test_encrypts_the_bucket_with_the_given_key(recording: Recording) -> pulumi.Output[None]:
    key = "arn:aws:kms:us-east-1:123456789012:key/1"

    def check(seen: Recording) -> None:
        kind = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
        (rule,) = seen.one(kind)["rules"]
        assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}

    return recording.settled(_storage(kms_key_arn=key)).apply(check)


@pulumi.runtime.test
def test_protected_data_cannot_be_deleted_by_mistake(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("s3/bucket:Bucket")["forceDestroy"] is False

    return recording.settled(_storage(protect=True)).apply(check)


@pytest.mark.parametrize("protect", [True, False])
@pulumi.runtime.test
def test_pulumi_refuses_to_delete_any_part_of_protected_data(
    recording: Recording, protect: bool
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        # What is deleted first would leave the data without its policy, its encryption and its old versions.
        parts = {resource.name for resource in seen.resources if resource.is_custom}
        assert len(parts) > 2
        assert seen.protected == (parts if protect else set())

    return recording.settled(_storage(protect=protect)).apply(check)


@pulumi.runtime.test
def test_access_settings_of_the_bucket_change_in_sequence(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert "storage-bucket-private" in seen.dependencies["storage-bucket-policy"]
        assert "storage-bucket-versioning" in seen.dependencies["storage-bucket-lifecycle"]

    return recording.settled(_storage()).apply(check)
