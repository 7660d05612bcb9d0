"""The function behind `POST /callback`."""

import hashlib
import json
import os
import re
import time
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import TransientError
from handlers.callback.authenticate import is_authenticated
from handlers.callback.bodies import Ignored, StatusNames, parse
from handlers.callback.resume import Outcome, Resumption
from handlers.executions import executions
from handlers.http_api import Request, Response, answer, unauthorized
from handlers.payloads import PayloadError
from handlers.secret import Secret, secret
from handlers.stories import Story, stories
from handlers.telemetry import count, logged, logger, measured
from handlers.timestamps import timestamp

MAX_BODY_BYTES = 262_144
"""No more could become a task's output.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html"""

RETRY_AFTER_SECONDS = 5

_CALLBACK_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")

_ANSWERS = {
    Outcome.RESUMED: (200, "The workflow goes on"),
    Outcome.ALREADY_RESUMED: (200, "The workflow had this story's callback already"),
    Outcome.PARKED: (202, "The workflow takes the callback when it comes to its wait"),
    Outcome.NOT_FOUND: (404, "No workflow is registered for this story"),
    Outcome.GONE: (410, "The workflow no longer waits: it timed out, failed or was stopped"),
    Outcome.UNAVAILABLE: (503, "Not every workflow could be resumed; send the callback again"),
}


@logged
@measured
def handler(event: dict[str, Any], _context: LambdaContext) -> Response:
    """Answer a callback; whatever happens, in JSON and without details of our inside."""
    at = timestamp(datetime.now(UTC))
    resumption = Resumption(stories=stories(), workflow=executions(), at=at, sleep=time.sleep, on_loss=_log_unmarked)
    try:
        response = receive(Request.from_event(event), secret=secret(), resumption=resumption, names=_status_names())
    except TransientError as error:
        logger().warning("AWS is out of reach", error=str(error))
        response = _unavailable({"message": "Try again in a moment"})
    except Exception:
        logger().exception("The callback failed")
        response = answer(500, {"status": "error", "message": "The callback failed here; send it again"})
    status = json.loads(response["body"])["status"]
    count("Callback" + "".join(map(str.capitalize, status.split("-"))))
    return response


def receive(request: Request, *, secret: Secret, resumption: Resumption, names: StatusNames) -> Response:
    """Authenticate, then parse, then resume.

    Raises:
        TransientError: AWS is out of reach; a repetition helps.
    """
    if not is_authenticated(request, secret):
        logger().warning("Callback refused: not authenticated")
        return unauthorized()
    if len(request.body) > MAX_BODY_BYTES:
        message = f"The body has {len(request.body)} bytes; at most {MAX_BODY_BYTES} are read"
        return answer(413, {"status": "too-large", "message": message})
    try:
        callback = parse(request.body, names=names, at=resumption.at)
    except PayloadError as error:
        logger().info("Callback refused: invalid", fields=[each.field for each in error.errors])
        invalid = {"status": "invalid", "message": "The body is not a callback", "errors": error.as_json()}
        return answer(400, invalid)
    if isinstance(callback, Ignored):
        logger().info("Callback ignored", jiraStoryId=callback.jira_story_id, reason=callback.reason)
        ignored = {"status": "ignored", "message": callback.reason, "jiraStoryId": callback.jira_story_id}
        return answer(200, ignored)
    result = resumption.offer(callback, _callback_id(request))
    story_id = callback.jira_story_id
    logger().info("Callback taken", jiraStoryId=story_id, outcome=result.outcome, executions=result.executions)
    status_code, message = _ANSWERS[result.outcome]
    body = {"message": message, "jiraStoryId": story_id, "executions": result.executions}
    if result.outcome is Outcome.UNAVAILABLE:
        return _unavailable(body)
    return answer(status_code, {"status": result.outcome, **body})


def _unavailable(body: dict[str, Any]) -> Response:
    return answer(503, {"status": Outcome.UNAVAILABLE, **body}, {"retry-after": str(RETRY_AFTER_SECONDS)})


def _callback_id(request: Request) -> str:
    """What marks this callback: Jira repeats its identifier on every retry; else the same body is the same callback."""
    sent = request.headers.get("x-atlassian-webhook-identifier", "").strip()
    return sent if _CALLBACK_ID.fullmatch(sent) else f"sha256:{hashlib.sha256(request.body).hexdigest()}"


def _log_unmarked(story: Story) -> None:
    logger().warning("Resumed, but not marked so", jiraStoryId=story.story_id, execution=story.execution_name)


@cache
def _status_names() -> StatusNames:
    return StatusNames.of(json.loads(os.environ["JIRA_DONE_STATUSES"]), json.loads(os.environ["JIRA_FAILED_STATUSES"]))
