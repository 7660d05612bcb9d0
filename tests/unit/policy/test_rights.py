"""Rule of wildcards in policies, except where AWS requires `*`."""

from typing import Any

import pytest

from rules.rights import NO_WILDCARDS, ON_ANY_RESOURCE
from tests.unit.policy.asking import Props, told
from tests.unit.policy.test_documents import document

POLICY, ROLE = "aws:iam/rolePolicy:RolePolicy", "aws:iam/role:Role"
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/stories"


def _allow(actions: Any, resources: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


@pytest.mark.parametrize(
    "statement",
    [
        _allow("dynamodb:GetItem", TABLE),
        _allow(["dynamodb:Query"], [f"{TABLE}/index/waiting"]),
        _allow(["s3:GetObject"], ["arn:aws:s3:::files/*"]),
        _allow(["s3:PutObject"], ["arn:aws:s3:::files/logs/*"]),
        _allow("states:DescribeExecution", "arn:aws:states:us-east-1:123456789012:execution:release:*"),
        _allow(list(ON_ANY_RESOURCE), ["*"]),
        _allow("XRAY:PutTraceSegments", "*"),
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
    ],
)
def test_named_actions_and_resources_pass(statement: dict[str, Any]) -> None:
    for type_ in (POLICY, "aws:iam/policy:Policy", "aws:iam/userPolicy:UserPolicy"):
        assert told(NO_WILDCARDS, type_, {"policy": document(statement)}) == []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (_allow("dynamodb:*", TABLE), "allows dynamodb:*. Name each action."),
        (_allow("s3:Get*", "arn:aws:s3:::files/*"), "allows s3:Get*. Name each action."),
        (_allow("s3:Ge?Object", "arn:aws:s3:::files/*"), "allows s3:Ge?Object"),
        (_allow("dynamodb:GetItem", "*"), "allows dynamodb:GetItem on *. Name the resources"),
        (_allow(["xray:PutTraceSegments", "s3:GetObject"], "*"), "allows s3:GetObject on *"),
        (_allow("s3:GetObject", "arn:aws:s3:::*"), "on arn:aws:s3:::*"),
        (_allow("lambda:InvokeFunction", "arn:aws:lambda:*:123456789012:function:f"), "on arn:aws:lambda:*"),
        (_allow("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:*:function:f"), "on arn:aws:lambda:us-east-1:*"),
        (_allow("lambda:InvokeFunction", "arn:*"), "on arn:*"),
        (_allow("lambda:InvokeFunction", "arn:aws:*:us-east-1:123456789012:f"), "on arn:aws:*"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": TABLE}, "in NotAction"),
        ({"Effect": "Allow", "Action": "dynamodb:GetItem", "NotResource": TABLE}, "in NotResource"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wildcards_are_reported(statement: dict[str, Any], what: str) -> None:
    (message,) = told(NO_WILDCARDS, POLICY, {"policy": document(statement)})
    assert what in message


def test_wildcard_action_and_resource_are_two_violations() -> None:
    assert len(told(NO_WILDCARDS, POLICY, {"policy": document(_allow("*", "*"))})) == 2


def test_justified_action_passes_and_others_are_reported() -> None:
    props = {"policy": document(_allow(["ec2:DescribeSubnets", "ec2:DeleteSubnet"], "*"))}
    (message,) = told(NO_WILDCARDS, POLICY, props, config={"reasons": {"ec2:DescribeSubnets": "knows no resources"}})
    assert "allows ec2:DeleteSubnet on *" in message


@pytest.mark.parametrize(
    ("type_", "props", "count"),
    [
        (ROLE, {"inlinePolicies": [{"policy": document(_allow("s3:*", "arn:aws:s3:::files/*"))}]}, 1),
        (ROLE, {"inlinePolicies": [{"policy": document(_allow("s3:GetObject", "arn:aws:s3:::files/*"))}]}, 0),
        (ROLE, {"managedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}, 1),
        (ROLE, {}, 0),
        ("aws:sqs/queue:Queue", {"inlinePolicies": [{"policy": document(_allow("s3:*", "*"))}]}, 0),
        ("aws:sqs/queue:Queue", {"managedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}, 0),
        (
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            {"policyArn": "arn:aws:iam::aws:policy/AmazonS3FullAccess"},
            1,
        ),
        (
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            {"policyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"},
            0,
        ),
        (
            "aws:iam/userPolicyAttachment:UserPolicyAttachment",
            {"policyArn": "arn:aws:iam::123456789012:policy/OwnFullAccess"},
            0,
        ),
    ],
)
def test_roles_and_attachments_are_checked(type_: str, props: Props, count: int) -> None:
    assert len(told(NO_WILDCARDS, type_, props)) == count


def test_every_exception_has_an_aws_source() -> None:
    assert all(source.startswith("https://docs.aws.amazon.com/") for source in ON_ANY_RESOURCE.values())
