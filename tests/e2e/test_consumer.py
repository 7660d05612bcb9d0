"""The role of another team's stack (examples/consumer): runs a release with its grants, and nothing else."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.e2e.client import Client, Run, document, done, story
from tests.unit.consumer import consumer

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        ],
    }
)


def _releaser(aws: Client) -> Client:
    """Return the stack as the consumer's role uses it, with the policies that its program writes."""
    seen, exported = consumer(dict(aws.outputs))
    name = exported["releaser_role_name"]
    arn = aws.aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    for grant in seen.all("iam/rolePolicy:RolePolicy"):
        policy = grant.inputs
        aws.aws("iam").put_role_policy(RoleName=name, PolicyName=policy["name"], PolicyDocument=policy["policy"])
    return aws.acting_as(arn)


def _runs_a_release(aws: Client) -> Client:
    releaser, key = _releaser(aws), story()
    run = Run(aws, releaser.start(document(key)).arn)
    run.waiting(key)
    assert releaser.call_back(done(key)).status == "resumed"
    assert run.ended()["status"] == "SUCCEEDED"
    return releaser


def test_releaser_runs_a_release_and_may_do_nothing_else(aws: Client) -> None:
    releaser = _runs_a_release(aws)
    for service, method, arguments in (
        ("stepfunctions", "start_execution", {"stateMachineArn": aws.outputs["orders_state_machine_alias_arn"]}),
        ("stepfunctions", "start_execution", {"stateMachineArn": aws.outputs["state_machine_arn"]}),
        ("stepfunctions", "list_executions", {"stateMachineArn": aws.outputs["state_machine_arn"]}),
        ("s3", "put_object", {"Bucket": aws.bucket, "Key": "outputs/x/result.json", "Body": "{}"}),
        ("s3", "list_objects_v2", {"Bucket": aws.bucket}),
        ("dynamodb", "scan", {"TableName": aws.outputs["dynamodb_table_name"]}),
        ("secretsmanager", "put_secret_value", {"SecretId": aws.outputs["secrets_manager_arn"], "SecretString": "{}"}),
    ):
        call = getattr(releaser.aws(service), method)
        with pytest.raises(ClientError, match=r"AccessDenied.* is not authorized to perform: "):
            call(**arguments)


def test_releaser_of_an_encrypted_stack_may_use_its_key(breakable: Client) -> None:
    _runs_a_release(breakable)
