"""Timeouts and retries of the five services, and the longest time that an order may take with them."""

from dataclasses import dataclass, replace

from asl.call_policy import CallPolicy

TIMEOUT_SECONDS = 20 * 60
"""Timeout of a whole order, without the wait for its approval, which comes first. It is shorter than the life of a
reservation, so that no execution works on stock that was given back."""

TABLE_SECONDS = 200
"""The part of `TIMEOUT_SECONDS` for the order's item: an update without an answer takes 165 s with all retries."""

MAX_SERVICE_SECONDS = TIMEOUT_SECONDS - TABLE_SECONDS
"""The part of `TIMEOUT_SECONDS` for the services. The finisher restarts an execution that times out, and it would time
out again: the order would stay open, with money and stock taken."""

UNDO_ATTEMPTS = 8
"""Retries of a refund or a release."""

MAX_ATTEMPTS = UNDO_ATTEMPTS - 1
"""Most retries of a service: fewer than `UNDO_ATTEMPTS`, so that giving back outlasts taking."""

USER = CallPolicy(timeout_seconds=30, max_attempts=3, retry_interval_seconds=2)
ORDER = CallPolicy(timeout_seconds=30, max_attempts=2, retry_interval_seconds=1)
# A payment provider gets more time than our own services.
PAYMENT = CallPolicy(timeout_seconds=45, max_attempts=2, retry_interval_seconds=1)
INVENTORY = CallPolicy(timeout_seconds=30, max_attempts=3, retry_interval_seconds=1)
NOTIFICATION = CallPolicy(timeout_seconds=30, max_attempts=3, retry_interval_seconds=2)


@dataclass(frozen=True, kw_only=True)
class ServiceCalls:
    """The policy of the calls of each service.

    Every service is idempotent per order, so only time limits the retries.

    Raises:
        ValueError: a service has more than `MAX_ATTEMPTS` retries, or an order could take longer than its execution.
    """

    user: CallPolicy = USER
    order: CallPolicy = ORDER
    payment: CallPolicy = PAYMENT
    inventory: CallPolicy = INVENTORY
    notification: CallPolicy = NOTIFICATION

    def __post_init__(self) -> None:
        longest = {name: round(policy.longest_seconds) for name, policy in self.by_name.items()}
        if max(policy.max_attempts for policy in self.by_name.values()) > MAX_ATTEMPTS:
            raise ValueError(
                f"a service may have {MAX_ATTEMPTS} retries at the most: refunds and releases have {UNDO_ATTEMPTS}, "
                "and need more than what they undo"
            )
        if self.longest_seconds > MAX_SERVICE_SECONDS:
            raise ValueError(
                f"the services of an order could take {self.longest_seconds:.0f} s, and may take {MAX_SERVICE_SECONDS} "
                f"s: its execution ends after {TIMEOUT_SECONDS} s. Shorten timeouts, or retry less often; in seconds "
                f"there are now {', '.join(f'{name} {seconds}' for name, seconds in longest.items())}, and "
                f"{max(self.refund.longest_seconds, self.release.longest_seconds):.0f} to give back what was taken"
            )

    @property
    def by_name(self) -> dict[str, CallPolicy]:
        """Return the policies by service, in the order in which the workflow calls them."""
        return dict(vars(self))

    @property
    def refund(self) -> CallPolicy:
        """Return the policy of the call that gives a payment back."""
        return _undo(self.payment)

    @property
    def release(self) -> CallPolicy:
        """Return the policy of the call that gives stock back."""
        return _undo(self.inventory)

    @property
    def longest_seconds(self) -> float:
        """Return the longest time that one execution calls services: to confirm an order, or to undo a closed one."""
        begin = self.user.longest_seconds + self.order.longest_seconds
        confirm = max(self.payment.longest_seconds, self.inventory.longest_seconds) + self.inventory.longest_seconds
        undo = max(self.refund.longest_seconds, self.release.longest_seconds)
        return begin + max(confirm, undo) + self.notification.longest_seconds


def _undo(policy: CallPolicy) -> CallPolicy:
    return replace(policy, max_attempts=UNDO_ATTEMPTS, retry_interval_seconds=2, backoff_rate=2)
