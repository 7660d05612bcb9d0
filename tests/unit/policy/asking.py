"""Asks one rule about made-up resources, as pulumi-policy would."""

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
    """The URN of a made-up resource."""
    return f"urn:pulumi:test::holdpoint::{type_}::{name}"


def told(
    policy: ResourceValidationPolicy, type_: str, props: Props, *, config: Mapping[str, Any] | None = None
) -> list[str]:
    """What a rule reports of one resource, which is named `thing`; each report has to be a help."""
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
    """A resource of a stack; `refers` maps a property to the resource that its value comes from."""
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
    """What a rule reports of a stack: the resource's name, and the message, which has to be a help."""
    names = {each.urn: each.name for each in resources}
    told: list[tuple[str, str]] = []

    def report(message: str, about: str | None = None) -> None:
        name = names[str(about)]
        _is_a_help(message, name)
        told.append((name, message))

    policy.validate(StackValidationArgs(list(resources), config), report)
    return told


def _is_a_help(message: str, name: str) -> None:
    """A report says where, what is wrong, and, in a sentence of its own, what to do."""
    assert f"'{name}'" in message
    assert ". " in message
    assert message.endswith(".")
