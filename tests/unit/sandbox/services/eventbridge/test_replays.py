"""Replays of archived events."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.unit.sandbox.services.aws import WAIT_SECONDS, Aws
from tests.unit.sandbox.services.eventbridge.test_targets import queue, received, rule

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_replay_sends_only_events_of_its_time_range(aws: Aws) -> None:
    events = aws.client("events")
    bus = events.create_event_bus(Name="windowed")["EventBusArn"]
    archive = events.create_archive(ArchiveName="windowed", EventSourceArn=bus)["ArchiveArn"]
    for hour in range(4):
        entry: dict[str, Any] = {"Source": "shop", "DetailType": "Order", "Detail": json.dumps({"hour": hour})}
        events.put_events(Entries=[{**entry, "EventBusName": "windowed", "Time": NOON + timedelta(hours=hour)}])
    url, arn = queue(aws, "windowed")
    rule(aws, "windowed", {"source": ["shop"]}, {"Arn": arn, "InputPath": "$.detail.hour"}, bus="windowed")

    events.start_replay(
        ReplayName="windowed",
        EventSourceArn=archive,
        EventStartTime=NOON + timedelta(hours=1),
        EventEndTime=NOON + timedelta(hours=2),
        Destination={"Arn": bus},
    )

    assert aws.server.wait_idle(WAIT_SECONDS)
    assert sorted(message["Body"] for message in received(aws, url)) == ["1", "2"]
