"""Compensation path of a failed order: close it, refund, release the stock, write the outcome, notify the customer."""

from asl.orders import records
from asl.orders import services as orders_services
from asl.orders.targets import Targets
from asl.states import CONDITION_FAILED, ERROR_MESSAGE, QUERY_FAILED, State, cut_cause, jsonata

FAILED, REJECTED = "FAILED", "REJECTED"


def states(targets: Targets) -> State:
    """Build the states from `Close order` to the ends. They start from the variable `outcome`."""
    return {
        "Close order": {
            **records.close_order(targets),
            "Catch": [
                catch_and_check(CONDITION_FAILED, next_state="Read order"),
                catch_and_check("States.ALL", next_state="Order failed"),
            ],
            "Next": "Anything to undo?",
        },
        "Anything to undo?": {
            "Type": "Choice",
            "Choices": [{"Comment": "the order was made", "Condition": jsonata("$existed"), "Next": "Undo"}],
            "Default": "Cancel order",
        },
        "Undo": {
            "Type": "Parallel",
            "Branches": [orders_services.refund_payment(targets), orders_services.release_stock(targets)],
            "Assign": {"undone": jsonata("{'payment': $states.result[0], 'reservation': $states.result[1]}")},
            "Output": {},
            # The order stays CANCELLING, so that another execution continues here.
            "Catch": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "Assign": {
                        "outcome": {
                            "status": FAILED,
                            "reason": jsonata(f"'Money or stock could not be given back: ' & {ERROR_MESSAGE}"),
                        }
                    },
                    "Next": "Order failed",
                }
            ],
            "Next": "Cancel order",
        },
        "Cancel order": {
            **records.cancel_order(targets),
            "Catch": [
                catch_and_check(CONDITION_FAILED, next_state="Read order"),
                catch_and_check("States.ALL", next_state="Order failed"),
            ],
            "Next": "Notify cancellation",
        },
        "Notify cancellation": {
            **orders_services.notify(
                targets, "$outcome.status", "$outcome.reason", "$undone = null ? null : $undone.payment"
            ),
            "Assign": {"notification": jsonata("$states.result.Payload")},
            "Output": {},
            "Catch": [catch_notification_failure(next_state="Rejected?")],
            "Next": "Rejected?",
        },
        "Rejected?": {
            "Type": "Choice",
            "Choices": [
                {
                    "Comment": "declined, out of stock or invalid",
                    "Condition": jsonata("$outcome.status = 'REJECTED'"),
                    "Next": "Order rejected",
                }
            ],
            "Default": "Order failed",
        },
        "Order rejected": {
            "Type": "Succeed",
            "Output": records.report(
                "'REJECTED'",
                reason="$outcome.reason",
                total="$order = null ? 0 : $order.total",
                payment="$undone = null ? null : $undone.payment",
                reservation="$undone = null ? null : $undone.reservation",
                notification="$notification",
            ),
        },
        "Order refused": {
            "Type": "Succeed",
            "Output": records.report(
                "'REJECTED'",
                reason="$outcome.reason",
                total="0",
                payment="null",
                reservation="null",
                notification="null",
            ),
        },
        # Another execution of the same order, concurrent or earlier, has decided its outcome.
        "Read order": {
            **records.read_order(targets),
            "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": _outcome(FAILED), "Next": "Order failed"}],
            "Next": "What became of it?",
        },
        "What became of it?": {
            "Type": "Choice",
            "Choices": [
                # Another user who knows the id learns nothing about the order and changes nothing. An order without a
                # user was refused before it was stored with one.
                {
                    "Comment": "it is another customer's",
                    "Condition": jsonata("$not($stored.userId in ['', $userId])"),
                    "Assign": {
                        "outcome": {
                            "status": REJECTED,
                            "reason": jsonata("'There is another order ' & $orderId & ', by another user'"),
                        }
                    },
                    "Next": "Order refused",
                },
                {
                    "Comment": "being cancelled",
                    "Condition": jsonata("$stored.status = 'CANCELLING'"),
                    "Assign": {"outcome": jsonata("$stored.outcome")},
                    "Next": "Undo",
                },
                # The order is open and belongs to another user: leave it alone.
                {
                    "Comment": "another execution is at work on it",
                    "Condition": jsonata("$stored.status = 'PENDING'"),
                    "Next": "Order refused",
                },
                # This execution's confirmation, whose answer was lost.
                {
                    "Comment": "confirmed by this execution",
                    "Condition": jsonata("$stored.confirmedBy = $states.context.Execution.Name"),
                    "Next": "Notify customer",
                },
                # This execution's cancellation, whose answer was lost.
                {
                    "Comment": "cancelled by this execution",
                    "Condition": jsonata("$stored.cancelledBy = $states.context.Execution.Name"),
                    "Assign": {
                        "outcome": jsonata("$stored.outcome"),
                        "undone": jsonata("{'payment': $stored.payment, 'reservation': $stored.reservation}"),
                    },
                    "Next": "Notify cancellation",
                },
                {
                    "Comment": "failed",
                    "Condition": jsonata("$stored.status = 'FAILED'"),
                    "Assign": {"outcome": jsonata("$stored.outcome")},
                    "Next": "Order failed",
                },
            ],
            "Default": "Order known",
        },
        "Order known": {
            "Type": "Succeed",
            "Output": records.report(
                "$stored.status",
                reason="$stored.outcome.reason",
                total="$stored.total",
                payment="$stored.payment",
                reservation="$stored.reservation",
                notification="$stored.notification",
            ),
        },
        "Order failed": {
            "Type": "Fail",
            "Error": "OrderFailed",
            "Cause": jsonata(cut_cause("'Order ' & $orderId & ': ' & $outcome.reason")),
        },
    }


def _outcome(status: str) -> State:
    return {"outcome": {"status": status, "reason": jsonata(ERROR_MESSAGE)}}


def give_up(**assign: object) -> list[State]:
    """Catch everything and close the order: REJECTED if a service refused it, FAILED otherwise."""
    return [
        {"ErrorEquals": list(errors), "Assign": {**assign, **_outcome(status)}, "Next": "Close order"}
        for errors, status in ((orders_services.REJECTIONS, REJECTED), (("States.ALL",), FAILED))
    ]


def catch_notification_failure(*, next_state: str) -> State:
    """Record that the notification of the customer failed, and continue."""
    notification = {"status": "FAILED", "reason": jsonata(ERROR_MESSAGE)}
    return {"ErrorEquals": ["States.ALL"], "Assign": {"notification": notification}, "Next": next_state}


def unreadable() -> State:
    """Catch input that no expression can hold, such as the number 1e999, and close the order without it.

    The request is kept as far as it is readable.
    """
    return {
        "ErrorEquals": [QUERY_FAILED],
        "Assign": {
            **orders_services.ASKED_FOR,
            **{"askedId": None, "orderData": None, "user": None, "order": None},
            "outcome": {"status": REJECTED, "reason": "The order cannot be taken: what was sent cannot be read"},
        },
        "Next": "Close order",
    }


def refuse(*errors: str, next_state: str) -> State:
    """End an execution without touching the order."""
    return {"ErrorEquals": list(errors), "Assign": _outcome(REJECTED), "Next": next_state}


def catch_and_check(*errors: str, next_state: str) -> State:
    """Catch errors that another state has to examine, and go to that state."""
    return {"ErrorEquals": list(errors), "Output": {}, "Next": next_state}
