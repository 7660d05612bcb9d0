"""The alarms of a stack."""

from ops.aws.target import Target


def states(target: Target) -> dict[str, str]:
    """Return the state of each alarm of the stack by its name: OK, ALARM or INSUFFICIENT_DATA."""
    pages = target.client("cloudwatch").get_paginator("describe_alarms")
    prefix = target["state_machine_name"].removesuffix("release")
    found = pages.paginate(AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm"])
    return {alarm["AlarmName"]: alarm["StateValue"] for page in found for alarm in page["MetricAlarms"]}


def ringing(target: Target) -> list[str]:
    """Return the names of the alarms in the state ALARM."""
    return sorted(name for name, state in states(target).items() if state == "ALARM")
