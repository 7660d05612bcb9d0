"""Lambda functions run for real: environment, context, errors, warm starts, limits, logs."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from sandbox.services.lambda_functions import MAX_RESPONSE_BYTES
from tests.unit.sandbox.services.aws import Aws, archive, until


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


RUNTIME_EXITED = "RequestId: {id} Error: Runtime exited"


@pytest.mark.parametrize(
    ("body", "error_type", "message"),
    [
        ("class Declined(Exception): pass\n    raise Declined('no')", "Declined", "no"),
        ("import os; os._exit(3)", "Runtime.ExitError", f"{RUNTIME_EXITED} with error: exit status 3"),
        ("import sys; sys.exit(0)", "Runtime.ExitError", f"{RUNTIME_EXITED} without providing a reason"),
        ("import os; os.kill(os.getpid(), 9)", "Runtime.ExitError", f"{RUNTIME_EXITED} with error: signal: killed"),
        (
            "return {1, 2}",
            "Runtime.MarshalError",
            "Unable to marshal response: Object of type set is not JSON serializable",
        ),
        (
            "import time; time.sleep(60)",
            "Sandbox.Timedout",
            "RequestId: {id} Error: Task timed out after 1.00 seconds",
        ),
        (
            f"return 'x' * {MAX_RESPONSE_BYTES}",
            "Function.ResponseSizeTooLarge",
            "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        ),
    ],
    ids=["raises", "exits", "leaves", "dies", "marshals", "hangs", "talks"],
)
def test_an_error_has_the_name_that_aws_gives_it(
    aws: Aws, body: str, error_type: str, message: str, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    aws.function(name, f"def handler(event, context):\n    {body}", Timeout=1)
    for _ in range(2):
        answer = aws.invoke(name)
        assert answer["FunctionError"] == "Unhandled"
        assert answer["Payload"]["errorType"] == error_type
        expected = message.format(id=answer["ResponseMetadata"]["RequestId"])
        assert answer["Payload"]["errorMessage"] == expected


def test_an_exception_comes_with_its_stack_and_request(aws: Aws) -> None:
    aws.function("stack", "def inner():\n    raise ValueError('bad')\ndef handler(e, c):\n    inner()")
    answer = aws.invoke("stack")
    error = answer["Payload"]
    assert error["requestId"] == answer["ResponseMetadata"]["RequestId"]
    assert [line.split(", ")[1:] for line in error["stackTrace"]] == [
        ["line 4", "in handler\n    inner()\n"],
        ["line 2", "in inner\n    raise ValueError('bad')\n"],
    ]


@pytest.mark.parametrize(
    ("module", "error_type", "message"),
    [
        ("missing", "Runtime.ImportModuleError", "Unable to import module 'missing': No module named 'missing'"),
        ("empty", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'empty'"),
        ("broken", "Runtime.UserCodeSyntaxError", "Syntax error in module 'broken': "),
        ("crashes", "KeyError", "'TABLE'"),
        # Installed here, but not in the zip: on AWS it is not there.
        ("needs", "Runtime.ImportModuleError", "Unable to import module 'needs': No module named 'pulumi'"),
        ("slips", "Runtime.ImportModuleError", "Unable to import module 'slips': No module named 'pydantic'"),
    ],
)
def test_a_handler_that_cannot_be_loaded_says_why(aws: Aws, module: str, error_type: str, message: str) -> None:
    files = {
        "empty.py": "",
        "broken.py": "def :",
        "crashes.py": "import os\nTABLE = os.environ['TABLE']",
        "needs.py": "import pulumi",
        "slips.py": "import pydantic",
    }
    aws.function(f"loads-{module}", "", files=files, Handler=f"{module}.handler")
    for _ in range(2):
        error = aws.invoke(f"loads-{module}")["Payload"]
        assert error["errorType"] == error_type
        assert error["errorMessage"].startswith(message)


def test_a_handler_without_a_module_is_malformed(aws: Aws) -> None:
    aws.function("malformed", "", Handler="app")
    error = aws.invoke("malformed")["Payload"]
    assert error["errorType"] == "Runtime.MalformedHandlerName"
    assert error["errorMessage"] == "Bad handler 'app': not enough values to unpack (expected 2, got 1)"


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


def test_invocations_at_once_run_in_processes_of_their_own(aws: Aws) -> None:
    source = "import os, time\ndef handler(e, c):\n    time.sleep(0.3)\n    return os.getpid()"
    aws.function("parallel", source)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: aws.invoke("parallel")["Payload"], range(4)))
    assert len(set(answers)) == 4


def test_reserved_concurrency_throttles(aws: Aws) -> None:
    aws.function("reserved", "import time\ndef handler(e, c):\n    time.sleep(e)")
    aws.client("lambda").put_function_concurrency(FunctionName="reserved", ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError) as error:
        aws.invoke("reserved", 0)
    assert error.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_the_tail_and_the_log_group_hold_what_the_function_printed(aws: Aws) -> None:
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


def test_an_asynchronous_failure_is_tried_three_times_and_ends_in_the_dead_letter_queue(aws: Aws) -> None:
    sqs = aws.client("sqs")
    queue = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    aws.function("fails", "def handler(e, c):\n    raise ValueError('bad')", DeadLetterConfig={"TargetArn": arn})
    answer = aws.invoke("fails", {"a": 1}, InvocationType="Event")
    assert (answer["StatusCode"], answer["Payload"]) == (202, None)
    message = until(lambda: sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["All"]).get("Messages"))[0]
    assert json.loads(message["Body"]) == {"a": 1}
    assert message["MessageAttributes"]["ErrorMessage"]["StringValue"] == "bad"
    events = aws.client("logs").filter_log_events(logGroupName="/aws/lambda/fails", filterPattern="START")["events"]
    assert len(events) == 3


def test_a_destination_gets_the_invocation_record(aws: Aws) -> None:
    sqs = aws.client("sqs")
    queue = sqs.create_queue(QueueName="succeeded")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    aws.function("succeeds", "def handler(e, c):\n    return e + 1")
    aws.client("lambda").put_function_event_invoke_config(
        FunctionName="succeeds", DestinationConfig={"OnSuccess": {"Destination": arn}}
    )
    aws.invoke("succeeds", 1, InvocationType="Event")
    record = json.loads(until(lambda: sqs.receive_message(QueueUrl=queue).get("Messages"))[0]["Body"])
    assert (record["requestPayload"], record["responsePayload"]) == (1, 2)
    assert record["requestContext"]["condition"] == "Success"
