"""Jira calls back, and repeats a webhook that was not answered with success.

Source: https://developer.atlassian.com/cloud/jira/platform/webhooks/#retry-policy
"""

import http.client
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field

from tests.e2e.client import Client

RETRIED = {408, 409, 425, 429} | set(range(500, 600))
TRIES = 6
FIRST_PAUSE_SECONDS = 0.2
"""Jira waits minutes; a trial has no such patience."""

NO_ANSWER = 0


@dataclass
class Jira:
    """One event of a story, and the answers to it."""

    client: Client
    token: str
    story: str
    message: str
    answers: list[tuple[int, str]] = field(default_factory=list)
    """Status code (0 for no answer) and the answer's own word, one for each time that it was sent."""

    def deliver(self) -> None:
        """Send the event until an answer is a success or Jira gives up."""
        for number in range(TRIES):
            self.answers.append(self._send())
            code, _ = self.answers[-1]
            if code != NO_ANSWER and code not in RETRIED:
                return
            time.sleep(FIRST_PAUSE_SECONDS * 2**number)

    @property
    def is_taken(self) -> bool:
        """Return whether the last answer was a success."""
        return bool(self.answers) and self.answers[-1][0] in (200, 202)

    def _send(self) -> tuple[int, str]:
        request = urllib.request.Request(
            self.client.outputs["callback_api_endpoint"],
            json.dumps({"jiraStoryId": self.story, "message": self.message, "status": "done"}).encode(),
            {
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.token}",
                "X-Atlassian-Webhook-Identifier": f"event-{self.story}",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, str(json.load(answer).get("status"))
        except urllib.error.HTTPError as error:
            with error:
                return error.code, str(json.loads(error.read() or b"{}").get("status"))
        except (OSError, http.client.HTTPException):
            return NO_ANSWER, "no answer"
