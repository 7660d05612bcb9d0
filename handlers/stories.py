"""The stories table: one item for each execution that waits, or will wait, for a Jira story.

The workflow and the callback meet in two conditional writes on one item: the workflow writes its task token "if there
is no callback", and `put_callback` writes the callback "if there is none yet". The second writer sees what the first
wrote.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from handlers.aws import client, transient_failures
from handlers.conditional_writes import ConditionFailedError, conditional_write
from handlers.story import Approval, Callback, Story, Waiting, story_of

MOVE_RETENTION_SECONDS = 400 * 24 * 3600
"""Time for which a move is stored: longer than a release can wait, which is a year.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""

_PUT_CALLBACK = "callback = :callback, callbackId = :id"

_FORMER_KEYS = "#former-keys"
"""The sort key of the item that holds a moved story's former keys. No execution's name may hold a number sign.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""


class Stories:
    """The table. Every method raises `TransientError` if DynamoDB throttles or is out of reach."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._client = dynamodb
        self._table = table

    def of(self, story_id: str) -> list[Story]:
        """Return every item of a story, by a consistent read, including those under its former keys."""
        found: list[Story] = []
        keys = [story_id]
        for key in keys:
            for item in self._under(key):
                if item["executionName"]["S"] == _FORMER_KEYS:
                    keys += [former for former in item["formerKeys"]["SS"] if former not in keys]
                else:
                    found.append(story_of(item))
        return found

    def _under(self, key: str) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="jiraStoryId = :story",
            ExpressionAttributeValues={":story": {"S": key}},
            ConsistentRead=True,
        )
        with transient_failures():
            return [item for page in pages for item in page["Items"]]

    def put_former_key(self, story_id: str, former_key: str, *, at: str) -> None:
        """Store the key that a story had before it was moved, for callbacks that name only the new one."""
        expires = int(datetime.fromisoformat(at).timestamp()) + MOVE_RETENTION_SECONDS
        with transient_failures():
            self._client.update_item(
                TableName=self._table,
                Key=_key(story_id, _FORMER_KEYS),
                UpdateExpression="ADD formerKeys :key SET expiresAt = :expires",
                ExpressionAttributeValues={":key": {"SS": [former_key]}, ":expires": {"N": str(expires)}},
            )

    def read(self, story_id: str, execution_name: str) -> Story | None:
        """Return one item as of now; None without one."""
        key = _key(story_id, execution_name)
        with transient_failures():
            item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return story_of(item) if item else None

    def put_callback(self, story: Story, callback: Callback, callback_id: str) -> Story | None:
        """Write the callback onto the item unless one is there or the wait is over; the first one wins.

        Returns:
            The current item: with this callback, with an earlier one, or with none if the wait is over. None if
            the item is gone.
        """
        return self._update_open(story, f"SET {_PUT_CALLBACK}", "", _stored(callback, callback_id))

    def put_approval(
        self, story: Story, address: str, approval: Approval, decision: Callback | None, callback_id: str
    ) -> Story | None:
        """Write one approval, and with the last one the decision, unless the item has changed since it was read.

        Returns:
            The current item, as `put_callback` does. If it has neither this approval nor a decision, another approval
            was written in between.
        """
        update, values = (
            "SET approvals.#address = :approval",
            {
                ":approval": {"M": {"at": {"S": approval.at}, "comment": {"S": approval.comment}}},
                ":seen": {"N": str(len(story.approvals))},
            },
        )
        if decision:
            update, values = f"{update}, {_PUT_CALLBACK}", {**values, **_stored(decision, callback_id)}
        # The same number means the same approvals: none is ever withdrawn.
        same = " AND size(approvals) = :seen AND attribute_not_exists(approvals.#address)"
        return self._update_open(story, update, same, values, names={"#address": address})

    def _update_open(
        self,
        story: Story,
        update: str,
        further: str,
        values: Mapping[str, Any],
        names: Mapping[str, str] | None = None,
    ) -> Story | None:
        condition = "attribute_exists(jiraStoryId) AND attribute_not_exists(callback) AND attribute_not_exists(endedAt)"
        item: dict[str, Any] | None
        try:
            item = self._update(story.story_id, story.execution_name, update, condition + further, values, names)
        except ConditionFailedError as failed:
            item = failed.item
        return story_of(item) if item else None

    def mark_resumed(self, story: Story, at: str) -> None:
        """Record that the execution has its callback: the token is used, and nothing waits any more."""
        self._mark(
            story.story_id,
            story.execution_name,
            "SET resumedAt = if_not_exists(resumedAt, :at) REMOVE taskToken, waiting",
            "attribute_exists(jiraStoryId)",
            {":at": {"S": at}},
        )

    def mark_ended(self, story_id: str, execution_name: str, *, reason: str, at: str, began_by: str) -> None:
        """Record that the wait is over for good.

        This ends only a wait that began by `began_by`: an execution that was redriven since then waits with a new
        token.
        """
        self._mark(
            story_id,
            execution_name,
            "SET endedAt = if_not_exists(endedAt, :at), endReason = if_not_exists(endReason, :reason)"
            " REMOVE taskToken, waiting",
            "attribute_exists(jiraStoryId) AND (attribute_not_exists(waitingSince) OR waitingSince <= :began_by)",
            {":at": {"S": at}, ":reason": {"S": reason}, ":began_by": {"S": began_by}},
        )

    def mark_reminded(self, wait: Waiting, due: str) -> bool:
        """Record the due time of the reminder to send, unless the wait is over or another sweep was first.

        A mark older than the wait belongs to an earlier wait of an execution that was redriven since then.

        Returns:
            Whether it was written, so that the caller has to send the reminder.
        """
        try:
            self._update(
                wait.story_id,
                wait.execution_name,
                "SET remindedAt = :due",
                "waitingSince = :since AND attribute_exists(waiting) AND attribute_not_exists(callback)"
                " AND (attribute_not_exists(remindedAt) OR remindedAt < :due)",
                {":due": {"S": due}, ":since": {"S": wait.waiting_since}},
            )
        except ConditionFailedError:
            return False
        return True

    def unmark_reminded(self, wait: Waiting, due: str, before: str | None) -> None:
        """Undo `mark_reminded` for that time, and restore the mark `before`: nothing was sent."""
        values = {":before": {"S": before}} if before else {}
        update = "SET remindedAt = :before" if before else "REMOVE remindedAt"
        self._mark(wait.story_id, wait.execution_name, update, "remindedAt = :due", {":due": {"S": due}, **values})

    def waiting(self, index: str) -> Iterator[Waiting]:
        """Yield the waits, oldest first, from the sparse index, which may lag."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression="waiting = :waiting",
            ExpressionAttributeValues={":waiting": {"S": "story"}},
        )
        with transient_failures():
            for page in pages:
                for item in page["Items"]:
                    yield Waiting(
                        story_id=item["jiraStoryId"]["S"],
                        execution_name=item["executionName"]["S"],
                        execution_arn=item["executionArn"]["S"],
                        waiting_since=item["waitingSince"]["S"],
                        has_callback="callbackId" in item,
                        reminded_at=item["remindedAt"]["S"] if "remindedAt" in item else None,
                    )

    def _mark(self, story_id: str, execution_name: str, update: str, condition: str, values: Mapping[str, Any]) -> None:
        try:
            self._update(story_id, execution_name, update, condition, values)
        except ConditionFailedError:
            return  # If the item is gone or has a newer wait, there is nothing to record.

    def _update(
        self,
        story_id: str,
        execution_name: str,
        update: str,
        condition: str,
        values: Mapping[str, Any],
        names: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        with conditional_write():
            answer = self._client.update_item(
                TableName=self._table,
                Key=_key(story_id, execution_name),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **({"ExpressionAttributeNames": names} if names else {}),
            )
        attributes: dict[str, Any] = answer["Attributes"]
        return attributes


def _stored(callback: Callback, callback_id: str) -> dict[str, Any]:
    fields = {name: {"S": value} for name, value in callback.as_output().items()}
    return {":callback": {"M": fields}, ":id": {"S": callback_id}}


def _key(story_id: str, execution_name: str) -> dict[str, Any]:
    return {"jiraStoryId": {"S": story_id}, "executionName": {"S": execution_name}}


@cache
def stories() -> Stories:
    """Return the table that STORIES_TABLE names."""
    return Stories(client("dynamodb"), os.environ["STORIES_TABLE"])
