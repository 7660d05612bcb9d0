"""EventBridge Scheduler: schedules."""

from typing import Any

from sandbox.clients import Clients
from sandbox.resource_inputs import Inputs, aws_names, given

DEFAULT_GROUP = "default"


def _schedule(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name, group = args.name(prefix="namePrefix", limit=64), args.take("groupName", DEFAULT_GROUP)
    arn = clients("scheduler").create_schedule(
        **given(
            Name=name,
            GroupName=group,
            ScheduleExpression=args.require("scheduleExpression"),
            ScheduleExpressionTimezone=args.take("scheduleExpressionTimezone", "UTC"),
            FlexibleTimeWindow=aws_names(args.require("flexibleTimeWindow")),
            Target=aws_names(args.require("target")),
            **args.parameters("actionAfterCompletion", "description", "endDate", "kmsKeyArn", "startDate", "state"),
        )
    )["ScheduleArn"]
    return f"{group}/{name}", {"name": name, "arn": arn, "groupName": group}


TYPES = {"aws:scheduler/schedule:Schedule": _schedule}
