"""An SNS topic to which people subscribe, encrypted if possible, with TLS only."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from asl.states import Statement
from components.policies import deny_plain_http, document

SNS_KEY = "alias/aws/sns"
"""AWS's own key: roles of the account that may publish may use it, but AWS services, such as CloudWatch, may not.
https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns"""


@dataclass(frozen=True, kw_only=True)
class TopicArgs:
    """`kms_key` is an ARN or an alias, empty for none; `email` is an address to subscribe, if given.

    A topic that is open to alarms accepts messages from the stack's CloudWatch alarms. A key of your own
    must then allow `cloudwatch.amazonaws.com`.
    """

    prefix: str
    kms_key: pulumi.Input[str] | None = None
    email: pulumi.Input[str] | None = None
    open_to_alarms: bool = False


class Topic(pulumi.ComponentResource):
    """A topic to which roles of the account may publish, if their own policies allow it.

    Example:
        Topic("news", TopicArgs(prefix="shop-dev", kms_key=SNS_KEY, email="ops@example.com"))
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: TopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Topic", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(name, name=f"{args.prefix}-{name}", kms_master_key_id=args.kms_key, opts=child)
        statements = [deny_plain_http(["sns:Publish"], [topic.arn])]
        if args.open_to_alarms:
            statements.append(_let_alarms_publish(topic.arn, args.prefix))
        aws.sns.TopicPolicy(f"{name}-policy", arn=topic.arn, policy=document(statements), opts=child)
        if args.email is not None:
            aws.sns.TopicSubscription(
                f"{name}-email", topic=topic.arn, protocol="email", endpoint=args.email, opts=child
            )
        self.arn = topic.arn
        self.register_outputs({"arn": self.arn})


def _let_alarms_publish(topic_arn: pulumi.Output[str], prefix: str) -> Statement:
    """Let CloudWatch publish on behalf of the stack's own alarms.

    https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    """

    def condition(arn: str) -> dict[str, dict[str, str]]:
        _, partition, _, region, account, _ = arn.split(":")
        return {
            "ArnLike": {"aws:SourceArn": f"arn:{partition}:cloudwatch:{region}:{account}:alarm:{prefix}-*"},
            "StringEquals": {"aws:SourceAccount": account},
        }

    return {
        "Sid": "Alarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": topic_arn.apply(condition),
    }
