"""A hold: the states in which a workflow waits for a decision by people, for any JSONata definition.

One item of the hold's table represents one subject in one execution. The workflow writes its task token onto the item
if no decision is there; the callback API writes the decision if none is there yet. Of these two conditional writes,
whichever comes second sees the first, so exactly one side resumes the execution: no decision is lost or taken twice.
"""

from asl.hold.arguments import Hold, Names, Table
from asl.hold.graph import permissions, states
from asl.hold.policy import MAX_APPROVERS, Policy, addresses
from facts import CALLBACK_FAILURE

__all__ = [
    "CALLBACK_FAILURE",
    "MAX_APPROVERS",
    "Hold",
    "Names",
    "Policy",
    "Table",
    "addresses",
    "permissions",
    "states",
]
