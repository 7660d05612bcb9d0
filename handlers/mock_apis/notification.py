"""The mock notification API: always tells three channels."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.http_api import Response
from handlers.mock_apis.answering import Release, respond
from handlers.telemetry import logged

CHANNELS = ("email", "slack", "teams")


@logged
def handler(event: dict[str, Any], _context: LambdaContext) -> Response:
    """Answer `POST /notification`."""
    return respond(event, "notification", notify)


def notify(release: Release) -> dict[str, Any]:
    """SUCCESS, with the channels."""
    return {
        "status": "SUCCESS",
        "message": f"Told {', '.join(CHANNELS)} about {release.jiraStoryId}",
        "jiraStoryId": release.jiraStoryId,
        "channels": list(CHANNELS),
    }
