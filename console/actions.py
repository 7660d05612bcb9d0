"""Actions of the console: send callbacks, start releases, submit orders. Tokens stay in this process."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from werkzeug.exceptions import BadRequest, NotFound

from console.stack import Stack
from ops import documents
from ops.aws import callback_api, links, stories
from ops.commands import order, start
from ops.history.executions import Execution

Body = Mapping[str, Any]


class Actions:
    """One method for each action, which takes the body of the request."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def call_back(self, body: Body) -> dict[str, Any]:
        """Send the callback of a story to the callback API, with Jira's token, and return the answer."""
        story, status = _text(body, "story"), _text(body, "status")
        message = str(body.get("message") or "") or f"{status}, said in the console"
        answer = callback_api.send(self._stack.target, {"subject": story, "message": message, "status": status})
        return {"code": answer.code, "status": answer.status, "message": str(answer.body.get("message", ""))}

    def links(self, body: Body) -> dict[str, Any]:
        """Return the links to the approval page of one wait, each with its approver."""
        target, subject, execution = self._stack.target, _text(body, "story"), _text(body, "name")
        for story in stories.of(target, subject):
            if story.execution_name == execution and story.task_token and story.callback is None:
                made = links.of(target, story, links.key(target), datetime.now(UTC))
                return {"links": [{"approver": approver, "url": url} for approver, url in made.items()]}
        raise NotFound(f"{execution} does not wait for {subject} (any more)")

    def release(self, body: Body) -> dict[str, Any]:
        """Upload a document and start its release."""
        content = _text(body, "document").encode()
        story = start.NO_STORY
        if body.get("isChecked", True):
            story = documents.check_release(content, "The document").jiraStoryId
        execution = start.start_release(self._stack.target, content, story=story, bucket=None, name=None)
        return _started(execution, f"Started {execution.name}")

    def order(self, body: Body) -> dict[str, Any]:
        """Send an order to the event bus, and wait until the rule has started an execution."""
        target, detail = self._stack.target, _text(body, "document")
        if body.get("isChecked", True):
            documents.check_order(detail.encode(), "The order")
        submitted = order.submit(target, detail)
        return _started(order.execution_of(target, submitted), submitted.summary)


def _started(execution: Execution, message: str) -> dict[str, Any]:
    return {"machine": execution.arn.split(":")[6], "name": execution.name, "message": message}


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{name} must be a text")
    return value
