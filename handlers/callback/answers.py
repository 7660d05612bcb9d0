"""Answers of the callback API."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, Self, TypeAlias

from handlers.answers import RETRY_AFTER_SECONDS, Answer, Failed, Invalid, Unauthorized, Unavailable
from handlers.decisions.resume import Outcome, Result
from handlers.issue_key import IssueKey
from handlers.story import Callback, Decision
from handlers.subject import Subject

MAX_BODY_BYTES = 6 * 1024 * 1024
"""Lambda's limit for the whole event of a synchronous call, headers included. API Gateway, whose limit is 10 MB,
answers 413 by itself if the event is larger; a body that it sends in base64 grows by a third.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""


@dataclass(frozen=True, kw_only=True)
class Offered(Answer):
    """The answer to an authenticated, valid callback; `executions` names the executions that it concerns.

    `jiraStoryId` is the subject that the callback named; for a release, its story.
    """

    jiraStoryId: Subject  # noqa: N815 - the contract's name
    executions: list[str]


@dataclass(frozen=True, kw_only=True)
class Decided(Offered):
    """The answer to a callback for which a decision holds.

    `decision` is the one that holds; it is null where the release was resumed without a callback. `agrees` tells
    whether it is the decision of this callback: false where an earlier one contradicts it. Where another callback
    decided, `message` says who decided what, when and by which channel.
    """

    decision: Decision | None
    agrees: bool


@dataclass(frozen=True, kw_only=True)
class Resumed(Decided):
    """The release resumes, or fails if the callback says so."""

    code: ClassVar[int] = 200
    status: Literal[Outcome.RESUMED] = Outcome.RESUMED
    message: str = "The workflow has the callback"


@dataclass(frozen=True, kw_only=True)
class AlreadyResumed(Decided):
    """A duplicate, or a callback that contradicts an earlier one: `decision` holds."""

    code: ClassVar[int] = 200
    status: Literal[Outcome.ALREADY_RESUMED] = Outcome.ALREADY_RESUMED
    message: str = "The workflow had this story's callback already"


@dataclass(frozen=True, kw_only=True)
class Ignored(Answer):
    """An event with a status that decides nothing. The story is null if the event names none."""

    code: ClassVar[int] = 200
    status: Literal["ignored"] = "ignored"
    jiraStoryId: IssueKey | None  # noqa: N815 - the contract's name


@dataclass(frozen=True, kw_only=True)
class Parked(Decided):
    """The release has not reached its wait yet; the callback is stored for it."""

    code: ClassVar[int] = 202
    status: Literal[Outcome.PARKED] = Outcome.PARKED
    message: str = "The workflow takes the first callback that came when it comes to its wait"


@dataclass(frozen=True, kw_only=True)
class Forbidden(Offered):
    """The hold's policy does not let this callback decide: it names approvers, or the requester would approve."""

    code: ClassVar[int] = 403
    status: Literal[Outcome.FORBIDDEN] = Outcome.FORBIDDEN
    message: str = "Only the approvers decide, each by a link of their own, and nobody approves what they ask for"


@dataclass(frozen=True, kw_only=True)
class NotFound(Offered):
    """No release waits or has waited for that story."""

    code: ClassVar[int] = 404
    status: Literal[Outcome.NOT_FOUND] = Outcome.NOT_FOUND
    message: str = "No workflow is registered for this story"


@dataclass(frozen=True, kw_only=True)
class Gone(Offered):
    """The wait is over: the release timed out, failed or was stopped."""

    code: ClassVar[int] = 410
    status: Literal[Outcome.GONE] = Outcome.GONE
    message: str = "The workflow no longer waits: it timed out, failed or was stopped"


@dataclass(frozen=True, kw_only=True)
class TooLarge(Answer):
    """The body is larger than Lambda takes."""

    code: ClassVar[int] = 413
    status: Literal["too-large"] = "too-large"

    @classmethod
    def of(cls, size: int) -> Self:
        """Build the answer to a body of that many bytes."""
        return cls(message=f"The body has {size} bytes; at most {MAX_BODY_BYTES} are read")


@dataclass(frozen=True, kw_only=True)
class NotAllResumed(Offered):
    """Some of the story's releases could not be resumed; the same call may work in a moment."""

    code: ClassVar[int] = 503
    headers: ClassVar[Mapping[str, str]] = {"retry-after": str(RETRY_AFTER_SECONDS)}
    status: Literal[Outcome.UNAVAILABLE] = Outcome.UNAVAILABLE
    message: str = "Not every workflow could be resumed; send the callback again"


AnyOffered: TypeAlias = Resumed | AlreadyResumed | Parked | Forbidden | NotFound | Gone | NotAllResumed

OFFERED: Mapping[Outcome, type[AnyOffered]] = {
    Outcome.RESUMED: Resumed,
    Outcome.FORBIDDEN: Forbidden,
    Outcome.ALREADY_RESUMED: AlreadyResumed,
    Outcome.PARKED: Parked,
    Outcome.NOT_FOUND: NotFound,
    Outcome.GONE: Gone,
    Outcome.UNAVAILABLE: NotAllResumed,
}


def offered(callback: Callback, result: Result) -> AnyOffered:
    """Answer a callback that was offered to the executions of its story."""
    kind, story = OFFERED[result.outcome], callback.jira_story_id
    if not issubclass(kind, Decided):
        return kind(jiraStoryId=story, executions=result.executions)
    agrees = result.decision in (None, callback.status)
    message = kind.message if agrees else f"An earlier callback decided otherwise: {result.decision} holds"
    if result.by is not None and result.by != replace(callback, former_keys=()):
        message = f"{message}. {_told(result.by)}"
    return kind(
        jiraStoryId=story,
        executions=result.executions,
        decision=result.decision,
        agrees=agrees,
        message=message,
    )


def _told(callback: Callback) -> str:
    """Describe who decided what. The comment is left out: it may be long, and is not meant for every caller."""
    word = "approved" if callback.status == "success" else "rejected"
    # In one line: the name is the sender's own text, and must not look like further lines of the answer.
    who = f"{' '.join(callback.decider.split())} {word} it" if callback.decider else f"It was {word}"
    return f"{who} at {callback.completed_at} ({callback.channel})"


EVERY_ANSWER: tuple[type[Answer], ...] = (
    *(Resumed, AlreadyResumed, Ignored, Parked, Invalid, Unauthorized, Forbidden, NotFound, Gone, TooLarge),
    *(Failed, Unavailable, NotAllResumed),
)
