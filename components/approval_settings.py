"""The settings `approvalPolicies` and `approvalGroups`: who decides on releases and on large orders."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from asl.hold import MAX_APPROVERS, Policy, addresses
from components.setting_types import Integer, as_scalar

WORKFLOWS = ("release", "orders")
"""The workflows that wait for people."""

MAX_ADDRESS_LENGTH = 254
"""In characters: the longest address that a mail server accepts. https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3
"""

_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")

_GROUP = re.compile(r"[a-z][a-z0-9-]*")


class PolicySettings(BaseModel):
    """One value of `approvalPolicies`."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True)

    approvers: list[str] = []
    approvals: Annotated[Integer, Field(ge=1, le=MAX_APPROVERS)] = 1
    requester_may_approve: Annotated[bool, BeforeValidator(as_scalar)] = False

    def policy(self, groups: Mapping[str, Sequence[str]]) -> Policy:
        """Return the policy for a workflow, with groups replaced by their members. The workflow adds the requester."""
        return Policy(
            approvers=addresses(self.approvers, groups),
            approvals=self.approvals,
            requester_may_approve=self.requester_may_approve,
        )


def _are_workflows(policies: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in policies:
        if name not in WORKFLOWS:
            raise ValueError(f"names no workflow {name!r}: there are {' and '.join(WORKFLOWS)}")
    return policies


def _are_named(groups: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in groups:
        if not _GROUP.fullmatch(name):
            raise ValueError(
                f"has a group {name!r}: a name must begin with a lower-case letter, and have lower-case letters, "
                "digits and hyphens"
            )
    return groups


Policies = Annotated[dict[str, PolicySettings], AfterValidator(_are_workflows)]
"""Policies by the name of a workflow."""

Groups = Annotated[dict[str, Annotated[list[str], Field(min_length=1)]], AfterValidator(_are_named)]
"""The addresses of each group."""


def by_workflow(policies: Mapping[str, PolicySettings], groups: Mapping[str, Sequence[str]]) -> dict[str, Policy]:
    """Return the policy of each workflow; the default if the stack sets none."""
    return {workflow: policies.get(workflow, PolicySettings()).policy(groups) for workflow in WORKFLOWS}


def problems(
    policies: Mapping[str, PolicySettings],
    groups: Mapping[str, Sequence[str]],
    *,
    has_links: bool,
    orders_wait: bool,
) -> Iterator[str]:
    """Yield the problems of policies and groups together: the key, the mistake, and the command that corrects it."""
    for name, members in groups.items():
        for number, address in enumerate(members):
            if not _is_address(address):
                yield _wrong(f"approvalGroups.{name}[{number}]", address, "must be an email address")
        yield from _duplicates(f"approvalGroups.{name}", members)
    for workflow, each in policies.items():
        at = f"approvalPolicies.{workflow}"
        unknown = list(_unknown(f"{at}.approvers", each.approvers, groups))
        yield from unknown
        yield from _duplicates(f"{at}.approvers", each.approvers)
        if not unknown:
            yield from _of_numbers(at, each, len({*_members(each.approvers, groups)}))
        if each.approvers and not has_links:
            yield (
                f"{at}.approvers: must come with approvalLinks, because approvers decide by links of their own; "
                "by pulumi config set approvalLinks true"
            )
        if workflow == "release" and each.requester_may_approve and not each.approvers:
            yield (
                f"{at}.requesterMayApprove is true: works with {at}.approvers only; set those, or by "
                f"pulumi config rm --path '{at}.requesterMayApprove'"
            )
        if workflow == "orders" and not orders_wait:
            yield (f"{at}: no order waits without ordersApprovalAbove; set that, or by pulumi config rm --path '{at}'")


def _of_numbers(at: str, policy: PolicySettings, approvers: int) -> Iterator[str]:
    if approvers > MAX_APPROVERS:
        yield f"{at}.approvers: must be {MAX_APPROVERS} addresses at the most, and with all groups are {approvers}"
    if policy.approvals > max(1, approvers):
        yield (
            f"{at}.approvals is {policy.approvals}: must not be more than the approvers, who are {approvers}; name "
            f"more of them, or by pulumi config set --path '{at}.approvals' <number>"
        )


def _unknown(at: str, names: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for number, name in enumerate(names):
        if name not in groups and not _is_address(name):
            close = get_close_matches(name, groups, n=1)
            known = f"did you mean {close[0]}?" if close else f"the groups are {', '.join(sorted(groups)) or 'none'}"
            yield _wrong(f"{at}[{number}]", name, f"must be an email address or a group of approvalGroups ({known})")


def _duplicates(at: str, names: Sequence[str]) -> Iterator[str]:
    """Yield addresses that occur twice, ignoring case: the two would be one approver."""
    for name, count in Counter(name.lower() for name in names).items():
        if count > 1:
            number = max(n for n, each in enumerate(names) if each.lower() == name)
            yield (
                f"{at}[{number}] is {names[number]!r}: must be there once, and is {count} times; by "
                f"pulumi config rm --path '{at}[{number}]'"
            )


def _members(names: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name in names:
        yield from (each.lower() for each in groups.get(name, (name,)))


def _is_address(text: str) -> bool:
    return len(text) <= MAX_ADDRESS_LENGTH and _ADDRESS.fullmatch(text) is not None


def _wrong(at: str, value: str, must: str) -> str:
    return f"{at} is {value!r}: {must}; by pulumi config set --path '{at}' <address>"
