"""Unsigned requests to a queue's URL."""

import urllib.error
import urllib.request

import pytest

from tests.unit.sandbox.services.aws import Aws


@pytest.mark.parametrize("body", [None, b"Action=GetQueueAttributes&Version=2012-11-05"], ids=["GET", "POST"])
def test_without_credentials_access_is_denied(aws: Aws, body: bytes | None) -> None:
    url = aws.client("sqs").create_queue(QueueName="dead-letters")["QueueUrl"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url, body)
    with refused.value as answer:
        assert answer.code == 403
        assert f"Access to the resource {url} is denied." in answer.read().decode()


def test_with_credentials_the_queue_answers(aws: Aws) -> None:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="letters")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "hello"


def test_a_bucket_of_such_a_name_is_a_bucket(aws: Aws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="123456789012")
    s3.put_object(Bucket="123456789012", Key="no-queue", Body=b"x")
    assert s3.get_object(Bucket="123456789012", Key="no-queue")["Body"].read() == b"x"
