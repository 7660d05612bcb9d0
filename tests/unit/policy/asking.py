"""Calls of one rule on made-up resources, as pulumi-policy makes them."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

UNKNOWN = UNKNOWN_STRING_VALUE
"""A value that only the update will know, as the engine sends it in a preview."""

Props = dict[str, Any]

_OPTIONS = PolicyResourceOptions(
    protect=False,
    ignore_changes=[],
    delete_before_replace=None,
    aliases=[],
    custom_timeouts=PolicyCustomTimeouts(0, 0, 0),
    additional_secret_outputs=[],
)


def urn(type_: str, name: str) -> str:
    """Return the URN of a made-up resource."""
    return f"urn:pulumi:test::holdpoint::{type_}::{name}"


def told(
    policy: ResourceValidationPolicy, type_: str, props: Props, *, config: Mapping[str, Any] | None = None
) -> list[str]:
    """Return the reports of a rule on one resource, named `thing`; each report must say how to fix the problem."""
    messages: list[str] = []

    def report(message: str, about: str | None = None) -> None:
        assert about == urn(type_, "thing")
        _is_a_help(message, "thing")
        messages.append(message)

    args = ResourceValidationArgs(
        type_, unknown_checking_proxy(props), urn(type_, "thing"), "thing", _OPTIONS, None, config
    )
    policy.validate(args, report)
    return messages


def resource(
    type_: str, name: str, props: Props | None = None, refers: Mapping[str, PolicyResource] | None = None
) -> PolicyResource:
    """Return a resource of a stack; `refers` maps a property to the resource that its value comes from."""
    found = {prop: [target] for prop, target in (refers or {}).items()}
    return PolicyResource(
        type_,
        unknown_checking_proxy(props or {}),
        urn(type_, name),
        name,
        _OPTIONS,
        None,
        None,
        [target for targets in found.values() for target in targets],
        found,
    )


def told_of(
    policy: StackValidationPolicy, resources: Sequence[PolicyResource], *, config: Mapping[str, Any] | None = None
) -> list[tuple[str, str]]:
    """Return the reports of a rule on a stack: resource names and messages with a fix."""
    names = {each.urn: each.name for each in resources}
    told: list[tuple[str, str]] = []

    def report(message: str, about: str | None = None) -> None:
        name = names[str(about)]
        _is_a_help(message, name)
        told.append((name, message))

    policy.validate(StackValidationArgs(list(resources), config), report)
    return told


def _is_a_help(message: str, name: str) -> None:
    """Return whether a report says where, what is wrong, and, in a separate sentence, what to do."""
    assert f"'{name}'" in message
    assert ". " in message
    assert message.endswith(".")
