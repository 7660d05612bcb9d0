"""Timeouts and retries of the order services: in the definition, and refused where an order could not end in time."""

from dataclasses import replace

import pytest

from asl import orders
from asl.call_policy import CallPolicy
from asl.orders.calls import INVENTORY, MAX_SERVICE_SECONDS, PAYMENT, USER, ServiceCalls
from tests.unit.asl.graph import states
from tests.unit.asl.orders.test_workflow import TARGETS

CALLS = ServiceCalls(
    payment=CallPolicy(timeout_seconds=11, max_attempts=7, retry_interval_seconds=3, backoff_rate=1.5),
    inventory=replace(INVENTORY, timeout_seconds=12),
)
MACHINE = states(orders.definition(replace(TARGETS, calls=CALLS)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Get user", (30, 3, 2, 2)),
        ("Create order", (30, 2, 1, 2)),
        ("Take payment", (11, 7, 3, 1.5)),
        ("Reserve stock", (12, 3, 1, 2)),
        ("Commit stock", (12, 3, 1, 2)),
        ("Notify customer", (30, 3, 2, 2)),
        ("Notify cancellation", (30, 3, 2, 2)),
        # Money and stock are given back with more patience than they are taken.
        ("Refund payment", (11, 8, 2, 2)),
        ("Release stock", (12, 8, 2, 2)),
    ],
)
def test_each_call_has_timeout_and_retries_of_its_service(name: str, expected: tuple[float, ...]) -> None:
    (retrier,) = MACHINE[name]["Retry"]
    fields = (retrier["MaxAttempts"], retrier["IntervalSeconds"], retrier["BackoffRate"])
    assert (MACHINE[name]["TimeoutSeconds"], *fields) == expected


def test_longest_time_of_a_call_has_every_attempt_and_interval() -> None:
    policy = CallPolicy(timeout_seconds=10, max_attempts=5, retry_interval_seconds=2)
    assert policy.longest_seconds == 6 * 10 + 2 + 4 + 8 + 16 + 30
    assert replace(policy, backoff_rate=1.5, max_attempts=2).longest_seconds == 3 * 10 + 2 + 3
    assert replace(policy, max_attempts=0).longest_seconds == 10


def test_longest_order_is_confirmed_or_undone() -> None:
    # User, order and notification take 134, 93 and 134 s; a refund of a payment takes 9 x 45 s and 150 s between them.
    assert ServiceCalls().longest_seconds == 134 + 93 + 555 + 134
    # An inventory service that is slower than the others reserves stock, and commits it.
    slow = CallPolicy(timeout_seconds=50, max_attempts=5, retry_interval_seconds=1, backoff_rate=1)
    once = CallPolicy(timeout_seconds=1, max_attempts=0, retry_interval_seconds=1)
    calls = ServiceCalls(user=once, order=once, payment=once, inventory=slow, notification=once)
    assert calls.longest_seconds == 1 + 1 + 2 * (6 * 50 + 5) + 1


@pytest.mark.parametrize("timeout_seconds", [54, 55])
def test_order_that_could_outlive_its_execution_is_refused(timeout_seconds: int) -> None:
    payment = replace(PAYMENT, timeout_seconds=timeout_seconds)
    if timeout_seconds == 54:
        assert ServiceCalls(payment=payment).longest_seconds <= MAX_SERVICE_SECONDS
        return
    with pytest.raises(ValueError, match=r"could take 1006 s, and may take 1000 s.* payment 168.* 645 to give back"):
        ServiceCalls(payment=payment)


def test_service_needs_fewer_retries_than_its_compensation() -> None:
    with pytest.raises(ValueError, match="a service may have 7 retries at the most"):
        ServiceCalls(user=replace(USER, timeout_seconds=1, max_attempts=8))
