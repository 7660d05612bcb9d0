"""The answer to a request for the approval page."""

import hashlib
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from facts import CALLBACK_FAILURE, LINK_KEY
from handlers import links
from handlers.approval import form, pages
from handlers.aws import TransientError
from handlers.decisions.approve import decide
from handlers.decisions.resume import BODY_DIGEST, Outcome, Resumption
from handlers.http_api import Request, Response
from handlers.links import Link
from handlers.secret import Secret
from handlers.story import Callback, Story
from handlers.telemetry import logger


def is_for_page(event: Mapping[str, Any]) -> bool:
    """Return whether the event is a request for the approval page."""
    return "token" in (event.get("pathParameters") or {})


def answer(event: Mapping[str, Any], *, secret: Secret, resumption: Resumption) -> Response:
    """Answer a request. Only a POST with the whole form decides."""
    method = event["requestContext"]["http"]["method"]
    try:
        response = _answer(event, method, secret, resumption)
    except TransientError as error:
        logger().warning("AWS is out of reach", error=str(error))
        response = pages.refused(503)
    except Exception:
        logger().exception("The approval page failed")
        response = pages.refused(500)
    return {**response, "body": ""} if method == "HEAD" else response


def _answer(event: Mapping[str, Any], method: str, secret: Secret, resumption: Resumption) -> Response:
    if method not in ("GET", "HEAD", "POST"):
        return pages.refused(405)
    token = str(event["pathParameters"]["token"])
    # The previous key does not count: a rotation revokes every link.
    link = links.read(token, lambda matches: secret.accepts(LINK_KEY, matches, previous=False))
    if link is None:
        logger().warning("Link refused: not signed by this stack")
        return pages.refused(403)
    story = resumption.stories.read(link.subject, link.execution_name)
    if story is None or links.wait_id(story) != link.wait:
        return pages.refused(404)
    now = datetime.fromisoformat(resumption.at)
    if _is_too_old(link, now) or (_is_over(story, now) and not _is_decided(story)):
        return pages.refused(410)
    if method == "POST":
        return _decide(Request.from_event(event), token, link, story, resumption)
    if _is_decided(story):
        return pages.decided(story, is_own=False)
    return pages.asked(story, link, now, code=form.code_of(token), form=form.Form())


def _is_too_old(link: Link, now: datetime) -> bool:
    lifetime = float(os.environ["APPROVAL_LINK_SECONDS"])
    return lifetime > 0 and now - datetime.fromtimestamp(link.issued_at, now.tzinfo) >= timedelta(seconds=lifetime)


def _is_over(story: Story, now: datetime) -> bool:
    return story.ended_at is not None or (story.ends_at is not None and datetime.fromisoformat(story.ends_at) <= now)


def _is_decided(story: Story) -> bool:
    """Return whether the workflow has a decision, or is about to get it; False if the decision came too late."""
    is_taken = story.resumed_at is not None or story.end_reason == CALLBACK_FAILURE
    return is_taken or (story.callback is not None and story.ended_at is None)


def _decide(request: Request, token: str, link: Link, story: Story, resumption: Resumption) -> Response:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != form.CONTENT_TYPE:
        return pages.refused(415)
    if len(request.body) > form.MAX_FORM_BYTES:
        return pages.refused(413)
    code = form.code_of(token)
    sent = form.read(request.body, code=code, needs_name=link.approver is None)
    if sent.decision is None or sent.errors:
        if _is_decided(story):
            return pages.decided(story, is_own=False, is_late=True)
        return pages.asked(story, link, datetime.fromisoformat(resumption.at), code=code, form=sent)
    callback = Callback(
        jira_story_id=story.story_id,
        status=sent.decision,
        message=sent.comment or ("Approved" if sent.decision == "success" else "Rejected"),
        completed_at=resumption.at,
        channel="link",
        decider=link.approver or sent.name,
        identity="signed-link" if link.approver else "shared-link",
    )
    callback_id = f"{BODY_DIGEST}{hashlib.sha256(token.encode() + b' ' + request.body).hexdigest()}"
    verdict = decide(resumption, story, callback, callback_id)
    outcome = verdict.outcome if verdict else "counted"
    logger().info(
        "Decision by link",
        jiraStoryId=story.story_id,
        execution=story.execution_name,
        outcome=outcome,
        decision=callback.status,
        decider=callback.decider,
        identity=callback.identity,
    )
    now = resumption.stories.read(story.story_id, story.execution_name)
    if now is None or outcome is Outcome.NOT_FOUND:
        return pages.refused(404)
    if _is_decided(now):
        # The decision is stored: if AWS is out of reach, the sweeper or the next request sends it.
        is_one_of_several = link.approver in now.approvals and callback.status == "success"
        is_own = now.callback_id == callback_id or (is_one_of_several and _is_approved(now))
        return pages.decided(now, is_own=is_own, is_late=not is_own)
    if verdict is None:
        return pages.counted(now)
    if outcome is Outcome.FORBIDDEN:
        return pages.own_request(now)
    return pages.refused(410 if outcome is Outcome.GONE else 503)


def _is_approved(story: Story) -> bool:
    return story.callback is not None and story.callback.status == "success"
