"""Buckets, queues and topics refuse requests without TLS."""

from pulumi_policy import EnforcementLevel, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

from rules.documents import denies_plain_http

_POLICIES = {
    "aws:s3/bucketPolicy:BucketPolicy": "s3",
    "aws:sqs/queuePolicy:QueuePolicy": "sqs",
    "aws:sns/topicPolicy:TopicPolicy": "sns",
}
"""Each of these is the only policy of its bucket, queue or topic."""

_WHAT = {"s3": "s3:* on the bucket and on its objects", "sqs": "sqs:* on the queue", "sns": "sns:Publish on the topic"}


def _check_policy(args: ResourceValidationArgs, report: ReportViolation) -> None:
    service = _POLICIES.get(args.resource_type)
    if service and not denies_plain_http(args.props.get("policy"), service):
        report(
            f"The policy '{args.name}' lets requests over plain HTTP through. Add a statement that denies "
            f'{_WHAT[service]} to "*" under the condition {{"Bool": {{"aws:SecureTransport": "false"}}}}.',
            args.urn,
        )


def _check_subscription(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type == "aws:sns/topicSubscription:TopicSubscription" and args.props.get("protocol") == "http":
        report(f"Subscription '{args.name}' sends over plain HTTP. Set its protocol to https.", args.urn)


TLS_ONLY = ResourceValidationPolicy(
    name="tls-only",
    description="Buckets, queues and topics refuse plain HTTP, so that requests cannot be read or changed in transit.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=[_check_policy, _check_subscription],
    remediation_steps="Add a statement to its policy that denies everything where `aws:SecureTransport` is false.",
    url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
)
