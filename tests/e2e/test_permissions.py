"""Roles may do on the sandbox what they may do on AWS: the stack's configuration decides, not the emulator."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.e2e.client import Client, Run, document, done, story
from tests.stacks import INPUT_BUCKET

DENIED = r"AccessDenied.* is not authorized to perform: "


def test_document_in_a_named_further_bucket_is_read(connected: Client) -> None:
    key = story()
    for bucket in (INPUT_BUCKET, "bucket-of-somebody-else"):
        connected.s3.create_bucket(Bucket=bucket)
        connected.s3.put_object(Bucket=bucket, Key="x.json", Body=json.dumps(document(key)).encode())
    connected.start_with({"inputFile": "x.json", "bucket": INPUT_BUCKET}).waiting(key)
    missing = connected.start_with({"inputFile": "missing.json", "bucket": INPUT_BUCKET})
    assert "missing.json does not exist" in missing.error()["cause"]
    refused = connected.start_with({"inputFile": "x.json", "bucket": "bucket-of-somebody-else"})
    assert refused.ended()["status"] == "FAILED"
    resource = "arn:aws:s3:::bucket-of-somebody-else/x.json"
    assert f"is not authorized to perform: s3:GetObject on resource: {resource}" in refused.error()["cause"]


class TestOperator:
    """The role of operators: `stepfunctions_user_role_arn`."""

    def test_starts_follows_and_ends_releases(self, aws: Client) -> None:
        operator = aws.acting_as(aws.outputs["stepfunctions_user_role_arn"])
        key = story()
        run = operator.start(document(key))
        Run(aws, run.arn).waiting(key)
        aws.call_back(done(key))
        assert run.ended()["status"] == "SUCCEEDED"
        assert run.result()["jiraStoryId"] == key
        assert run.states()
        states, machine = operator.stepfunctions, operator.outputs["state_machine_arn"]
        assert states.describe_state_machine(stateMachineArn=machine)["status"] == "ACTIVE"
        assert run.arn in {
            each["executionArn"] for each in states.list_executions(stateMachineArn=machine)["executions"]
        }
        listed = operator.s3.list_objects_v2(Bucket=operator.bucket, Prefix=f"outputs/{run.name}/")["Contents"]
        assert [each["Key"] for each in listed] == [f"outputs/{run.name}/result.json"]
        other = operator.start(document(story()))
        states.stop_execution(executionArn=other.arn)
        assert other.ended()["status"] == "ABORTED"

    def test_starts_and_follows_orders(self, aws: Client) -> None:
        operator = aws.acting_as(aws.outputs["stepfunctions_user_role_arn"])
        states, machine = operator.stepfunctions, operator.outputs["orders_state_machine_arn"]
        arn = states.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
        assert states.describe_execution(executionArn=arn)["stateMachineArn"] == machine
        states.get_execution_history(executionArn=arn)
        states.list_executions(stateMachineArn=machine)
        assert states.describe_state_machine(stateMachineArn=machine)["status"] == "ACTIVE"
        states.stop_execution(executionArn=arn)

    def test_may_redrive(self, aws: Client) -> None:
        operator = aws.acting_as(aws.outputs["stepfunctions_user_role_arn"])
        for output in ("state_machine_arn", "orders_state_machine_arn"):
            machine = operator.outputs[output]
            run = operator.stepfunctions.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
            with pytest.raises(ClientError) as caught:
                operator.stepfunctions.redrive_execution(executionArn=run)
            # It is the sandbox that cannot redrive; IAM has let the call through.
            assert caught.value.response["Error"]["Code"] != "AccessDeniedException"

    def test_moves_the_alias_between_versions(self, aws: Client) -> None:
        states = aws.acting_as(aws.outputs["stepfunctions_user_role_arn"]).stepfunctions
        for workflow in aws.outputs["workflows"]:
            (version,) = states.list_state_machine_versions(stateMachineArn=workflow["arn"])["stateMachineVersions"]
            alias = workflow["alias_arn"]
            routes = states.describe_state_machine_alias(stateMachineAliasArn=alias)["routingConfiguration"]
            assert routes == [{"stateMachineVersionArn": version["stateMachineVersionArn"], "weight": 100}]
            states.update_state_machine_alias(stateMachineAliasArn=alias, routingConfiguration=routes)

    def test_reads_every_log(self, aws: Client) -> None:
        operator = aws.acting_as(aws.outputs["stepfunctions_user_role_arn"])
        logs = operator.aws("logs")
        names = [group["logGroupName"] for group in aws.aws("logs").describe_log_groups()["logGroups"]]
        assert len(names) > 10
        for name in names:
            logs.filter_log_events(logGroupName=name)
            # Whether a function has run, and so has a stream, is up to the other tests.
            aws.aws("logs").create_log_stream(logGroupName=name, logStreamName="of this test")
            for stream in logs.describe_log_streams(logGroupName=name)["logStreams"]:
                logs.get_log_events(logGroupName=name, logStreamName=stream["logStreamName"])

    @pytest.mark.parametrize(
        ("service", "method", "arguments"),
        [
            ("secretsmanager", "get_secret_value", {"SecretId": "{secrets_manager_arn}"}),
            ("dynamodb", "scan", {"TableName": "{dynamodb_table_name}"}),
            ("s3", "put_object", {"Bucket": "{s3_bucket_name}", "Key": "outputs/x/result.json", "Body": "{{}}"}),
            ("s3", "delete_object", {"Bucket": "{s3_bucket_name}", "Key": "inputs/x.json"}),
            ("lambda", "invoke", {"FunctionName": "{payment_service_lambda_arn}"}),
            ("stepfunctions", "delete_state_machine", {"stateMachineArn": "{state_machine_arn}"}),
            ("iam", "list_roles", {}),
        ],
    )
    def test_other_calls_are_denied(self, aws: Client, service: str, method: str, arguments: dict[str, str]) -> None:
        operator = aws.acting_as(aws.outputs["stepfunctions_user_role_arn"])
        call = getattr(operator.aws(service), method)
        with pytest.raises(ClientError, match=DENIED):
            call(**{name: value.format(**aws.outputs) for name, value in arguments.items()})

    def test_may_not_decide_with_a_task_token(self, aws: Client) -> None:
        key = story()
        run = aws.start(document(key))
        run.waiting(key)
        token = run.task_token(key)
        operator = aws.acting_as(aws.outputs["stepfunctions_user_role_arn"])
        with pytest.raises(ClientError, match=DENIED):
            operator.stepfunctions.send_task_success(taskToken=token, output="{}")
