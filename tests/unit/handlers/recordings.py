"""Recorded histories, and access to the files that the recorder writes."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from handlers.aws import client
from tests.unit.handlers.conftest import BUCKET, event


def events(name: str) -> list[dict[str, Any]]:
    """Return the events of a recorded history, with times as boto3 gives them."""
    found: list[dict[str, Any]] = event(name)["events"]
    return [{**each, "timestamp": datetime.fromisoformat(each["timestamp"])} for each in found]


def token(name: str) -> str:
    """Return the task token in a recorded history."""
    [value] = [
        json.loads(each["taskScheduledEventDetails"]["parameters"])["ExpressionAttributeValues"][":token"]["S"]
        for each in events(name)
        if each.get("taskScheduledEventDetails", {}).get("resource") == "updateItem.waitForTaskToken"
    ]
    return str(value)


class Histories:
    """Fake of Step Functions that returns the given history."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.failure: Exception | None = None

    def history(self, _arn: str) -> Iterator[dict[str, Any]]:
        if self.failure:
            raise self.failure
        yield from self.events


def written(name: str) -> str:
    body: bytes = client("s3").get_object(Bucket=BUCKET, Key=f"logs/release-1/{name}")["Body"].read()
    return body.decode()


def exists(name: str) -> bool:
    found = client("s3").list_objects_v2(Bucket=BUCKET, Prefix=f"logs/release-1/{name}")
    return bool(found["KeyCount"])


def facts(text: str) -> dict[str, str]:
    head, _, _ = text.partition("\n\n")
    return dict(line.split(": ", 1) for line in head.splitlines())
