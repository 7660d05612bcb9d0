"""EventBridge rules: events on a bus reach the targets of every enabled rule that they match."""

import json
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from moto.events.models import Rule, events_backends
from moto.events.utils import EventMessageType
from moto.utilities.arns import Arn

from sandbox.clock import clock
from sandbox.faults.effects import repetitions
from sandbox.faults.injection import Faults, Occasion
from sandbox.faults.kinds import EVENT_DELIVERY
from sandbox.patches import MOTO_ISSUES, Patch, wrapped
from sandbox.services.background import Background
from sandbox.services.eventbridge.delivery import Delivery, DeliveryError, to_queue
from sandbox.services.eventbridge.target_input import Event, InvalidInputError, input_for
from sandbox.services.lambda_.async_invocations import AsyncInvocations

# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html: the defaults are the maxima.
MAXIMUM_RETRY_ATTEMPTS = 185
MAXIMUM_EVENT_AGE_SECONDS = 86_400
# AWS backs off over hours; a test or a demo does not last that long.
FIRST_RETRY_SECONDS = 0.05
LONGEST_RETRY_SECONDS = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Job:
    rule_arn: str
    target: dict[str, Any]
    event: Event
    text: str
    accepted: float


class Events:
    """Matches events with rules and delivers them in the background."""

    def __init__(
        self, endpoint_url: str, asynchronous: AsyncInvocations, background: Background, faults: Faults
    ) -> None:
        self._background = background
        self._faults = faults
        self._delivery = Delivery(endpoint_url, asynchronous, self._forward)

    def put(self, event: Event, bus: str = "default") -> None:
        """Pass an event, in the form that rules see, to the rules of a bus in the event's account and region."""
        buses = events_backends[event["account"]][event["region"]].event_buses
        if bus in buses:
            for rule in [*buses[bus].rules.values()]:
                rule.send_to_targets(cast("EventMessageType", event | {"ingestion-time": time.time()}))

    def put_and_wait(self, event: Event) -> None:
        """Send an event to the default bus, and return after the first attempt at every target.

        An execution shows its end only after the first attempt at the targets of its event: a client that sees
        SUCCEEDED finds what the rule's function wrote. On AWS the two may happen in either order.
        """
        with self._background.inline():
            self.put(event)

    def deliver(self, rule: Rule, event: Event) -> None:
        """Deliver an event to every target of a rule, whether it matches or not."""
        ingestion_time = _iso(event.get("ingestion-time", time.time()))
        sent = {name: value for name, value in event.items() if name != "ingestion-time"}
        sent["time"] = _iso(sent["time"])
        for target in [*rule.targets]:
            job = _Job(rule.arn, target, sent, "", clock.monotonic())
            try:
                text = input_for(target, sent, rule.arn, ingestion_time)
            except InvalidInputError as error:
                self._give_up(job, DeliveryError("INVALID_JSON", str(error)), 0, None)
                continue
            job = _Job(rule.arn, target, sent, text, job.accepted)
            occasion = Occasion(call=EVENT_DELIVERY, by=(rule.arn.rpartition("/")[2],), contains=text.__contains__)
            for delay in repetitions(self._faults, occasion):
                self._background.submit(lambda job=job: self._attempt(job, 0), delay)  # type: ignore[misc]  # mypy cannot infer defaults

    def _attempt(self, job: _Job, retries: int) -> None:
        try:
            self._delivery.send(job.target, job.event, job.text, job.rule_arn)
        except DeliveryError as error:
            self._retry(job, error, retries)
        except Exception as error:
            self._retry(job, DeliveryError("UNKNOWN", f"{type(error).__name__}: {error}", retry=True), retries)

    def _retry(self, job: _Job, error: DeliveryError, retries: int) -> None:
        policy = job.target.get("RetryPolicy") or {}
        delay = min(FIRST_RETRY_SECONDS * 2**retries, LONGEST_RETRY_SECONDS)
        exhausted = None
        if retries >= policy.get("MaximumRetryAttempts", MAXIMUM_RETRY_ATTEMPTS):
            exhausted = "MaximumRetryAttempts"
        elif clock.monotonic() + delay - job.accepted > policy.get(
            "MaximumEventAgeInSeconds", MAXIMUM_EVENT_AGE_SECONDS
        ):
            exhausted = "MaximumEventAgeInSeconds"
        if error.retry and exhausted is None:
            self._background.submit(lambda: self._attempt(job, retries + 1), delay)
        else:
            self._give_up(job, error, retries, exhausted if error.retry else None)

    def _give_up(self, job: _Job, error: DeliveryError, retries: int, exhausted: str | None) -> None:
        """Send the event to the target's dead-letter queue; without one it is lost, as on AWS, but with a log line.

        Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
        """
        _log.warning("rule %s cannot reach %s: %s: %s", job.rule_arn, job.target["Arn"], error.code, error)
        queue = (job.target.get("DeadLetterConfig") or {}).get("Arn")
        if not queue:
            return
        attributes = {
            "RULE_ARN": job.rule_arn,
            "TARGET_ARN": job.target["Arn"],
            "ERROR_CODE": error.code,
            "ERROR_MESSAGE": str(error),
            "RETRY_ATTEMPTS": str(retries),
        }
        if exhausted:
            attributes["EXHAUSTED_RETRY_CONDITION"] = exhausted
        try:
            to_queue(queue, json.dumps(job.event), attributes, job.rule_arn)
        except DeliveryError as failure:
            _log.warning("rule %s cannot reach its dead-letter queue: %s", job.rule_arn, failure)

    def _forward(self, bus: Arn, event: Event) -> None:
        self.put({**event, "account": bus.account, "region": bus.region}, bus.resource_id)


def patches(events: Events) -> tuple[Patch, ...]:
    """Return the patches that make moto's rules deliver all events from PutEvents and replays with `events`."""

    def send(original: Any, rule: Rule, event: Event, transform_input: bool = True) -> None:
        if _is_archive(rule):
            # moto fills an archive through an internal rule, with a target that only such rules have.
            original(rule, event, transform_input)
        elif _listens(rule) and rule.event_pattern.matches_event(
            cast("EventMessageType", event | {"time": _iso(event["time"])})
        ):
            events.deliver(rule, event)

    reason = "delivers to few targets, without retries and dead-letter queues"
    return (wrapped(Rule, "send_to_targets", send, reason, f"{MOTO_ISSUES}/2736"),)


def _is_archive(rule: Rule) -> bool:
    return rule.managed_by is not None and rule.name.startswith("Events-Archive-")


def _listens(rule: Rule) -> bool:
    # A rule without a pattern is a schedule; moto treats an empty pattern as one that matches everything.
    return rule.state == "ENABLED" and bool(rule.event_pattern.get_pattern())


def _iso(moment: str | float) -> str:
    if isinstance(moment, str):
        return moment
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
