"""Rules of encryption: no plain text, and customer keys if required."""

import pytest

from rules.encryption import OWN_KEYS, QUEUES_ENCRYPTED, TOPICS_ENCRYPTED
from tests.unit.policy.asking import UNKNOWN, Props, resource, told, told_of

QUEUE, TOPIC, TABLE = "aws:sqs/queue:Queue", "aws:sns/topic:Topic", "aws:dynamodb/table:Table"
BUCKET = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
SECRET, LOG_GROUP = "aws:secretsmanager/secret:Secret", "aws:cloudwatch/logGroup:LogGroup"
MACHINE, ARCHIVE = "aws:sfn/stateMachine:StateMachine", "aws:cloudwatch/eventArchive:EventArchive"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1"


def _bucket(**by_default: str) -> Props:
    return {"rules": [{"applyServerSideEncryptionByDefault": by_default}]}


@pytest.mark.parametrize(
    "props", [{"sqsManagedSseEnabled": True}, {"kmsMasterKeyId": KEY}, {"kmsMasterKeyId": UNKNOWN}]
)
def test_an_encrypted_queue_passes(props: Props) -> None:
    assert told(QUEUES_ENCRYPTED, QUEUE, props) == []


@pytest.mark.parametrize("props", [{}, {"sqsManagedSseEnabled": False}, {"kmsMasterKeyId": ""}])
def test_a_queue_in_plain_text_is_reported(props: Props) -> None:
    (message,) = told(QUEUES_ENCRYPTED, QUEUE, props)
    assert "sqs_managed_sse_enabled=True" in message


def test_a_topic_is_encrypted() -> None:
    assert told_of(TOPICS_ENCRYPTED, [resource(TOPIC, "topic", {"kmsMasterKeyId": "alias/aws/sns"})]) == []
    ((about, message),) = told_of(TOPICS_ENCRYPTED, [resource(TOPIC, "topic")])
    assert about == "topic"
    assert "kms_master_key_id" in message


@pytest.mark.parametrize("action", ["alarmActions", "okActions", "insufficientDataActions"])
def test_a_topic_of_alarms_may_be_in_plain_text(action: str) -> None:
    topic, other = resource(TOPIC, "topic"), resource(TOPIC, "other")
    alarm = resource("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", {}, {action: topic})
    assert [about for about, _ in told_of(TOPICS_ENCRYPTED, [topic, other, alarm])] == ["other"]


@pytest.mark.parametrize(
    ("type_", "props"),
    [
        (BUCKET, _bucket(sseAlgorithm="aws:kms", kmsMasterKeyId=KEY)),
        (TABLE, {"serverSideEncryption": {"enabled": True, "kmsKeyArn": UNKNOWN}}),
        (SECRET, {"kmsKeyId": KEY}),
        (QUEUE, {"kmsMasterKeyId": KEY}),
        (TOPIC, {"kmsMasterKeyId": KEY}),
        (LOG_GROUP, {"kmsKeyId": KEY}),
        (MACHINE, {"encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": KEY}}),
        (ARCHIVE, {"kmsKeyIdentifier": KEY}),
        ("aws:lambda/function:Function", {}),
    ],
)
def test_customer_key_passes(type_: str, props: Props) -> None:
    assert told(OWN_KEYS, type_, props) == []


@pytest.mark.parametrize(
    ("service", "type_", "props"),
    [
        ("s3", BUCKET, _bucket(sseAlgorithm="AES256")),
        ("s3", BUCKET, {}),
        ("s3", BUCKET, {"rules": [*_bucket(kmsMasterKeyId=KEY)["rules"], *_bucket(sseAlgorithm="AES256")["rules"]]}),
        ("dynamodb", TABLE, {}),
        ("dynamodb", TABLE, {"serverSideEncryption": {"enabled": True}}),
        ("dynamodb", TABLE, {"serverSideEncryption": {"enabled": False}}),
        ("secretsmanager", SECRET, {}),
        ("sqs", QUEUE, {"sqsManagedSseEnabled": True}),
        ("sns", TOPIC, {}),
        ("logs", LOG_GROUP, {}),
        ("states", MACHINE, {"encryptionConfiguration": {"type": "AWS_OWNED_KEY"}}),
        ("events", ARCHIVE, {}),
    ],
)
def test_aws_key_is_reported_for_the_configured_services(service: str, type_: str, props: Props) -> None:
    (message,) = told(OWN_KEYS, type_, props, config={"services": [service]})
    assert "encrypted with a key of AWS" in message
    assert told(OWN_KEYS, type_, props, config={"services": []}) == []


def test_customer_keys_are_required_for_all_data_by_default() -> None:
    every = [BUCKET, TABLE, SECRET, QUEUE, TOPIC, LOG_GROUP, MACHINE, ARCHIVE]
    assert [type_ for type_ in every if told(OWN_KEYS, type_, {})] == every
