"""The pages behind an approval link."""

from datetime import datetime, timedelta

from handlers.approval import html
from handlers.approval.form import MAX_COMMENT_LENGTH, MAX_NAME_LENGTH, Form
from handlers.http_api import Response
from handlers.links import Link
from handlers.story import Callback, Story

_KNOWN_BY = {
    "signed-link": "by the link that was made for this address",
    "shared-link": "by a link; the name is as typed",
    "webhook-signature": "in Jira",
    "bearer-token": "by the callback API; the name is as sent",
}

_REFUSED = {
    403: ("This link is not valid", "It was revoked, or is not complete. Ask for a new link."),
    404: ("There is nothing to decide here", "The link may belong to an earlier wait. Ask for a new link."),
    405: ("This is not possible", "Open the link in a browser."),
    410: ("This link has expired", "Nobody waits for this decision any more, or the link is too old."),
    413: ("The form is too large", "Open the link again, and write less."),
    415: ("This is not the form of the page", "Open the link in a browser."),
    500: ("Something failed here", "Open the link again in a moment."),
    503: ("Please try again in a moment", "The decision may have been taken. Open the link again to see."),
}


def refused(code: int) -> Response:
    """Return the page for a refused request, by HTTP status. It shows nothing about the decision."""
    title, text = _REFUSED[code]
    return _response(code, html.page(title, html.paragraph(text)))


def asked(story: Story, link: Link, now: datetime, *, code: str, form: Form) -> Response:
    """Return the page with the form, and the errors in what was sent."""
    return _response(
        400 if form.errors else 200,
        html.page(
            story.title or f"Decide on {story.story_id}",
            _request(story, link, now),
            html.form(
                code=code,
                limits=(MAX_COMMENT_LENGTH, MAX_NAME_LENGTH),
                name=None if link.approver else form.name,
                comment=form.comment,
                decision=form.decision or "",
                errors=form.errors,
            ),
        ),
    )


def own_request(story: Story) -> Response:
    """Return the page for a requester who tries to approve their own request."""
    text = "You asked for this decision, so somebody else has to make it."
    return _response(403, html.page("This approval is not possible", html.paragraph(text), _summary(story)))


def counted(story: Story) -> Response:
    """Return the page for an approval after which more are needed."""
    missing = story.approvals_needed - len(story.approvals)
    more = f"{missing} more approval{'s are' if missing > 1 else ' is'} needed."
    return _response(200, html.page("Your approval is recorded", html.paragraph(more), _summary(story)))


def decided(story: Story, *, is_own: bool, is_late: bool = False) -> Response:
    """Return the page with the decision and the decider.

    Args:
        story: the item.
        is_own: this request decided.
        is_late: another request decided before this one.
    """
    code = 409 if is_late else 200
    if story.callback is None:
        text = "The workflow was resumed without a decision on this page."
        return _response(code, html.page("This is decided", html.paragraph(text), _summary(story)))
    word = "approved" if story.callback.status == "success" else "rejected"
    title = f"You {word} this" if is_own else f"This is {word} already" if is_late else f"This is {word}"
    return _response(code, html.page(title, _decision(story.callback), _summary(story)))


def _decision(callback: Callback) -> str:
    return html.facts(
        ("Decided by", callback.decider or "unknown"),
        ("How this is known", _KNOWN_BY.get(callback.identity or "", "")),
        ("At", _minute(callback.completed_at)),
        ("Comment", callback.message),
    )


def _summary(story: Story) -> str:
    return html.facts(
        ("Subject", story.story_id), ("Title", story.title), ("Details", story.details), ("Asked by", story.requester)
    )


def _request(story: Story, link: Link, now: datetime) -> str:
    ends = datetime.fromisoformat(story.ends_at) if story.ends_at else None
    given = [f"{address}: {approval.comment}" for address, approval in sorted(story.approvals.items())]
    needed = f"{len(story.approvals)} of {story.approvals_needed}" if story.approvals_needed > 1 else None
    return html.facts(
        ("Subject", story.story_id),
        ("Details", story.details),
        ("Asked by", story.requester),
        ("Time left", f"{_duration(ends - now)} (until {_minute(story.ends_at or '')})" if ends else None),
        ("You decide as", link.approver),
        ("Approvals", needed),
        ("Approved by", "\n".join(given)),
    )


def _minute(moment: str) -> str:
    return f"{moment[:10]} {moment[11:16]} UTC"


def _duration(left: timedelta) -> str:
    minutes = max(0, int(left.total_seconds())) // 60
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min" if minutes else "less than a minute"


def _response(code: int, body: str) -> Response:
    extra = {"retry-after": "5"} if code == 503 else {"allow": "GET, HEAD, POST"} if code == 405 else {}
    return {"statusCode": code, "headers": {**html.HEADERS, **extra}, "body": body}
