"""Rules: failed events and messages go to a dead-letter queue."""

from pulumi_policy import (
    EnforcementLevel,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from rules.links import calls, of_type, refers
from rules.reading import given

FUNCTION = "aws:lambda/function:Function"

_DELIVERIES = {
    "aws:cloudwatch/eventTarget:EventTarget": (("deadLetterConfig", "arn"), "dead_letter_config"),
    "aws:scheduler/schedule:Schedule": (("target", "deadLetterConfig", "arn"), "a dead_letter_config in its target"),
    "aws:sns/topicSubscription:TopicSubscription": (("redrivePolicy",), "redrive_policy"),
}
"""Type -> the property that names its queue, and what to set."""

_CALLERS = {
    "aws:cloudwatch/eventTarget:EventTarget": "arn",
    "aws:scheduler/schedule:Schedule": "target",
    "aws:sns/topicSubscription:TopicSubscription": "endpoint",
    "aws:s3/bucketNotification:BucketNotification": "lambdaFunctions",
}
"""Types that call functions asynchronously, and the property that names the function.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html"""


def _check_delivery(args: ResourceValidationArgs, report: ReportViolation) -> None:
    path, setting = _DELIVERIES.get(args.resource_type, ((), ""))
    # E-mail and text messages reach people; their undelivered messages need no queue.
    if path and args.props.get("protocol") not in ("email", "email-json", "sms") and not given(args.props, *path):
        report(
            f"What '{args.name}' cannot deliver is lost. Make a queue for it and set {setting}.",
            args.urn,
        )


def _check_handling(args: StackValidationArgs, report: ReportViolation) -> None:
    configs = of_type(args.resources, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
    for function in of_type(args.resources, FUNCTION):
        called = any(
            calls(caller, prop, function, args.resources)
            for type_, prop in _CALLERS.items()
            for caller in of_type(args.resources, type_)
        )
        kept = given(function.props, "deadLetterConfig", "targetArn") or any(
            refers(config, "functionName", function, "name", "arn")
            and given(config.props, "destinationConfig", "onFailure", "destination")
            for config in configs
        )
        if called and not kept:
            report(
                f"An event that function '{function.name}' fails on is lost after three tries. "
                "Make a queue for it and set dead_letter_config.",
                function.urn,
            )
    for mapping in of_type(args.resources, "aws:lambda/eventSourceMapping:EventSourceMapping"):
        for queue in of_type(args.resources, "aws:sqs/queue:Queue"):
            if refers(mapping, "eventSourceArn", queue, "arn") and not given(queue.props, "redrivePolicy"):
                report(
                    f"A message of queue '{queue.name}' that its function fails on comes back until it expires. "
                    "Make a second queue for it and set redrive_policy.",
                    queue.urn,
                )


DELIVERY_DEAD_LETTERS = ResourceValidationPolicy(
    name="delivery-dead-letters",
    description="Undelivered messages of EventBridge and SNS go to a dead-letter queue.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_delivery,
    remediation_steps="Create a queue and set `dead_letter_config`, or `redrive_policy` on a subscription.",
    url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
)

FUNCTION_DEAD_LETTERS = StackValidationPolicy(
    name="function-dead-letters",
    description="Events that an asynchronous function fails on go to a dead-letter queue.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_handling,
    remediation_steps="Create a queue and set the function's `dead_letter_config`, or the `redrive_policy` of the "
    "queue that it reads.",
    url="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
)
