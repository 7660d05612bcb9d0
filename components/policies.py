"""IAM policy documents, and the statements that more than one component needs."""

import json
from collections.abc import Sequence
from typing import cast

import pulumi

from asl import states
from asl.states import Statement


def document(statements: Sequence[Statement] | pulumi.Output[list[Statement]]) -> pulumi.Output[str]:
    """Render a policy document as JSON."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": statements})


def trust(service: str) -> str:
    """Render the document that lets an AWS service, such as `lambda.amazonaws.com`, assume a role."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}],
        }
    )


def trust_for(service: str, source_arn: pulumi.Output[str]) -> pulumi.Output[str]:
    """Render the document that lets an AWS service assume a role on behalf of resources that match an ARN pattern.

    Without the condition, a resource of another account could make the service act as our role (the confused deputy).
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """

    def render(arn: str) -> str:
        policy = json.loads(trust(service))
        account = arn.split(":")[4]
        policy["Statement"][0]["Condition"] = {
            "ArnLike": {"aws:SourceArn": arn},
            "StringEquals": {"aws:SourceAccount": account},
        }
        return json.dumps(policy)

    return source_arn.apply(render)


def allow(actions: Sequence[str], resources: Sequence[pulumi.Input[str]]) -> Statement:
    """Allow the actions on resources that may be Outputs."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def read_with_key(key_arn: pulumi.Input[str] | None, *services: str) -> list[Statement]:
    """Allow what `asl.states.read_with_key` allows, with a key that may be an Output."""
    return states.read_with_key(cast("str | None", key_arn), *services)


def write_with_key(key_arn: pulumi.Input[str] | None, *services: str) -> list[Statement]:
    """Allow what `asl.states.write_with_key` allows, with a key that may be an Output."""
    return states.write_with_key(cast("str | None", key_arn), *services)


def deny_plain_http(actions: Sequence[str], resources: Sequence[pulumi.Input[str]]) -> Statement:
    """Deny requests without TLS; for the policy of a bucket, a queue or a topic.

    Actions and resources must cover all that the policy governs: the rest stays open to plain HTTP.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
    """
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(actions),
        "Resource": list(resources),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


# X-Ray accepts no resources for these actions.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
SEND_TRACES = allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"])

# Lambda attaches functions to a VPC with their role, and accepts no resource, as in AWSLambdaVPCAccessExecutionRole.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
USE_NETWORK_INTERFACES = allow(
    [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
    ],
    ["*"],
)

# Step Functions needs these on every resource: vended log delivery is set up for the account, not for a log group.
# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
DELIVER_LOGS = allow(
    [
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    ],
    ["*"],
)
