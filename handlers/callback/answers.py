"""What the callback API can answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, Self, TypeAlias

from handlers.answers import RETRY_AFTER_SECONDS, Answer, Failed, Invalid, Unauthorized, Unavailable
from handlers.callback.resume import Outcome
from handlers.issue_key import IssueKey

MAX_BODY_BYTES = 262_144
"""No more could become a task's output.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html"""


@dataclass(frozen=True, kw_only=True)
class Offered(Answer):
    """What became of a callback; `executions` names those that the answer is about."""

    jiraStoryId: IssueKey  # noqa: N815 - the contract's name
    executions: list[str]


@dataclass(frozen=True, kw_only=True)
class Resumed(Offered):
    """The release goes on, or ends as failed where the callback says so."""

    code: ClassVar[int] = 200
    status: Literal[Outcome.RESUMED] = Outcome.RESUMED
    message: str = "The workflow has the callback"


@dataclass(frozen=True, kw_only=True)
class AlreadyResumed(Offered):
    """A duplicate."""

    code: ClassVar[int] = 200
    status: Literal[Outcome.ALREADY_RESUMED] = Outcome.ALREADY_RESUMED
    message: str = "The workflow had this story's callback already"


@dataclass(frozen=True, kw_only=True)
class Ignored(Answer):
    """An event whose status decides nothing. The story is null where the event is not about one."""

    code: ClassVar[int] = 200
    status: Literal["ignored"] = "ignored"
    jiraStoryId: IssueKey | None  # noqa: N815 - the contract's name


@dataclass(frozen=True, kw_only=True)
class Parked(Offered):
    """The release has not come to its wait yet; it will find the callback there."""

    code: ClassVar[int] = 202
    status: Literal[Outcome.PARKED] = Outcome.PARKED
    message: str = "The workflow takes the first callback that came when it comes to its wait"


@dataclass(frozen=True, kw_only=True)
class NotFound(Offered):
    """No release waits for that story, or ever did."""

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
    """The body has more than 256 KiB."""

    code: ClassVar[int] = 413
    status: Literal["too-large"] = "too-large"

    @classmethod
    def of(cls, size: int) -> Self:
        """A body of so many bytes."""
        return cls(message=f"The body has {size} bytes; at most {MAX_BODY_BYTES} are read")


@dataclass(frozen=True, kw_only=True)
class NotAllResumed(Offered):
    """Some of the story's releases could not be resumed; the same call may work in a moment."""

    code: ClassVar[int] = 503
    headers: ClassVar[Mapping[str, str]] = {"retry-after": str(RETRY_AFTER_SECONDS)}
    status: Literal[Outcome.UNAVAILABLE] = Outcome.UNAVAILABLE
    message: str = "Not every workflow could be resumed; send the callback again"


AnyOffered: TypeAlias = Resumed | AlreadyResumed | Parked | NotFound | Gone | NotAllResumed

OFFERED: Mapping[Outcome, type[AnyOffered]] = {
    Outcome.RESUMED: Resumed,
    Outcome.ALREADY_RESUMED: AlreadyResumed,
    Outcome.PARKED: Parked,
    Outcome.NOT_FOUND: NotFound,
    Outcome.GONE: Gone,
    Outcome.UNAVAILABLE: NotAllResumed,
}

EVERY_ANSWER: tuple[type[Answer], ...] = (
    *(Resumed, AlreadyResumed, Ignored, Parked, Invalid, Unauthorized, NotFound, Gone, TooLarge),
    *(Failed, Unavailable, NotAllResumed),
)
