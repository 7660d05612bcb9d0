"""The calls of the five services: payload, result and retries of each."""

from typing import Any

from asl.call_policy import CallPolicy
from asl.orders.targets import Targets
from asl.states import ERROR_MESSAGE, TRANSIENT_FUNCTION_ERRORS, State, invoke, jsonata

REJECTIONS = (
    "UserNotFoundError",
    "UserInactiveError",
    "InvalidOrderError",
    "PaymentDeclinedError",
    "UnknownProductError",
    "InsufficientStockError",
    "OrderClosedError",
    "ReservationExpiredError",
)
"""Errors with which a service rejects an order: a finished business case, not a fault."""

DETAIL = "($exists($states.input.detail) ? $states.input.detail : $states.input)"
"""The requested order, as JSONata on the execution's input: from an event, or given directly."""

GIVEN_ID = f"($exists({DETAIL}.orderId) ? {DETAIL}.orderId : {DETAIL}.orderData.orderId)"
"""The id that the sender gave the order, beside the user or within the order."""

# The same event, or the same orderId, is the same order. A request with an invalid orderId gets a generated one, under
# which the order service's refusal is stored. So the tables can hold every id.
ORDER_ID = f"""(
    $is := function($text, $longest) {{
        $type($text) = 'string' and $length($text) <= $longest and $match($text, /[A-Za-z0-9_-]+/)[0].match = $text
    }};
    $given := {GIVEN_ID};
    $event := $states.input.eventId;
    $name := $states.context.Execution.Name;
    $is($given, 64) ? $given
    : $is($event, 60) ? 'ord-' & $event
    : $is($name, 60) ? 'ord-' & $name
    : 'ord-' & $substring($hash($name, 'SHA-256'), 0, 40)
)"""

ASKED_FOR = {
    "orderId": jsonata(ORDER_ID),
    "askedId": jsonata(f"$exists({GIVEN_ID}) ? {GIVEN_ID} : null"),
    "userId": jsonata(f"$type({DETAIL}.userId) = 'string' ? {DETAIL}.userId : ''"),
    "orderData": jsonata(f"$exists({DETAIL}.orderData) ? {DETAIL}.orderData : null"),
}
"""Variables of every path, which the first state assigns whether it succeeds or not."""


def get_user(targets: Targets) -> State:
    """Look up the customer."""
    payload = {"userId": jsonata(f"$exists({DETAIL}.userId) ? {DETAIL}.userId : null")}
    return {
        **_call(targets, "user", payload),
        "Assign": {**ASKED_FOR, "user": jsonata("$states.result.Payload")},
        "Output": {},
    }


def create_order(targets: Targets) -> State:
    """Validate, price and persist the order. An order that exists is returned unchanged."""
    payload = {
        "orderId": jsonata("$type($askedId) = 'null' ? $orderId : $askedId"),
        "orderData": jsonata("$orderData"),
        "userData": jsonata("$user"),
    }
    return {
        **_call(targets, "order", payload),
        "Assign": {"order": jsonata("$states.result.Payload")},
        "Output": {},
    }


def take_payment(targets: Targets) -> State:
    """Charge the customer, once per order."""
    call = _call(targets, "payment", _about_order("charge"))
    return _branch("Take payment", "Payment refused", call)


def reserve_stock(targets: Targets) -> State:
    """Reserve every item of the order, or none, once per order."""
    call = _call(targets, "inventory", _about_order("reserve"))
    return _branch("Reserve stock", "Stock refused", call)


def commit_stock(targets: Targets) -> State:
    """Commit the reservation: from here on it does not expire."""
    return {
        **_call(targets, "inventory", _about_order("commit")),
        "Assign": {"reservation": jsonata("$states.result.Payload")},
        "Output": {},
    }


def refund_payment(targets: Targets) -> State:
    """Give the money back, if any was taken; a late charge is refused from here on."""
    payload = {"action": "refund", "orderId": jsonata("$orderId")}
    call = _call(targets, "payment", payload, targets.calls.refund)
    return _alone("Refund payment", call)


def release_stock(targets: Targets) -> State:
    """Give the stock back, if any was taken; a late reservation is refused from here on."""
    payload = {"action": "release", "orderId": jsonata("$orderId")}
    call = _call(targets, "inventory", payload, targets.calls.release)
    return _alone("Release stock", call)


def notify(targets: Targets, status: str, reason: str, payment: str) -> State:
    """Notify the customer of the outcome and of the money; the last three arguments are JSONata."""
    payload = {
        "orderId": jsonata("$orderId"),
        "status": jsonata(status),
        "reason": jsonata(reason),
        "userData": jsonata("$user"),
        "orderData": jsonata("$order"),
        "payment": jsonata(payment),
    }
    return _call(targets, "notification", payload)


def _about_order(action: str) -> dict[str, Any]:
    return {
        "action": action,
        "orderId": jsonata("$orderId"),
        "orderData": jsonata("$order"),
        "userData": jsonata("$user"),
    }


def _call(targets: Targets, service: str, payload: dict[str, Any], policy: CallPolicy | None = None) -> State:
    policy = policy or targets.calls.by_name[service]
    retries = policy.retries(TRANSIENT_FUNCTION_ERRORS)
    return invoke(targets.functions[service], payload, timeout_seconds=policy.timeout_seconds, retries=retries)


def _branch(name: str, refused: str, call: State) -> State:
    """Return a branch that catches its own failure, so that the other branch completes and can be undone."""
    return {
        "StartAt": name,
        "States": {
            name: {
                **call,
                "Output": {"ok": True, "done": jsonata("$states.result.Payload")},
                "Catch": [
                    {
                        "ErrorEquals": list(errors),
                        "Output": {"ok": False, "status": status, "reason": jsonata(ERROR_MESSAGE)},
                        "Next": refused,
                    }
                    for errors, status in ((REJECTIONS, "REJECTED"), (("States.ALL",), "FAILED"))
                ],
                "End": True,
            },
            refused: {"Type": "Pass", "End": True},
        },
    }


def _alone(name: str, call: State) -> State:
    """Return a branch with one state, whose failure fails the Parallel."""
    return {"StartAt": name, "States": {name: {**call, "Output": jsonata("$states.result.Payload"), "End": True}}}
