"""Asynchronous invocations: tried again, then sent on to a dead-letter queue; or recorded at a destination."""

import json

from tests.unit.sandbox.services.aws import Aws, until


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
