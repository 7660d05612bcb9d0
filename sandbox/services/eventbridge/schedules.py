"""Scheduled rules of EventBridge: `rate(...)` and `cron(...)`.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
"""

import logging
import re
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.events.models import Rule, events_backends

from sandbox.services.eventbridge.cron import next_time
from sandbox.services.eventbridge.targets import Events

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_UNIT_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
# EventBridge is precise to the minute; the sandbox checks once a second.
LOOK_SECONDS = 1.0

_log = logging.getLogger(__name__)


class UnknownRuleError(LookupError):
    """There is no rule of that name."""


class Schedules:
    """Fires scheduled rules when they are due, in its own thread."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._due: dict[str, tuple[str, datetime]] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox-schedules", daemon=True)
        self._thread.start()

    def tick(self, rule_name: str) -> None:
        """Fire a rule of the default bus now, whatever its schedule. Raises UnknownRuleError for an unknown rule."""
        for rule in _rules():
            if rule.name == rule_name:
                self._fire(rule)
                return
        raise UnknownRuleError(f"there is no rule {rule_name!r} on the default bus")

    def fire_due(self, now: datetime) -> None:
        """Fire every enabled rule that is due by `now` (UTC). A rule's first period begins when it is first seen."""
        seen = set()
        for rule in _rules():
            expression = rule.scheduled_expression
            if not expression or rule.state != "ENABLED":
                continue
            seen.add(rule.arn)
            known, due = self._due.get(rule.arn, (None, now))
            if known != expression:
                self._due[rule.arn] = (expression, following(expression, now))
            elif due <= now:
                self._due[rule.arn] = (expression, following(expression, now))
                self._fire(rule)
        for gone in self._due.keys() - seen:
            del self._due[gone]

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self.fire_due(datetime.now(UTC))
            except Exception:
                _log.exception("the sandbox could not fire its scheduled rules")

    def _fire(self, rule: Rule) -> None:
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": rule.account_id,
            "time": time.time(),
            "region": rule.region_name,
            "resources": [rule.arn],
            "detail": {},
        }
        self._events.deliver(rule, event)


def following(expression: str, after: datetime) -> datetime:
    """Return the next time of a schedule after a time in UTC. Raises ValueError for an invalid expression."""
    if found := _RATE.fullmatch(expression):
        return after + timedelta(seconds=int(found[1]) * _UNIT_SECONDS[found[2]])
    if expression.startswith("cron(") and expression.endswith(")"):
        return next_time(expression[5:-1], after)
    raise ValueError(f"{expression!r} is no schedule: expected rate(N minutes|hours|days) or cron(six fields)")


def _rules() -> list[Rule]:
    # Schedules exist on the default bus only.
    backends = [*events_backends[DEFAULT_ACCOUNT_ID].values()]
    return [rule for backend in backends for rule in [*backend.event_buses["default"].rules.values()]]
