"""The policy of a hold: its approvers, and how many of them must approve."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asl.states import State, jsonata, literal

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

MAX_APPROVERS = 50
"""Each approver takes an email subscription to the topic of links, and space in the item of the table."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The approvers of a hold. By default, everyone whom one of the hold's channels authenticates may decide.

    Attributes:
        approvers: email addresses of those who may decide, each through their own link; see `addresses`.
        approvals: how many of the approvers have to approve. One rejection ends the wait.
        requester: who asks for the decision, as a JSONata expression for a text; empty if unknown.
        requester_may_approve: let the requester approve.

    Raises:
        ValueError: the approvers cannot give that many approvals.
    """

    approvers: Sequence[str] = ()
    approvals: int = 1
    requester: str = ""
    requester_may_approve: bool = False

    def __post_init__(self) -> None:
        if len(self.approvers) > MAX_APPROVERS:
            raise ValueError(f"a hold has {len(self.approvers)} approvers; at most {MAX_APPROVERS} are possible")
        if not 1 <= self.approvals <= max(1, len(self.approvers)):
            # Only their own links distinguish approvers: a caller of another channel may claim any name.
            raise ValueError(
                f"a hold needs {self.approvals} approvals and names {len(self.approvers)} approvers: name as many "
                "addresses in approvers, or lower approvals"
            )


def addresses(names: Sequence[str], groups: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the addresses of approvers, once each and in lower case.

    Args:
        names: email addresses, and names of groups.
        groups: the addresses of each group.

    Raises:
        ValueError: a name is neither an address nor a group.
    """
    found: dict[str, None] = {}
    for name in names:
        for address in groups.get(name, (name,)):
            if not _ADDRESS.fullmatch(address):
                known = ", ".join(sorted(groups)) or "none"
                raise ValueError(f"approver {address!r} is no email address and no group; the groups are: {known}")
            found[address.lower()] = None
    return tuple(found)


def attributes(policy: Policy) -> State:
    """Return the attributes of the policy on the item of a hold.

    Step Functions spells DynamoDB's types SS and BOOL like every name in its AWS SDK integrations: Ss, Bool.
    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
    """
    found: State = {}
    if policy.requester:
        found["requester"] = {"S": jsonata(policy.requester)}
        if policy.requester_may_approve:
            found["requesterMayApprove"] = {"Bool": True}
    if policy.approvers:
        found["approvers"] = {"Ss": jsonata(_eligible(policy))}
        found["approvalsNeeded"] = {"N": str(policy.approvals)}
        # Approvals are added one by one, on condition that the map has not changed.
        found["approvals"] = {"M": {}}
    return found


def _eligible(policy: Policy) -> str:
    """Return the approvers without the requester, as JSONata that fails if fewer than `approvals` are left."""
    everybody = f"[{', '.join(map(literal, policy.approvers))}]"
    if not policy.requester or policy.requester_may_approve:
        return everybody
    return f"""(
    $requester := $lowercase($trim({policy.requester}));
    $others := [$filter({everybody}, function($address) {{ $address != $requester }})];
    $count($others) >= {policy.approvals}
    ? $others : $error('The hold needs {policy.approvals} approvals of others than the requester')
)"""
