"""The mock notification API, which always answers with three channels."""

from dataclasses import dataclass
from typing import Any, Literal

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.http_api import Response
from handlers.mock_apis.answering import Decision, Release, answer
from handlers.telemetry import logged

CHANNELS = ("email", "slack", "teams")


@logged
def handler(event: dict[str, Any], _context: LambdaContext) -> Response:
    """Answer `POST /notification`."""
    return answer(event, "notification", notify)


@dataclass(frozen=True, kw_only=True)
class Notified(Decision):
    """SUCCESS, with the channels that were notified."""

    status: Literal["SUCCESS"] = "SUCCESS"
    channels: list[str]


def notify(release: Release) -> Notified:
    """Answer that all channels were notified of a release."""
    return Notified(
        message=f"Told {', '.join(CHANNELS)} about {release.jiraStoryId}",
        jiraStoryId=release.jiraStoryId,
        channels=list(CHANNELS),
    )
