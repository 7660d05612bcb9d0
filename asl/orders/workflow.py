"""The orders workflow: five services, and one outcome for every order.

Variables of the whole execution: `orderId`, `askedId`, `userId` and `orderData` (the request), `user`, `order`,
`payment` and `reservation` (the services' answers), `approval` (the decision on a large order), `outcome` (of an
order that fails or is rejected), `existed` and `undone` (whether there was something to give back, and what), `stored`
(the decision of another execution).
"""

from asl.orders import approval as orders_approval
from asl.orders import compensation, records
from asl.orders import services as orders_services
from asl.orders.approval import Approval
from asl.orders.calls import TIMEOUT_SECONDS
from asl.orders.compensation import catch_and_check, catch_notification_failure, give_up, refuse, unreadable
from asl.orders.targets import Targets
from asl.states import CONDITION_FAILED, State, Statement, allow, every_version, jsonata, read_with_key


def definition(targets: Targets, approval: Approval | None = None) -> State:
    """Build the state machine.

    Args:
        targets: the resources it calls.
        approval: which orders wait for people before stock and money are taken; None for none.

    Returns:
        The definition as JSON values. Its success path enters 10 states, and 3 more if the order needs approval.
    """
    waiting = approval.timeout_seconds if approval else 0
    return {
        "Comment": "Takes an order through five services, undoes what cannot be completed, and tells the customer",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": TIMEOUT_SECONDS + waiting,
        "StartAt": "Get user",
        "States": {
            "Get user": {
                **orders_services.get_user(targets),
                "Catch": [unreadable(), *give_up(**orders_services.ASKED_FOR, user=None, order=None)],
                "Next": "Create order",
            },
            "Create order": {
                **orders_services.create_order(targets),
                "Catch": [
                    # Another user's order has this id: do not cancel it.
                    refuse("OrderConflictError", next_state="Order refused"),
                    *give_up(order=None),
                ],
                "Next": "Still open?",
            },
            "Still open?": {
                "Type": "Choice",
                "Choices": [
                    *([orders_approval.needed(approval)] if approval else []),
                    {
                        "Comment": "new, or not yet paid",
                        "Condition": jsonata("$order.status = 'PENDING'"),
                        "Next": "Pay and reserve",
                    },
                ],
                "Default": "Read order",
            },
            **(_approval(approval) if approval else {}),
            "Pay and reserve": {
                "Type": "Parallel",
                "Branches": [orders_services.take_payment(targets), orders_services.reserve_stock(targets)],
                "Assign": {
                    "payment": jsonata("$states.result[0].ok ? $states.result[0].done : null"),
                    "reservation": jsonata("$states.result[1].ok ? $states.result[1].done : null"),
                    "refusals": jsonata("[$states.result[ok = false]]"),
                },
                "Output": {},
                "Catch": give_up(),
                "Next": "All well?",
            },
            "All well?": {
                "Type": "Choice",
                "Choices": [
                    {
                        "Comment": "payment or stock refused",
                        "Condition": jsonata("$count($refusals) > 0"),
                        # A declined payment stays declined, even if another service is down.
                        "Assign": {
                            "outcome": {
                                "status": jsonata("'REJECTED' in $refusals.status ? 'REJECTED' : 'FAILED'"),
                                "reason": jsonata("$join($refusals.reason, '; ')"),
                            }
                        },
                        "Next": "Close order",
                    }
                ],
                "Default": "Commit stock",
            },
            "Commit stock": {
                **orders_services.commit_stock(targets),
                "Catch": give_up(),
                "Next": "Confirm order",
            },
            "Confirm order": {
                **records.confirm_order(targets),
                "Catch": [catch_and_check(CONDITION_FAILED, next_state="Read order"), *give_up()],
                "Next": "Notify customer",
            },
            "Notify customer": {
                **orders_services.notify(targets, "'CONFIRMED'", "null", "$payment"),
                "Output": _confirmed("$states.result.Payload"),
                "Catch": [catch_notification_failure(next_state="Record warning")],
                "End": True,
            },
            "Record warning": {
                **records.record_warning(targets),
                "Catch": [catch_and_check("States.ALL", next_state="Confirmed with warning")],
                "Next": "Confirmed with warning",
            },
            "Confirmed with warning": {"Type": "Succeed", "Output": _confirmed("$notification")},
            **compensation.states(targets),
        },
    }


def _approval(approval: Approval) -> dict[str, State]:
    return orders_approval.states(approval, next_state="Pay and reserve", refused_state="Close order")


def permissions(targets: Targets, approval: Approval | None = None) -> list[Statement]:
    """Return the permissions of the state machine's role."""
    return [
        allow(["lambda:InvokeFunction"], every_version([*targets.functions.values()])),
        allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [targets.orders_table_arn]),
        *(orders_approval.permissions(approval) if approval else []),
        *read_with_key(targets.kms_key_arn, "dynamodb"),
    ]


def _confirmed(notification: str) -> State:
    return records.report(
        "'CONFIRMED'",
        reason="null",
        total="$order.total",
        payment="$payment",
        reservation="$reservation",
        notification=notification,
    )
