"""Approval of a large order: the hold before stock and money are taken, and the outcome if nobody approves."""

from dataclasses import dataclass, field, replace

from asl import hold
from asl.hold import Table
from asl.hold.policy import Policy
from asl.states import State, Statement, jsonata

NAMES = hold.Names.of("approval")

VARIABLE = "approval"

MAX_TITLE_LENGTH = 200
"""In characters: enough for a list of waits."""

MAX_TEXT_LENGTH = 1_000
"""In characters, of the details and of a reason, which the table, the notification and the output hold.
"""


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Orders whose total is above `above` wait for people, for at most `timeout_seconds`.

    `policy` says who may decide; the customer is the requester.
    """

    table: Table
    above: int
    timeout_seconds: int
    policy: Policy = field(default_factory=Policy)


def needed(approval: Approval) -> State:
    """Return the Choice rule that leads an open order to its approval."""
    return {
        "Comment": "so large that people decide",
        "Condition": jsonata(f"$order.status = 'PENDING' and $order.total > {approval.above}"),
        "Next": NAMES.register,
    }


def states(approval: Approval, *, next_state: str, refused_state: str) -> dict[str, State]:
    """Build the states of the approval.

    Args:
        approval: the orders that wait.
        next_state: follows an approval.
        refused_state: follows a rejection, a timeout or a failure, with the variable `outcome`.
    """
    wait = hold.Hold(
        table=approval.table,
        subject="$orderId",
        timeout_seconds=approval.timeout_seconds,
        names=NAMES,
        title=f"$substring('Order of ' & $userId & ' for $' & $string($order.total), 0, {MAX_TITLE_LENGTH})",
        details=f"$substring($join($order.items.($string(quantity) & ' x ' & productId), ', '), 0, {MAX_TEXT_LENGTH})",
        policy=replace(approval.policy, requester=_requester(approval.policy)),
        rejection="go-on",
        variable=VARIABLE,
    )
    return {
        **hold.states(wait, next_state="Approved?", failed_state="Not approved"),
        "Approved?": {
            "Type": "Choice",
            "Choices": [
                {
                    "Comment": "it was approved",
                    "Condition": jsonata(f"${VARIABLE}.status = 'success'"),
                    "Next": next_state,
                }
            ],
            "Assign": {"outcome": {"status": "REJECTED", "reason": jsonata(_REJECTED)}},
            "Default": refused_state,
        },
        "Not approved": {
            "Type": "Pass",
            "Assign": {"outcome": {"status": jsonata(_STATUS), "reason": jsonata(_NOT_DECIDED)}},
            "Next": refused_state,
        },
    }


def permissions(approval: Approval) -> list[Statement]:
    """Return the permissions that the approval needs in the role of the state machine."""
    # The orders' own permissions have the key, which is the same for all tables of a stack.
    return hold.permissions(Table(name=approval.table.name, arn=approval.table.arn))


def _requester(policy: Policy) -> str:
    """Return the requester, as JSONata: the customer, identified by address if the approvers are addresses."""
    return "($type($user.email) = 'string' ? $user.email : $userId)" if policy.approvers else "$userId"


# An operator may have ended the wait by hand, with any value.
_REJECTED = f"""(
    $by := $type(${VARIABLE}.decider) = 'string' ? ' by ' & ${VARIABLE}.decider : '';
    $why := $type(${VARIABLE}.message) = 'string' ? ': ' & ${VARIABLE}.message : '';
    $substring('The order was rejected' & $by & $why, 0, {MAX_TEXT_LENGTH})
)"""

# A timeout of the approval is a finished business case, like a rejection.
_STATUS = "$failure.error = 'States.Timeout' ? 'REJECTED' : 'FAILED'"

_NOT_DECIDED = f"""$substring(
    'The order was not approved: '
    & ($failure.error = 'States.Timeout' ? $failure.cause : $failure.error & ': ' & $failure.cause),
    0, {MAX_TEXT_LENGTH}
)"""
