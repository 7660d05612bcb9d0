"""Rules of public access, for every way in which a resource can be public."""

from typing import Any

import pytest

from rules.exposure import NO_PUBLIC_ACL, NO_PUBLIC_POLICY, PUBLIC_ACCESS_BLOCKED
from tests.unit.policy.asking import UNKNOWN, Props, told
from tests.unit.policy.test_documents import DENY_PLAIN_HTTP, document

BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
SWITCHES = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
ALL_ON = dict.fromkeys(SWITCHES, True)

ROLE, QUEUE_POLICY = "aws:iam/role:Role", "aws:sqs/queuePolicy:QueuePolicy"
PERMISSION = "aws:lambda/permission:Permission"
ALLOW = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:queue"}
EVENTS = {"Service": "events.amazonaws.com"}
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"


def test_complete_public_access_block_passes() -> None:
    assert told(PUBLIC_ACCESS_BLOCKED, BLOCK, ALL_ON) == []
    assert told(PUBLIC_ACCESS_BLOCKED, "aws:s3/bucket:Bucket", {}) == []


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("value", [False, None])
def test_each_missing_switch_of_a_block_is_reported(switch: str, value: bool | None) -> None:
    (message,) = told(PUBLIC_ACCESS_BLOCKED, BLOCK, {**ALL_ON, switch: value})
    assert "Set all to True" in message


@pytest.mark.parametrize(
    ("type_", "props"),
    [
        ("aws:s3/bucket:Bucket", {}),
        ("aws:s3/bucket:Bucket", {"acl": "private"}),
        ("aws:s3/bucketAcl:BucketAcl", {"acl": "log-delivery-write"}),
        ("aws:sqs/queue:Queue", {"acl": "public-read"}),
    ],
)
def test_a_private_acl_passes(type_: str, props: Props) -> None:
    assert told(NO_PUBLIC_ACL, type_, props) == []


@pytest.mark.parametrize(
    ("type_", "props"),
    [
        ("aws:s3/bucket:Bucket", {"acl": "public-read"}),
        ("aws:s3/bucketAcl:BucketAcl", {"acl": "public-read-write"}),
        ("aws:s3/bucketObject:BucketObject", {"acl": "authenticated-read"}),
        ("aws:s3/bucket:Bucket", {"grants": [{"type": "Group", "uri": ALL_USERS}]}),
        ("aws:s3/bucketAcl:BucketAcl", {"accessControlPolicy": {"grants": [{"grantee": {"uri": ALL_USERS}}]}}),
    ],
)
def test_a_public_acl_is_reported(type_: str, props: Props) -> None:
    (message,) = told(NO_PUBLIC_ACL, type_, props)
    assert "open to everyone" in message


@pytest.mark.parametrize(
    "statement",
    [
        DENY_PLAIN_HTTP,
        {**ALLOW, "Principal": {"AWS": "arn:aws:iam::123456789012:role/sender"}},
        {**ALLOW, "Principal": EVENTS, "Condition": {"ArnEquals": {"aws:SourceArn": "arn:rule"}}},
        {**ALLOW, "Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
    ],
)
def test_policy_with_named_principals_passes(statement: dict[str, Any]) -> None:
    assert told(NO_PUBLIC_POLICY, QUEUE_POLICY, {"policy": document(statement)}) == []


@pytest.mark.parametrize(
    "statement",
    [
        {**ALLOW, "Principal": "*"},
        {**ALLOW, "Principal": {"AWS": ["*"]}},
        {**ALLOW, "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {**ALLOW, "Principal": "*", "Condition": {"StringNotEquals": {"aws:SourceAccount": "123456789012"}}},
        {**ALLOW, "Principal": "*", "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}}},
        {**ALLOW, "Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": "*"}}},
        {**ALLOW, "Principal": EVENTS},
        {**ALLOW, "Principal": EVENTS, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
    ],
)
def test_policy_for_everyone_is_reported(statement: dict[str, Any]) -> None:
    (message,) = told(NO_PUBLIC_POLICY, QUEUE_POLICY, {"policy": document(DENY_PLAIN_HTTP, statement)})
    assert "Name the accounts" in message


def test_role_that_everyone_may_assume_is_reported() -> None:
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    assert told(NO_PUBLIC_POLICY, ROLE, {"assumeRolePolicy": document({**assume, "Principal": EVENTS})}) == []
    assert len(told(NO_PUBLIC_POLICY, ROLE, {"assumeRolePolicy": document({**assume, "Principal": "*"})})) == 1


@pytest.mark.parametrize(
    ("props", "is_open"),
    [
        ({"principal": "events.amazonaws.com", "sourceArn": "arn:rule"}, False),
        ({"principal": "events.amazonaws.com", "sourceArn": UNKNOWN}, False),
        ({"principal": "s3.amazonaws.com", "sourceAccount": "123456789012"}, False),
        ({"principal": "*", "principalOrgId": "o-1"}, False),
        ({"principal": "123456789012"}, False),
        ({"principal": "events.amazonaws.com"}, True),
        ({"principal": "*"}, True),
    ],
    ids=str,
)
def test_public_function_permission_is_reported(props: Props, is_open: bool) -> None:
    assert len(told(NO_PUBLIC_POLICY, PERMISSION, props)) == is_open


def test_other_resources_have_no_such_properties() -> None:
    assert told(NO_PUBLIC_POLICY, "aws:sqs/queue:Queue", {"principal": "*", "authorizationType": "NONE"}) == []


@pytest.mark.parametrize(("authorization", "is_open"), [("AWS_IAM", False), ("NONE", True)])
def test_function_url_without_authentication_is_reported(authorization: str, is_open: bool) -> None:
    type_ = "aws:lambda/functionUrl:FunctionUrl"
    assert len(told(NO_PUBLIC_POLICY, type_, {"authorizationType": authorization})) == is_open
