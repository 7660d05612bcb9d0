"""What the three mock APIs share: who may call, what they are asked, and how long they take."""

import os
import time
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from handlers.aws import TransientError
from handlers.bearer import bears_token
from handlers.http_api import Request, Response, answer, unauthorized
from handlers.issue_key import IssueKey
from handlers.payloads import PayloadError, loads, validated
from handlers.secret import secret
from handlers.telemetry import logger

Api = Literal["validation", "deployment", "notification"]


class Release(BaseModel):
    """What the workflow asks an API about."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    jiraStoryId: IssueKey  # noqa: N815 - the contract's name
    packageIds: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]  # noqa: N815 - as above
    metadata: dict[str, Any] = {}


def respond(event: dict[str, Any], api: Api, decide: Callable[[Release], dict[str, Any]]) -> Response:
    """Answer a call of `api`, in JSON whatever happens, after MOCK_DELAY_SECONDS."""
    try:
        request = Request.from_event(event)
        if not bears_token(request, secret(), api):
            logger().warning("Call refused: not authenticated")
            return unauthorized()
        release = validated(Release, loads(request.body))
    except PayloadError as error:
        invalid = {"status": "invalid", "message": "The body is not a release", "errors": error.as_json()}
        return answer(400, invalid)
    except TransientError as error:
        logger().warning("AWS is out of reach", error=str(error))
        return answer(503, {"status": "unavailable", "message": "Try again in a moment"}, {"retry-after": "1"})
    except Exception:
        logger().exception("The call failed")
        return answer(500, {"status": "error", "message": "The call failed here"})
    time.sleep(float(os.environ["MOCK_DELAY_SECONDS"]))
    decision = decide(release)
    logger().info("Answered", api=api, jiraStoryId=release.jiraStoryId, status=decision["status"])
    return answer(200, decision)
