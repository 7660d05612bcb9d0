"""Fault injection: a plan says which calls fail and how.

    from sandbox.faults import Fault, Kind, Plan

    plan = Plan(name="busy table", faults=(Fault(call="dynamodb.PutItem", kind=Kind.THROTTLE, times=3),))
    with sandbox.running() as aws, aws.faults(plan):
        ...

See docs/faults.md.
"""

from sandbox.faults.injection import Faults, Fired, NeverFiredError, Occasion
from sandbox.faults.kinds import ASYNCHRONOUS_RUN, EVENT_DELIVERY, HTTP_API_REQUEST, HTTP_TASK_REQUEST, Kind
from sandbox.faults.plan import Fault, Plan, PlanError
from sandbox.faults.recording import Recording, Seen, recording

__all__ = [
    "ASYNCHRONOUS_RUN",
    "EVENT_DELIVERY",
    "HTTP_API_REQUEST",
    "HTTP_TASK_REQUEST",
    "Fault",
    "Faults",
    "Fired",
    "Kind",
    "NeverFiredError",
    "Occasion",
    "Plan",
    "PlanError",
    "Recording",
    "Seen",
    "recording",
]
