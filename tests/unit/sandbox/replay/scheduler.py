"""EventBridge Scheduler as the provider reads and deletes it."""

from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import absent, pulumi_names


def _schedule(clients: Clients, resource: Resource) -> dict[str, Any]:
    group, name = resource.id.split("/")
    schedule = clients("scheduler").get_schedule(GroupName=group, Name=name)
    return {
        "name": schedule["Name"],
        "groupName": schedule["GroupName"],
        "description": schedule.get("Description", ""),
        "flexibleTimeWindow": pulumi_names(schedule["FlexibleTimeWindow"]),
        "scheduleExpression": schedule["ScheduleExpression"],
        "scheduleExpressionTimezone": schedule["ScheduleExpressionTimezone"],
        "state": schedule["State"],
        "target": pulumi_names(schedule["Target"]),
    }


def _delete_schedule(clients: Clients, resource: Resource) -> None:
    group, name = resource.id.split("/")
    clients("scheduler").delete_schedule(GroupName=group, Name=name)
    call = clients("scheduler").get_schedule
    assert absent("ResourceNotFoundException", call=call, GroupName=group, Name=name)


READ = {"aws:scheduler/schedule:Schedule": _schedule}
DELETE = {"aws:scheduler/schedule:Schedule": _delete_schedule}
DEFAULTS = {
    "aws:scheduler/schedule:Schedule": {
        "description": "",
        "groupName": "default",
        "scheduleExpressionTimezone": "UTC",
        "state": "ENABLED",
    }
}
