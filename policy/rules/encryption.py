"""Stored data is encrypted, where required with a customer's key."""

from collections.abc import Callable, Mapping
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from rules.links import of_type, refers
from rules.reading import given, listed

_Props = Mapping[str, Any]

_ALARMS = ("aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm")
_ALARM_ACTIONS = ("alarmActions", "okActions", "insufficientDataActions")
"""The properties with which an alarm names its topics. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns"""

_BUCKET_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


def _check_queue(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type == "aws:sqs/queue:Queue" and not (
        given(args.props, "kmsMasterKeyId") or args.props.get("sqsManagedSseEnabled")
    ):
        report(
            f"Queue '{args.name}' is not encrypted. Set sqs_managed_sse_enabled=True, or kms_master_key_id to a key.",
            args.urn,
        )


def _check_topics(args: StackValidationArgs, report: ReportViolation) -> None:
    alarms = of_type(args.resources, *_ALARMS)
    for topic in of_type(args.resources, "aws:sns/topic:Topic"):
        takes_alarms = any(refers(alarm, prop, topic, "arn") for alarm in alarms for prop in _ALARM_ACTIONS)
        if not takes_alarms and not given(topic.props, "kmsMasterKeyId"):
            report(f"Topic '{topic.name}' is not encrypted. Set kms_master_key_id, such as alias/aws/sns.", topic.urn)


def _has_bucket_key(props: _Props) -> bool:
    rules = listed(props.get("rules"))
    return bool(rules) and all(given(r, "applyServerSideEncryptionByDefault", "kmsMasterKeyId") for r in rules)


_HAS_OWN_KEY: dict[str, tuple[str, Callable[[_Props], bool], str]] = {
    _BUCKET_ENCRYPTION: ("s3", _has_bucket_key, "kms_master_key_id"),
    "aws:dynamodb/table:Table": (
        "dynamodb",
        lambda props: given(props, "serverSideEncryption", "kmsKeyArn"),
        "server_side_encryption with a kms_key_arn",
    ),
    "aws:secretsmanager/secret:Secret": ("secretsmanager", lambda props: given(props, "kmsKeyId"), "kms_key_id"),
    "aws:sqs/queue:Queue": ("sqs", lambda props: given(props, "kmsMasterKeyId"), "kms_master_key_id"),
    "aws:sns/topic:Topic": ("sns", lambda props: given(props, "kmsMasterKeyId"), "kms_master_key_id"),
    "aws:cloudwatch/logGroup:LogGroup": ("logs", lambda props: given(props, "kmsKeyId"), "kms_key_id"),
    "aws:sfn/stateMachine:StateMachine": (
        "states",
        lambda props: given(props, "encryptionConfiguration", "kmsKeyId"),
        "encryption_configuration with a kms_key_id",
    ),
    "aws:cloudwatch/eventArchive:EventArchive": (
        "events",
        lambda props: given(props, "kmsKeyIdentifier"),
        "kms_key_identifier",
    ),
}
"""Type -> its service, whether a resource names a key, and what to set. S3's default and the AWS keys that DynamoDB,
Secrets Manager and CloudWatch Logs use by default are not keys of the account."""

KEPT = tuple(sorted({service for service, _, _ in _HAS_OWN_KEY.values()}))
"""The services whose data `kmsKeyArn` of this project encrypts."""


def _check_own_key(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type not in _HAS_OWN_KEY:
        return
    service, has_own_key, setting = _HAS_OWN_KEY[args.resource_type]
    if service in args.get_config().get("services", KEPT) and not has_own_key(args.props):
        report(
            f"'{args.name}' is encrypted with a key of AWS. Set {setting}; in this project by kmsKeyArn.",
            args.urn,
        )


QUEUES_ENCRYPTED = ResourceValidationPolicy(
    name="queues-encrypted",
    description="Messages in queues are encrypted. AWS always encrypts tables, secrets and logs; `guarded` covers "
    "buckets.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_queue,
    remediation_steps="Set `sqs_managed_sse_enabled=True`.",
    url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
)

TOPICS_ENCRYPTED = StackValidationPolicy(
    name="topics-encrypted",
    description="Messages in topics are encrypted, except in topics of alarms: CloudWatch cannot use AWS's own key, so "
    "these need a key of the account or none.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_topics,
    remediation_steps="Set `kms_master_key_id`, such as `alias/aws/sns`.",
    url="https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
)

OWN_KEYS = ResourceValidationPolicy(
    name="own-keys",
    description="Data is encrypted with a KMS key of the account, whose use can be audited and revoked. Disabled by "
    "default: a key costs money and can be lost.",
    enforcement_level=EnforcementLevel.DISABLED,
    config_schema=PolicyConfigSchema(
        properties={
            "services": {
                "type": "array",
                "items": {"type": "string", "enum": list(KEPT)},
                "default": list(KEPT),
                "description": "Services whose data must be encrypted with a key of the account.",
            }
        }
    ),
    validate=_check_own_key,
    remediation_steps="Give the stack a key: `pulumi config set kmsKeyArn`.",
    url="https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-kms-best-practices/data-protection.html",
)
