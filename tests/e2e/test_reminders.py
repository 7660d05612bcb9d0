"""Reminders of stories that wait long, through the topic."""

from datetime import timedelta

from tests.e2e.client import Client, document, done, eventually, story
from tests.e2e.inbox import Inbox, let_wait_since


def _sweep(aws: Client) -> None:
    answer = aws.aws("lambda").invoke(FunctionName=aws.outputs["sweeper_lambda_arn"], Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()


def test_reminder_is_sent_once_and_the_release_continues(aws: Client) -> None:
    key = story()
    inbox = Inbox(aws)
    run = aws.start(document(key))
    run.waiting(key)
    _sweep(aws)
    assert inbox.about(key) == []
    let_wait_since(run, key, timedelta(hours=4, minutes=1))
    _sweep(aws)
    [told] = eventually(lambda: inbox.about(key) or None, "the reminder")
    assert key in told["Subject"]
    assert "4 h 1 min" in told["Message"]
    assert run.arn in told["Message"]
    _sweep(aws)
    assert inbox.about(key) == []
    assert aws.call_back(done(key)).status == "resumed"
    assert run.ended()["status"] == "SUCCEEDED"
