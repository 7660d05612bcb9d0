"""Permissions of AWS services that act as a role."""

import io
import json
import textwrap
import uuid
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.sandbox.iam.conftest import Account

ACCOUNT = "123456789012"
LOGS = {"Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}


def function(account: Account, role: str, body: str, **options: Any) -> str:
    """Make a function and return its name."""
    name = f"f-{uuid.uuid4()}"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("main.py", f"def handler(event, context):\n{textwrap.indent(textwrap.dedent(body), '    ')}")
    account.clients("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="main.handler",
        Code={"ZipFile": archive.getvalue()},
        Role=role,
        **options,
    )
    return name


def lines(account: Account, name: str) -> list[str]:
    """Return the log lines of the function; none if its log group is missing."""
    logs = account.clients("logs")
    if not logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]:
        return []
    return [event["message"] for event in logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]]


def run(account: Account, role: str, state: dict[str, Any]) -> dict[str, Any]:
    """Run one state as a state machine of that role, and return how it ended."""
    states = account.clients("stepfunctions")
    definition = {"QueryLanguage": "JSONata", "StartAt": "Only", "States": {"Only": {"End": True, **state}}}
    name = f"m-{uuid.uuid4()}"
    machine = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    assert account.server.wait_idle(30)
    while (found := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        pass
    return dict(found)


def test_a_function_calls_as_its_role(account: Account) -> None:
    body = """
    import boto3
    try:
        return boto3.client("s3").list_buckets()["Owner"] and "listed"
    except Exception as error:
        return str(error)
    """
    role = account.role(LOGS)
    name = function(account, role, body)

    def answer() -> str:
        return str(json.load(account.clients("lambda").invoke(FunctionName=name)["Payload"]))

    assert (
        f"assumed-role/{role.rpartition('/')[2]}/{name} is not authorized to perform: s3:ListAllMyBuckets" in answer()
    )
    account.allow(role.rpartition("/")[2], LOGS, {"Action": "s3:ListAllMyBuckets", "Resource": "*"})
    assert answer() == "listed"


@pytest.mark.parametrize(
    ("actions", "logged"),
    [
        (["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], True),
        (["logs:CreateLogGroup", "logs:CreateLogStream"], False),
        (["logs:CreateLogGroup", "logs:PutLogEvents"], False),
        (["logs:CreateLogStream", "logs:PutLogEvents"], False),
    ],
)
def test_lambda_logs_as_the_functions_role(account: Account, actions: list[str], logged: bool) -> None:
    name = function(account, account.role({"Action": actions, "Resource": "*"}), "print('hello')")
    assert "FunctionError" not in account.clients("lambda").invoke(FunctionName=name)
    assert ("hello" in lines(account, name)) is logged


@pytest.mark.parametrize("allowed", [True, False])
def test_lambda_sends_to_a_dead_letter_queue_as_the_functions_role(account: Account, allowed: bool) -> None:
    queue = account.clients("sqs").create_queue(QueueName=f"dead-{uuid.uuid4()}")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{queue.rpartition('/')[2]}"
    role = account.role(LOGS, *([{"Action": "sqs:SendMessage", "Resource": arn}] if allowed else []))
    name = function(account, role, "raise ValueError", DeadLetterConfig={"TargetArn": arn})
    account.clients("lambda").invoke(FunctionName=name, InvocationType="Event")
    assert account.server.wait_idle(60)
    assert len(account.clients("sqs").receive_message(QueueUrl=queue).get("Messages", [])) == allowed


def test_a_state_machine_calls_as_its_role(account: Account) -> None:
    state = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets", "Arguments": {}}
    refused = run(account, account.role(service="states.amazonaws.com"), state)
    assert refused["error"] == "S3.S3Exception"
    assert "is not authorized to perform: s3:ListAllMyBuckets" in refused["cause"]
    right = {"Action": "s3:ListAllMyBuckets", "Resource": "*"}
    assert run(account, account.role(right, service="states.amazonaws.com"), state)["status"] == "SUCCEEDED"


def test_a_state_machine_invokes_functions_as_its_role(account: Account) -> None:
    name = function(account, account.role(LOGS), "return 1")
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"
    state = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": arn}}
    refused = run(account, account.role(service="states.amazonaws.com"), state)
    assert refused["error"] == "Lambda.AWSLambdaException"
    assert f"lambda:InvokeFunction on resource: {arn}" in refused["cause"]
    right = {"Action": "lambda:InvokeFunction", "Resource": arn}
    assert run(account, account.role(right, service="states.amazonaws.com"), state)["status"] == "SUCCEEDED"


def test_an_http_task_needs_the_call_and_the_credentials(account: Account) -> None:
    events = account.clients("events")
    key = {"ApiKeyName": "Authorization", "ApiKeyValue": "Bearer x"}
    made = events.create_connection(
        Name=f"c-{uuid.uuid4()}", AuthorizationType="API_KEY", AuthParameters={"ApiKeyAuthParameters": key}
    )
    connection, secret = made["ConnectionArn"], events.describe_connection(Name=made["ConnectionArn"].split("/")[1])
    arguments = {
        "ApiEndpoint": "http://127.0.0.1:1/x",
        "Method": "POST",
        "Authentication": {"ConnectionArn": connection},
    }
    state = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Arguments": arguments}
    role = account.role(service="states.amazonaws.com")

    def ends_with(*statements: dict[str, Any]) -> str:
        if statements:
            account.allow(role.rpartition("/")[2], *statements)
        return str(run(account, role, state)["error"])

    method = {
        "StringEquals": {"states:HTTPMethod": "POST"},
        "StringLike": {"states:HTTPEndpoint": "http://127.0.0.1:1/*"},
    }
    call = {"Action": "states:InvokeHTTPEndpoint", "Resource": "*", "Condition": method}
    retrieve = {"Action": "events:RetrieveConnectionCredentials", "Resource": connection}
    read = {
        "Action": ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        "Resource": secret["SecretArn"],
    }
    other = {**call, "Condition": {"StringEquals": {"states:HTTPMethod": "GET"}}}
    assert ends_with() == "States.Permissions"
    assert ends_with(other, retrieve, read) == "States.Permissions"
    assert ends_with(call) == "Events.ConnectionResource.AccessDenied"
    assert ends_with(call, retrieve) == "Events.ConnectionResource.AccessDenied"
    assert ends_with(call, read) == "Events.ConnectionResource.AccessDenied"
    # Nothing listens there: the call itself is allowed.
    assert ends_with(call, retrieve, read) == "States.Http.Socket"


def test_a_token_may_be_sent_back_to_its_own_state_machine_only(account: Account) -> None:
    states = account.clients("stepfunctions")
    queue = account.clients("sqs").create_queue(QueueName=f"tokens-{uuid.uuid4()}")["QueueUrl"]
    wait = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken",
        "Arguments": {"QueueUrl": queue, "MessageBody": "{% $states.context.Task.Token %}"},
        "End": True,
    }
    definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": "Wait", "States": {"Wait": wait}})
    role = account.role({"Action": "sqs:SendMessage", "Resource": "*"}, service="states.amazonaws.com")
    machine = states.create_state_machine(name="waiting", definition=definition, roleArn=role)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    token = account.clients("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"][0]["Body"]
    stranger = account.role({"Action": "states:SendTaskSuccess", "Resource": f"{machine}-other"})
    with pytest.raises(Exception, match=f"states:SendTaskSuccess on resource: {machine}"):
        account.client(stranger, "stepfunctions").send_task_success(taskToken=token, output="1")
    with pytest.raises(Exception, match="InvalidToken"):
        account.client(stranger, "stepfunctions").send_task_success(taskToken="none", output="1")
    own = account.role({"Action": "states:SendTaskSuccess", "Resource": machine})
    account.client(own, "stepfunctions").send_task_success(taskToken=token, output="1")
    while states.describe_execution(executionArn=execution)["status"] == "RUNNING":
        pass
    with pytest.raises(Exception, match=f"states:SendTaskSuccess on resource: {machine}"):
        account.client(stranger, "stepfunctions").send_task_success(taskToken=token, output="1")


KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def _may_use_key(*actions: str, via: str) -> dict[str, Any]:
    condition = {"StringLike": {"kms:ViaService": f"{via}.*.amazonaws.com"}}
    return {"Action": list(actions), "Resource": KEY, "Condition": condition}


def test_encrypted_queue_needs_permission_to_use_its_key(account: Account) -> None:
    queue = account.clients("sqs").create_queue(QueueName=f"q-{uuid.uuid4()}", Attributes={"KmsMasterKeyId": KEY})
    send = {"Action": "sqs:SendMessage", "Resource": "*"}
    role = account.role(send)
    client = account.client(role, "sqs")
    for too_little in ([], [_may_use_key("kms:GenerateDataKey", "kms:Decrypt", via="sns")]):
        account.allow(role.rpartition("/")[2], send, *too_little)
        with pytest.raises(ClientError, match="not authorized to perform: kms:GenerateDataKey"):
            client.send_message(QueueUrl=queue["QueueUrl"], MessageBody="x")
    account.allow(role.rpartition("/")[2], send, _may_use_key("kms:GenerateDataKey", "kms:Decrypt", via="sqs"))
    client.send_message(QueueUrl=queue["QueueUrl"], MessageBody="x")


def test_executions_of_an_encrypted_machine_need_its_key(account: Account) -> None:
    definition = {"QueryLanguage": "JSONata", "StartAt": "Only", "States": {"Only": {"Type": "Succeed"}}}
    machine = account.clients("stepfunctions").create_state_machine(
        name=f"m-{uuid.uuid4()}",
        definition=json.dumps(definition),
        roleArn=account.role(service="states.amazonaws.com"),
        encryptionConfiguration={"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": KEY},
    )["stateMachineArn"]
    work = {"Action": "states:*", "Resource": "*"}
    role = account.role(work, _may_use_key("kms:Decrypt", via="states"))
    client = account.client(role, "stepfunctions")
    with pytest.raises(ClientError, match="not authorized to perform: kms:GenerateDataKey"):
        client.start_execution(stateMachineArn=machine)
    execution = account.clients("stepfunctions").start_execution(stateMachineArn=machine)["executionArn"]
    assert client.describe_execution(executionArn=execution)["stateMachineArn"] == machine
    assert client.describe_state_machine(stateMachineArn=machine)["status"] == "ACTIVE"
    account.allow(role.rpartition("/")[2], work)
    for read, named in (
        (client.get_execution_history, {"executionArn": execution}),
        (client.describe_state_machine, {"stateMachineArn": machine}),
    ):
        with pytest.raises(ClientError, match="not authorized to perform: kms:Decrypt"):
            read(**named)
    # Nothing in these lists is encrypted.
    assert client.list_executions(stateMachineArn=machine)["executions"]
