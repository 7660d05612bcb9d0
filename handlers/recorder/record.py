"""The function that receives the end of every execution: it writes the log and the error, and ends the wait."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from facts import RECORDED_DECISION
from handlers.aws import error_code
from handlers.executions import Executions, executions
from handlers.recorder.execution_log import render
from handlers.recorder.files import Files, files
from handlers.recorder.history import History, read_history
from handlers.recorder.status_change import Ending
from handlers.stories import Stories, stories
from handlers.subject import is_subject
from handlers.telemetry import logged, logger
from handlers.timestamps import timestamp


@logged
def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Record one end. A failure is raised, so that the event is delivered again: every step may be repeated."""
    record(Ending.of(event), executions=executions(), files=files(), stories=stories())


def record(ending: Ending, *, executions: Executions, files: Files, stories: Stories) -> None:
    """Record how an execution ended. Recording is idempotent, and a newer end wins.

    A success at the first attempt has written its log, so its history is not read: an account may read 20 a second.
    https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html

    Raises:
        TransientError: AWS is out of reach.
    """
    if not ending.failed and not ending.redriven and files.finish_log(ending.name):
        logger().info("Recorded", execution=ending.name, status=ending.status)
        return
    history = _history(ending, executions)
    if history.redriven and history.redriven > ending.stopped:
        logger().info("Redriven since", execution=ending.name, status=ending.status)
        return
    if ending.failed:
        _record_failure(ending, history, files, stories)
    elif ending.redriven:
        files.remove_error(ending.name)
    files.write_log(ending.name, render(ending, history))
    logger().info("Recorded", execution=ending.name, status=ending.status, jiraStoryId=history.story_id)


def _record_failure(ending: Ending, history: History, files: Files, stories: Stories) -> None:
    failure = ending.failure(history)
    stopped = timestamp(ending.stopped)
    error = {
        "executionName": ending.name,
        "executionArn": ending.execution_arn,
        "error": failure.error,
        "cause": failure.cause,
        "state": failure.state,
        "jiraStoryId": history.story_id,
        **_decision(history),
        "occurredAt": stopped,
    }
    try:
        # First: a reader of the error may send a callback, which must find the wait marked as over. A refused document
        # may name anything as its story; workflows register valid subjects only.
        if history.story_id and is_subject(history.story_id):
            stories.mark_ended(history.story_id, ending.name, reason=failure.error, at=stopped, began_by=stopped)
    finally:
        written = files.write_error(ending.name, error, since=history.redriven or ending.attempt_began)
        logger().info("Failed execution", execution=ending.name, error=failure.error, written=written)


def _decision(history: History) -> dict[str, str | None]:
    """Return the decision of the execution, with the field names of the state machine's own `error.json`."""
    taken = history.variables.get("callback")
    values = taken if isinstance(taken, dict) else {}
    found = {name: values.get(field) for name, field in RECORDED_DECISION.items()}
    return {name: history.redacted(value) if isinstance(value, str) else None for name, value in found.items()}


def _history(ending: Ending, executions: Executions) -> History:
    try:
        return read_history(executions.history(ending.execution_arn))
    except ClientError as error:
        # A late event may outlive the history (90 days); the event's own fields are still worth recording.
        if error_code(error) == "ExecutionDoesNotExist":
            return History()
        raise
