"""The stories table: one item for each execution that waits, or will wait, for a Jira story.

The workflow and the callback meet here in two conditional writes on one item: the workflow's of its task token, "if no
callback is there", and `put_callback`, "if no callback is there yet". The second writer sees what the first wrote.
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
"""How long a move is remembered: longer than a release can wait, which is a year.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""

_PUT_CALLBACK = "callback = :callback, callbackId = :id"

_FORMER_KEYS = "#former-keys"
"""The sort key of the item that holds a moved story's former keys. No execution's name may hold a number sign.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""


class Stories:
    """The table. Every method raises `TransientError` where DynamoDB is throttled or out of reach."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._client = dynamodb
        self._table = table

    def of(self, story_id: str) -> list[Story]:
        """Every item of a story, as of now, also under the keys that it had before it was moved."""
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
        """Remember the key that a story had before it was moved, for the callbacks that name the new one only."""
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
            The item as it is now: with this callback, with an earlier one, or with none where the wait is over.
            None where the item is gone.
        """
        return self._update_open(story, f"SET {_PUT_CALLBACK}", "", _stored(callback, callback_id))

    def put_approval(
        self, story: Story, address: str, approval: Approval, decision: Callback | None, callback_id: str
    ) -> Story | None:
        """Write one approval, and with the last one the decision, unless the item has changed since it was read.

        Returns:
            The item as it is now, as `put_callback` does. Without this approval on it, and without a decision, another
            approval came between.
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
        # With the same number, they are the same approvals: nobody takes one back.
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
        """Write down that the execution has its callback: the token is used up, and nothing waits any more."""
        self._mark(
            story.story_id,
            story.execution_name,
            "SET resumedAt = if_not_exists(resumedAt, :at) REMOVE taskToken, waiting",
            "attribute_exists(jiraStoryId)",
            {":at": {"S": at}},
        )

    def mark_ended(self, story_id: str, execution_name: str, *, reason: str, at: str, began_by: str) -> None:
        """Write down that the wait is over for good.

        Only a wait that began by `began_by` is ended: an execution that was redriven since then waits with a new token.
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
        """Write down for which moment people are reminded of this wait, unless it is over or somebody was first.

        A mark from before the wait began is of another one, of an execution that was redriven since then.

        Returns:
            Whether it was written, so that the reminder is the caller's to send.
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
        """Take back what `mark_reminded` wrote for that moment, and restore the mark `before`: nothing was sent."""
        values = {":before": {"S": before}} if before else {}
        update = "SET remindedAt = :before" if before else "REMOVE remindedAt"
        self._mark(wait.story_id, wait.execution_name, update, "remindedAt = :due", {":due": {"S": due}, **values})

    def waiting(self, index: str) -> Iterator[Waiting]:
        """Yield the waits, longest first, from the sparse index (which may be a moment behind)."""
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
            return  # Without its item, or with a newer wait on it, there is nothing to write down.

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
