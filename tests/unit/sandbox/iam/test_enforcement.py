"""Enforcement of IAM: calls of a role need a policy; refusals are AWS's."""

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.sandbox.iam.conftest import Account

ACCOUNT = "123456789012"
REFUSED_STATUS = {"s3": 403, "sqs": 403, "sns": 403, "dynamodb": 400, "secretsmanager": 400, "stepfunctions": 400}


@pytest.fixture(scope="module")
def things(account: Account) -> dict[str, str]:
    """Create the resources that the tests use."""
    clients = account.clients
    clients("s3").create_bucket(Bucket="files")
    clients("s3").put_object(Bucket="files", Key="a/b", Body=b"x")
    clients("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return {
        "queue": clients("sqs").create_queue(QueueName="letters")["QueueUrl"],
        "topic": clients("sns").create_topic(Name="news")["TopicArn"],
        "secret": clients("secretsmanager").create_secret(Name="token", SecretString="x")["ARN"],
        "machine": clients("stepfunctions").create_state_machine(
            name="machine",
            definition=json.dumps(
                {"QueryLanguage": "JSONata", "StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
            ),
            roleArn=account.role(service="states.amazonaws.com"),
        )["stateMachineArn"],
    }


def error_of(call: Any, **arguments: Any) -> Any:
    """Return the error that a call ends with."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value


KEY = {"id": {"S": "1"}}
CALLS = [
    ("s3", "get_object", {"Bucket": "files", "Key": "a/b"}, "s3:GetObject", "arn:aws:s3:::files/a/b", "AccessDenied"),
    ("s3", "list_objects_v2", {"Bucket": "files"}, "s3:ListBucket", "arn:aws:s3:::files", "AccessDenied"),
    ("dynamodb", "get_item", {"TableName": "orders", "Key": KEY}, "dynamodb:GetItem", "table/orders", ""),
    ("sqs", "send_message", {"QueueUrl": "{queue}", "MessageBody": "x"}, "sqs:SendMessage", ":letters", "AccessDenied"),
    ("sns", "publish", {"TopicArn": "{topic}", "Message": "x"}, "sns:Publish", ":news", "AuthorizationError"),
    ("secretsmanager", "get_secret_value", {"SecretId": "{secret}"}, "secretsmanager:GetSecretValue", ":token", ""),
    ("secretsmanager", "get_secret_value", {"SecretId": "token"}, "secretsmanager:GetSecretValue", ":token", ""),
    ("stepfunctions", "start_execution", {"stateMachineArn": "{machine}"}, "states:StartExecution", ":machine", ""),
]


@pytest.mark.parametrize(("service", "method", "arguments", "action", "resource", "code"), CALLS)
def test_a_call_needs_its_action_on_its_resource(
    account: Account,
    things: dict[str, str],
    service: str,
    method: str,
    arguments: dict[str, Any],
    action: str,
    resource: str,
    code: str,
) -> None:
    given = {name: value.format(**things) if isinstance(value, str) else value for name, value in arguments.items()}
    role = account.role({"Action": "logs:*", "Resource": "*"})
    name = role.rpartition("/")[2]
    client = account.client(role, service)
    error = error_of(getattr(client, method), **given)
    assert error.response["Error"]["Code"] == (code or "AccessDeniedException")
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == REFUSED_STATUS[service]
    message = error.response["Error"]["Message"]
    assert message.startswith(f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{name}/test is not authorized to perform: ")
    assert f"{action} on resource: arn:aws:" in message
    assert resource in message

    named = re.search(r"on resource: (\S+) because", message)
    assert named
    account.allow(name, {"Action": action, "Resource": named[1]})
    getattr(client, method)(**given)


def test_refused_call_has_no_effect(account: Account, things: dict[str, str]) -> None:
    assert things
    table = account.client(account.role({"Action": "dynamodb:GetItem", "Resource": "*"}), "dynamodb")
    error_of(table.put_item, TableName="orders", Item=KEY)
    assert "Item" not in table.get_item(TableName="orders", Key=KEY)


def test_each_write_of_a_transaction_needs_permission(account: Account, things: dict[str, str]) -> None:
    assert things
    arn = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"
    role = account.role({"Action": ["dynamodb:PutItem"], "Resource": arn})
    table = account.client(role, "dynamodb")
    put = {"Put": {"TableName": "orders", "Item": {"id": {"S": "2"}}}}
    check = {"ConditionCheck": {"TableName": "orders", "Key": KEY, "ConditionExpression": "attribute_not_exists(id)"}}
    table.transact_write_items(TransactItems=[put])
    error = error_of(table.transact_write_items, TransactItems=[put, check])
    assert "dynamodb:ConditionCheckItem on resource" in str(error)


def test_an_index_is_a_resource_of_its_own(account: Account, things: dict[str, str]) -> None:
    assert things
    role = account.role({"Action": "dynamodb:Query", "Resource": f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"})
    query = {"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "1"}}}
    error = error_of(account.client(role, "dynamodb").query, TableName="orders", IndexName="waiting", **query)
    assert "table/orders/index/waiting" in str(error)


def test_missing_object_is_access_denied_without_list_permission(account: Account, things: dict[str, str]) -> None:
    assert things
    read = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::files/*"}
    missing = {"Bucket": "files", "Key": "nothing"}
    blind = account.client(account.role(read), "s3")
    assert error_of(blind.get_object, **missing).response["Error"]["Code"] == "AccessDenied"
    seeing = account.client(account.role(read, {"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::files"}), "s3")
    assert error_of(seeing.get_object, **missing).response["Error"]["Code"] == "NoSuchKey"


def test_conditions_see_the_request(account: Account, things: dict[str, str]) -> None:
    assert things
    prefix = {"StringLike": {"s3:prefix": "a/*"}}
    role = account.role({"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::files", "Condition": prefix})
    client = account.client(role, "s3")
    assert client.list_objects_v2(Bucket="files", Prefix="a/b")["KeyCount"] == 1
    error_of(client.list_objects_v2, Bucket="files", Prefix="b/")


def test_a_resource_policy_may_allow_what_the_role_does_not_have(account: Account, things: dict[str, str]) -> None:
    role = account.role({"Action": "logs:*", "Resource": "*"})
    client = account.client(role, "sqs")
    error_of(client.send_message, QueueUrl=things["queue"], MessageBody="x")
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:letters"
    statement = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    account.clients("sqs").set_queue_attributes(QueueUrl=things["queue"], Attributes={"Policy": policy})
    client.send_message(QueueUrl=things["queue"], MessageBody="x")
    denied = json.dumps({"Version": "2012-10-17", "Statement": [statement, {**statement, "Effect": "Deny"}]})
    account.clients("sqs").set_queue_attributes(QueueUrl=things["queue"], Attributes={"Policy": denied})
    assert "explicit deny" in str(error_of(client.send_message, QueueUrl=things["queue"], MessageBody="x"))


def test_a_boundary_limits_what_policies_allow(account: Account, things: dict[str, str]) -> None:
    assert things
    only_lists = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:List*", "Resource": "*"}]}
    made = account.clients("iam").create_policy(PolicyName="limit", PolicyDocument=json.dumps(only_lists))
    role = account.role({"Action": "s3:*", "Resource": "*"}, PermissionsBoundary=made["Policy"]["Arn"])
    client = account.client(role, "s3")
    client.list_objects_v2(Bucket="files")
    error_of(client.get_object, Bucket="files", Key="a/b")


def test_an_attached_policy_counts(account: Account, things: dict[str, str]) -> None:
    assert things
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    made = account.clients("iam").create_policy(PolicyName="read", PolicyDocument=json.dumps(policy))
    role = account.role({"Action": "logs:*", "Resource": "*"})
    client = account.client(role, "s3")
    error_of(client.get_object, Bucket="files", Key="a/b")
    name = role.rpartition("/")[2]
    account.clients("iam").attach_role_policy(RoleName=name, PolicyArn=made["Policy"]["Arn"])
    client.get_object(Bucket="files", Key="a/b")


def test_role_assumption_needs_permission_and_trust(account: Account) -> None:
    trusting = account.role({"Action": "s3:*", "Resource": "*"}, service="sns.amazonaws.com")
    role = account.role({"Action": "sts:AssumeRole", "Resource": "*"})
    taking = account.client(role, "sts")
    error = error_of(taking.assume_role, RoleArn=trusting, RoleSessionName="other")
    assert f"sts:AssumeRole on resource: {trusting}" in str(error)
    trust = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": "sts:AssumeRole"}
    account.clients("iam").update_assume_role_policy(
        RoleName=trusting.rpartition("/")[2], PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    taking.assume_role(RoleArn=trusting, RoleSessionName="other")


def test_every_caller_may_get_its_identity(account: Account) -> None:
    role = account.role()
    assert account.client(role, "sts").get_caller_identity()["Arn"].endswith("/test")


def test_unknown_service_needs_the_action_on_all_resources(account: Account) -> None:
    named = account.role({"Action": "ssm:PutParameter", "Resource": "arn:aws:ssm:us-east-1:123456789012:parameter/x"})
    put = {"Name": "x", "Value": "1", "Type": "String"}
    error_of(account.client(named, "ssm").put_parameter, **put)
    everything = account.role({"Action": "ssm:PutParameter", "Resource": "*"})
    account.client(everything, "ssm").put_parameter(**put)


def test_used_and_unused_permissions_are_distinguished(account: Account, things: dict[str, str]) -> None:
    assert things
    read = {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["arn:aws:s3:::files/*", "arn:aws:s3:::other/*"]}
    role = account.role(read)
    account.client(role, "s3").get_object(Bucket="files", Key="a/b")
    found = {(e["action"], e["resource"]): e["used"] for e in account.server.permissions() if e["role"] == role}
    assert found == {
        ("s3:GetObject", "arn:aws:s3:::files/*"): True,
        ("s3:GetObject", "arn:aws:s3:::other/*"): False,
        ("s3:PutObject", "arn:aws:s3:::files/*"): False,
        ("s3:PutObject", "arn:aws:s3:::other/*"): False,
    }
