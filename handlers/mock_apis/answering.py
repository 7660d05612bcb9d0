"""Authentication, request, delay and errors that the three mock APIs share."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from handlers.answers import Answer, Failed, Invalid, Unauthorized, Unavailable
from handlers.aws import TransientError
from handlers.bearer import bears_token
from handlers.http_api import Request, Response, respond
from handlers.issue_key import IssueKey
from handlers.payloads import PayloadError, loads, validated
from handlers.secret import secret
from handlers.telemetry import logger

Api = Literal["validation", "deployment", "notification"]

MAX_NAMED = 100
"""Packages that an answer names: three answers and the document have to fit into one state's data, 256 KiB."""

ERRORS: tuple[type[Answer], ...] = (Invalid, Unauthorized, Failed, Unavailable)
"""Answers of each mock API other than a decision."""


class Release(BaseModel):
    """The workflow's request to an API."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    jiraStoryId: IssueKey  # noqa: N815 - the contract's name
    packageIds: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]  # noqa: N815 - as above
    metadata: dict[str, Any] = {}


@dataclass(frozen=True, kw_only=True)
class Decision(Answer):
    """An API's answer on a release. The workflow reads `status` and `message`, and puts everything into its result."""

    code: ClassVar[int] = 200
    jiraStoryId: IssueKey  # noqa: N815 - the contract's name


def named(packages: list[str]) -> str:
    """Return the packages as a phrase; of many, only the first ones."""
    more = f" and {len(packages) - MAX_NAMED} more" if len(packages) > MAX_NAMED else ""
    return ", ".join(packages[:MAX_NAMED]) + more


def answer(event: dict[str, Any], api: Api, decide: Callable[[Release], Answer]) -> Response:
    """Answer a call of `api` after MOCK_DELAY_SECONDS; every answer is JSON."""
    try:
        request = Request.from_event(event)
        if not bears_token(request, secret(), api):
            logger().warning("Call refused: not authenticated")
            return respond(Unauthorized())
        release = validated(Release, loads(request.body))
    except PayloadError as error:
        return respond(Invalid(message="The body is not a release", errors=list(error.errors)))
    except TransientError as error:
        logger().warning("AWS is out of reach", error=str(error))
        return respond(Unavailable())
    except Exception:
        logger().exception("The call failed")
        return respond(Failed())
    time.sleep(float(os.environ["MOCK_DELAY_SECONDS"]))
    decision = decide(release)
    logger().info("Answered", api=api, jiraStoryId=release.jiraStoryId, status=decision.status)
    return respond(decision)
