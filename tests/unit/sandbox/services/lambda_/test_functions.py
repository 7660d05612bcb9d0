"""Lambda functions: environment, context, role, warm starts, limits, logs."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.services.lambda_.pool import CONTAINERS_PER_FUNCTION
from tests.unit.sandbox.services.aws import Aws, archive, until
from tests.unit.sandbox.services.lambda_.test_processes import running


def test_a_function_sees_its_own_environment_and_nothing_of_this_machine(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THIS_MACHINE", "x")
    source = "import os\ndef handler(event, context):\n    return dict(os.environ)"
    aws.function("environment", source, Environment={"Variables": {"TABLE": "stories"}}, MemorySize=256)
    environment = aws.invoke("environment")["Payload"]
    assert "SECRET_OF_THIS_MACHINE" not in environment
    assert environment["TABLE"] == "stories"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "environment"
    assert environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert environment["AWS_LAMBDA_LOG_GROUP_NAME"] == "/aws/lambda/environment"
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "us-east-1"
    assert environment["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert environment["AWS_ENDPOINT_URL"] == aws.server.endpoint_url
    assert environment["_HANDLER"] == "app.handler"


def test_the_context_names_the_function_and_counts_down(aws: Aws) -> None:
    source = """
def handler(event, context):
    return [context.function_name, context.invoked_function_arn, context.memory_limit_in_mb, context.aws_request_id,
            context.get_remaining_time_in_millis(), context.log_group_name, context.function_version]
"""
    arn = aws.function("context", source, Timeout=7)
    answer = aws.invoke("context")
    name, invoked, memory, request_id, remaining, group, version = answer["Payload"]
    assert [name, invoked, memory, group, version] == ["context", arn, "128", "/aws/lambda/context", "$LATEST"]
    assert request_id == answer["ResponseMetadata"]["RequestId"]
    assert 0 < remaining <= 7000


def test_a_function_calls_the_sandbox_as_its_own_role(aws: Aws) -> None:
    source = "import boto3\ndef handler(e, c):\n    return boto3.client('sts').get_caller_identity()['Arn']"
    aws.function("identity", source)
    expected = "arn:aws:sts::123456789012:assumed-role/function/identity"
    assert aws.invoke("identity")["Payload"] == expected


def test_a_container_inherits_the_descriptions_of_the_services_that_functions_call(aws: Aws) -> None:
    source = """
import os, boto3, botocore.loaders
def parse(loader, file_path, opens):
    assert not os.path.isfile(file_path), file_path
botocore.loaders.JSONFileLoader._load_file = parse
def handler(event, context):
    return [boto3.client(service).meta.service_model.service_name for service in event]
"""
    aws.function("inherits", source)
    services = ["dynamodb", "s3", "secretsmanager", "sns", "stepfunctions"]
    assert aws.invoke("inherits", services)["Payload"] == services


def test_a_warm_container_is_used_again_and_a_new_setting_replaces_it(aws: Aws) -> None:
    source = (
        "import os, uuid\nSTARTED = str(uuid.uuid4())\ndef handler(e, c):\n    return [STARTED, os.environ.get('A')]"
    )
    aws.function("warm", source)
    first, second = (aws.invoke("warm")["Payload"] for _ in range(2))
    assert first == second
    aws.client("lambda").update_function_configuration(FunctionName="warm", Environment={"Variables": {"A": "1"}})
    third = aws.invoke("warm")["Payload"]
    assert third[0] != first[0]
    assert third[1] == "1"
    aws.client("lambda").update_function_code(
        FunctionName="warm", ZipFile=archive({"app.py": "handler = lambda e, c: 2"})
    )
    assert aws.invoke("warm")["Payload"] == 2


def test_concurrent_invocations_run_in_separate_processes(aws: Aws) -> None:
    source = "import os, time\ndef handler(e, c):\n    time.sleep(0.3)\n    return os.getpid()"
    aws.function("parallel", source)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: aws.invoke("parallel")["Payload"], range(4)))
    assert len(set(answers)) == 4


def _meeting(aws: Aws, name: str, folder: Path, together: int, answer: str) -> list[Any]:
    """Return the results of concurrent invocations that wait for each other."""
    source = f"""
import os, pathlib, time
def handler(folder, context):
    pathlib.Path(folder, context.aws_request_id).touch()
    while len(list(pathlib.Path(folder).iterdir())) < {together}:
        time.sleep(0.01)
    return {answer}
"""
    aws.function(name, source, Timeout=30)
    with ThreadPoolExecutor(together) as pool:
        return [each["Payload"] for each in pool.map(lambda _: aws.invoke(name, str(folder)), range(together))]


def test_invocations_that_wait_for_each_other_get_containers_enough(aws: Aws, tmp_path: Path) -> None:
    together = 6
    assert together > CONTAINERS_PER_FUNCTION
    assert _meeting(aws, "together", tmp_path, together, "'met'") == ["met"] * together


def test_unused_containers_end(aws: Aws, tmp_path: Path) -> None:
    processes = _meeting(aws, "surplus", tmp_path, CONTAINERS_PER_FUNCTION + 3, "os.getpid()")
    until(lambda: sum(map(running, processes)) == CONTAINERS_PER_FUNCTION)


def test_reserved_concurrency_throttles(aws: Aws) -> None:
    aws.function("reserved", "import time\ndef handler(e, c):\n    time.sleep(e)")
    aws.client("lambda").put_function_concurrency(FunctionName="reserved", ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError) as error:
        aws.invoke("reserved", 0)
    assert error.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_tail_and_log_group_have_the_printed_lines(aws: Aws) -> None:
    source = """
import logging
def handler(event, context):
    print("one")
    logging.warning("two")
    print("three")
"""
    aws.function("prints", source, LoggingConfig={"LogGroup": "/holdpoint/prints"})
    answer = aws.invoke("prints", LogType="Tail")
    request_id = answer["ResponseMetadata"]["RequestId"]
    logs = aws.client("logs")
    events = logs.filter_log_events(logGroupName="/holdpoint/prints")["events"]
    start, one, two, three, end, report = (event["message"] for event in events)
    assert start == f"START RequestId: {request_id} Version: $LATEST"
    assert one == "one"
    assert two.startswith("[WARNING]\t")
    assert two.endswith(f"\t{request_id}\ttwo")
    assert three == "three"
    assert end == f"END RequestId: {request_id}"
    assert report.startswith(f"REPORT RequestId: {request_id}\tDuration: ")
    assert base64.b64decode(answer["LogResult"]).decode().splitlines() == [event["message"] for event in events]


def test_all_environment_variables_can_be_taken_away(aws: Aws) -> None:
    aws.function("emptied", "def handler(e, c): return 1", Environment={"Variables": {"A": "1"}})
    # As the provider says it: the variables are an optional field.
    changed = aws.client("lambda").update_function_configuration(FunctionName="emptied", Environment={})
    assert not changed.get("Environment", {}).get("Variables")


def test_the_json_log_format_is_kept_and_followed(aws: Aws) -> None:
    source = "import logging\ndef handler(e, c):\n    logging.info('two')\n    raise ValueError('bad')"
    aws.function(
        "json",
        source,
        LoggingConfig={"LogFormat": "JSON"},
        DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:123456789012:q"},
    )
    configuration = aws.client("lambda").get_function_configuration(FunctionName="json")
    assert configuration["LoggingConfig"]["LogFormat"] == "JSON"
    assert configuration["DeadLetterConfig"] == {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:q"}
    aws.invoke("json")
    events = aws.client("logs").filter_log_events(logGroupName="/aws/lambda/json")["events"]
    start, line, error, report = (json.loads(event["message"]) for event in events)
    assert start["type"] == "platform.start"
    assert (line["level"], line["message"]) == ("INFO", "two")
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "bad")
    assert report["record"]["status"] == "error"


def test_a_dry_run_runs_nothing_and_bad_json_is_refused(aws: Aws) -> None:
    aws.function("dry", "def handler(e, c):\n    print('ran')")
    assert aws.invoke("dry", InvocationType="DryRun")["StatusCode"] == 204
    with pytest.raises(ClientError) as error:
        aws.client("lambda").invoke(FunctionName="dry", Payload=b"{")
    assert error.value.response["Error"]["Code"] == "InvalidRequestContentException"
    groups = aws.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/dry")["logGroups"]
    assert groups == []
