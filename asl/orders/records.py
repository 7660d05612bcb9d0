"""Reads and writes of the order's item, whose `status` resolves every race.

PENDING -> CONFIRMED, or PENDING -> CANCELLING -> REJECTED | FAILED. Each step is a conditional write, so that two
executions of one order, concurrent or repeated, cannot reach different outcomes. An order has `open` until its
outcome: the index of that name lists orders that an execution may have left open.
"""

from typing import Any

from asl.orders.targets import Targets
from asl.states import CONDITION_FAILED, State, jsonata, retry_sdk_call, sdk_call
from facts import OPEN_ORDER

_NOW = {"S": jsonata("$now()")}
_KEY = {"orderId": {"S": jsonata("$orderId")}}


MAX_LEVELS = 4
"""Depth to which a service's answer is stored as objects and lists; deeper parts are stored as JSON text. AWS ends
an expression that nests about 100 evaluations deep (it publishes no number), and each level takes about nine."""

# JSON as a DynamoDB attribute, and back. Nulls and booleans are left out: the AWS SDK integrations have names of their
# own for NULL and BOOL, which are not documented. So an empty map represents a missing value.
_TO_ATTRIBUTE = """function($value, $levels) {
    $levels = 0 and $type($value) in ['array', 'object'] ? {'S': $string($value)}
    : $type($value) = 'object' ? {'M': $merge([{}, $each($value, function($part, $key) {
        $type($part) in ['string', 'number', 'array', 'object'] ? {$key: $to($part, $levels - 1)} : {}
    })])}
    : $type($value) = 'array' ? {'L': [$map($value, function($part) { $to($part, $levels - 1) })]}
    : $type($value) = 'number' ? {'N': $string($value)}
    : {'S': $value}
}"""

_FROM_ATTRIBUTE = """function($attribute) {
    $exists($attribute.S) ? $attribute.S
    : $exists($attribute.N) ? $number($attribute.N)
    : $count($keys($attribute.M)) > 0 ? $merge($each($attribute.M, function($part, $key) { {$key: $from($part)} }))
    : 'L' in $keys($attribute) ? [$map($attribute.L, function($part) { $from($part) })]
    : {}
}"""


def close_order(targets: Targets) -> State:
    """Close the record of a failed or rejected order: from here on no execution can confirm it.

    `outcome` has the final status and the reason. `existed` says whether there may be something to undo.
    """
    step = _step("'CANCELLING'", "$outcome.reason")
    return {
        **_update(
            targets,
            "SET #status = :cancelling, #open = :open, #outcome = :outcome, #reason = :reason, "
            "#timeline = list_append(if_not_exists(#timeline, :none), :step), "
            "#total = if_not_exists(#total, :zero), "
            "userId = if_not_exists(userId, :user), createdAt = if_not_exists(createdAt, :now), updatedAt = :now",
            # A wrong event with the id of another user's order must not close that order.
            "attribute_not_exists(#status) OR (#status = :pending AND userId = :user)",
            {
                ":cancelling": {"S": "CANCELLING"},
                ":open": {"S": OPEN_ORDER},
                ":pending": {"S": "PENDING"},
                ":outcome": {"S": jsonata("$outcome.status")},
                ":reason": {"S": jsonata("$outcome.reason")},
                ":none": {"L": []},
                ":zero": {"N": "0"},
                ":step": step,
                ":user": {"S": jsonata("$userId")},
                ":now": _NOW,
            },
            names=("status", "open", "outcome", "reason", "timeline", "total"),
            return_values="ALL_OLD",
        ),
        "Assign": {"existed": jsonata("$exists($states.result.Attributes.status)"), "undone": None},
        "Output": {},
    }


def cancel_order(targets: Targets) -> State:
    """Write the outcome of a cancelled order, and which execution wrote it, after the compensation.

    Only that execution notifies the customer.
    """
    return {
        **_update(
            targets,
            "SET #status = :final, cancelledBy = :execution, #payment = :payment, #reservation = :reservation, "
            "#timeline = list_append(#timeline, :step), updatedAt = :now REMOVE #open",
            "#status = :cancelling",
            {
                ":final": {"S": jsonata("$outcome.status")},
                ":execution": {"S": jsonata("$states.context.Execution.Name")},
                ":cancelling": {"S": "CANCELLING"},
                ":payment": _map("$undone.payment"),
                ":reservation": _map("$undone.reservation"),
                ":step": _step("$outcome.status", "$outcome.reason"),
                ":now": _NOW,
            },
            names=("status", "open", "payment", "reservation", "timeline"),
        ),
        "Output": {},
    }


def confirm_order(targets: Targets) -> State:
    """Write that the order is confirmed, and which execution confirmed it: only that one notifies the customer."""
    return {
        **_update(
            targets,
            "SET #status = :confirmed, confirmedBy = :execution, #payment = :payment, #reservation = :reservation, "
            "#timeline = list_append(#timeline, :step), updatedAt = :now REMOVE #open",
            "#status = :pending",
            {
                ":confirmed": {"S": "CONFIRMED"},
                ":pending": {"S": "PENDING"},
                ":execution": {"S": jsonata("$states.context.Execution.Name")},
                ":payment": _map("$payment"),
                ":reservation": _map("$reservation"),
                ":step": _step("'CONFIRMED'"),
                ":now": _NOW,
            },
            names=("status", "open", "payment", "reservation", "timeline"),
        ),
        "Output": {},
    }


def record_warning(targets: Targets) -> State:
    """Record on a confirmed order that the notification of its customer failed."""
    return {
        **_update(
            targets,
            "SET #notification = :notification, #timeline = list_append(#timeline, :step), updatedAt = :now",
            "attribute_exists(orderId)",
            {
                ":notification": _map("$notification"),
                ":step": _step("'NOTIFICATION_FAILED'", "$notification.reason"),
                ":now": _NOW,
            },
            names=("notification", "timeline"),
        ),
        "Output": {},
    }


def read_order(targets: Targets) -> State:
    """Read the state of the order."""
    arguments = {"TableName": targets.orders_table_name, "Key": _KEY, "ConsistentRead": True}
    item = "$states.result.Item"
    return {
        **sdk_call("dynamodb", "getItem", arguments, retries=retry_sdk_call()),
        "Assign": {
            "stored": jsonata(f"""(
                $from := {_FROM_ATTRIBUTE};
                $orNull := function($attribute) {{ $count($keys($attribute.M)) > 0 ? $from($attribute) : null }};
                {{
                    'status': {item}.status.S,
                    'userId': $exists({item}.userId.S) ? {item}.userId.S : '',
                    'confirmedBy': $exists({item}.confirmedBy.S) ? {item}.confirmedBy.S : '',
                    'cancelledBy': $exists({item}.cancelledBy.S) ? {item}.cancelledBy.S : '',
                    'outcome': {{
                        'status': $exists({item}.outcome.S) ? {item}.outcome.S : 'FAILED',
                        'reason': $exists({item}.reason.S) ? {item}.reason.S : null
                    }},
                    'total': $exists({item}.total.N) ? $number({item}.total.N) : 0,
                    'payment': $orNull({item}.payment),
                    'reservation': $orNull({item}.reservation),
                    'notification': $orNull({item}.notification)
                }}
            )"""),
            "undone": None,
        },
        "Output": {},
    }


def report(status: str, *, reason: str, total: str, payment: str, reservation: str, notification: str) -> State:
    """Build the execution's output; the arguments are JSONata."""
    return {
        "orderId": jsonata("$orderId"),
        "status": jsonata(status),
        "reason": jsonata(reason),
        "total": jsonata(total),
        "payment": jsonata(payment),
        "reservation": jsonata(reservation),
        "notification": jsonata(notification),
    }


def _update(
    targets: Targets,
    update: str,
    condition: str,
    values: dict[str, Any],
    *,
    names: tuple[str, ...],
    return_values: str = "NONE",
) -> State:
    arguments = {
        "TableName": targets.orders_table_name,
        "Key": _KEY,
        "UpdateExpression": update,
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {f"#{name}": name for name in names},
        "ExpressionAttributeValues": values,
        "ReturnValues": return_values,
    }
    return sdk_call("dynamodb", "updateItem", arguments, retries=retry_sdk_call(CONDITION_FAILED))


def _step(state: str, reason: str | None = None) -> dict[str, Any]:
    """Return one entry of the timeline, with the reason, if any. The arguments are JSONata."""
    step = f"{{'state': {{'S': {state}}}, 'at': {{'S': $now()}}}}"
    if reason is not None:
        step = f"$merge([{step}, $type({reason}) = 'string' ? {{'reason': {{'S': {reason}}}}} : {{}}])"
    return {"L": [{"M": jsonata(step)}]}


def _map(value: str) -> str:
    return jsonata(f"($to := {_TO_ATTRIBUTE}; $type({value}) = 'object' ? $to({value}, {MAX_LEVELS}) : {{'M': {{}}}})")
