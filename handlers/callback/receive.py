"""The function behind `POST /callback` and the approval page."""

import hashlib
import json
import os
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.answers import Answer, Failed, Invalid, Unauthorized, Unavailable
from handlers.approval.answer import answer as answer_page
from handlers.approval.answer import is_for_page
from handlers.aws import TransientError
from handlers.callback import answers
from handlers.callback.answers import MAX_BODY_BYTES, TooLarge
from handlers.callback.authenticate import identity
from handlers.callback.bodies import Ignored, parse
from handlers.callback.status_names import StatusNames
from handlers.decisions.resume import BODY_DIGEST, Resumption
from handlers.executions import executions
from handlers.http_api import Request, Response, respond
from handlers.payloads import PayloadError
from handlers.secret import Secret, secret
from handlers.stories import stories
from handlers.story import Story
from handlers.telemetry import count, logged, logger, measured
from handlers.timestamps import timestamp

CALLBACK_ID_HEADER = "X-Atlassian-Webhook-Identifier"

CALLBACK_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


PAGE_FAILURES = {500: "CallbackError", 503: "CallbackUnavailable"}
"""The metrics of failed pages: those of the callback API, so that the same alarms cover them."""


@logged
@measured
def handler(event: dict[str, Any], _context: LambdaContext) -> Response:
    """Answer a callback in JSON, even after a failure, without internal details."""
    at = timestamp(datetime.now(UTC))
    resumption = Resumption(stories=stories(), workflow=executions(), at=at, sleep=time.sleep, on_loss=_log_unmarked)
    if is_for_page(event):
        page = answer_page(event, secret=secret(), resumption=resumption)
        count(PAGE_FAILURES.get(page["statusCode"], "ApprovalPages"))
        return page
    try:
        answer = receive(Request.from_event(event), secret=secret(), resumption=resumption, names=_status_names())
    except TransientError as error:
        logger().warning("AWS is out of reach", error=str(error))
        answer = Unavailable()
    except Exception:
        logger().exception("The callback failed")
        answer = Failed()
    count("Callback" + "".join(map(str.capitalize, answer.status.split("-"))))
    return respond(answer)


def receive(request: Request, *, secret: Secret, resumption: Resumption, names: StatusNames) -> Answer:
    """Authenticate, then parse, then resume.

    Raises:
        TransientError: AWS is out of reach; a retry may succeed.
    """
    proof = identity(request, secret)
    if proof is None:
        logger().warning("Callback refused: not authenticated")
        return Unauthorized()
    if len(request.body) > MAX_BODY_BYTES:
        return TooLarge.of(len(request.body))
    try:
        callback = parse(request.body, names=names, at=resumption.at)
    except PayloadError as error:
        logger().info("Callback refused: invalid", fields=[each.field for each in error.errors])
        return Invalid(message="The body is not a callback", errors=list(error.errors))
    if isinstance(callback, Ignored):
        logger().info("Callback ignored", jiraStoryId=callback.jira_story_id, reason=callback.reason)
        return _ignored(callback, resumption)
    callback = replace(callback, identity=proof)
    result = resumption.offer(callback, _callback_id(request))
    story_id = callback.jira_story_id
    logger().info(
        "Callback taken",
        jiraStoryId=story_id,
        outcome=result.outcome,
        executions=result.executions,
        decision=callback.status,
        decider=callback.decider,
        channel=callback.channel,
        identity=callback.identity,
    )
    return answers.offered(callback, result)


def _ignored(event: Ignored, resumption: Resumption) -> answers.Ignored:
    moved = resumption.move(event.jira_story_id, event.former_keys) if event.jira_story_id else []
    found = f"; what waits for {', '.join(moved)} answers to its new key from now on" if moved else ""
    return answers.Ignored(message=event.reason + found, jiraStoryId=event.jira_story_id)


def _callback_id(request: Request) -> str:
    """Return the id of this callback: Jira's identifier, which every retry repeats, or else a digest of the body."""
    sent = request.headers.get(CALLBACK_ID_HEADER.lower(), "").strip()
    return sent if CALLBACK_ID.fullmatch(sent) else f"{BODY_DIGEST}{hashlib.sha256(request.body).hexdigest()}"


def _log_unmarked(story: Story) -> None:
    logger().warning("Resumed, but not marked so", jiraStoryId=story.story_id, execution=story.execution_name)


@cache
def _status_names() -> StatusNames:
    return StatusNames.of(json.loads(os.environ["JIRA_DONE_STATUSES"]), json.loads(os.environ["JIRA_FAILED_STATUSES"]))
