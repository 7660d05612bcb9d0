"""The comparison of two evaluated programs as Markdown, for the comment of a pull request."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from tools.preview_diff import costs, machines, permissions, resources
from tools.preview_diff.costs import Counts
from tools.preview_diff.permissions import Permission
from tools.preview_diff.resources import Change, Resources

Snapshot = Mapping[str, Any]
"""Result of `evaluate`."""

FOLDED = 10
"""The longest table that is shown unfolded, in rows."""

CUT = "The rest is left out here, because a comment has a limit. Run `make preview-diff` for all of it.\n"


def report(base: str, old: Snapshot, new: Snapshot, old_counts: Counts, new_counts: Counts) -> list[str]:
    """Return the report in parts of Markdown that can be left out. Stacks with the same changes share a part.

    `base` names the revision to compare with.
    """
    found: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(old["stacks"].keys() | new["stacks"].keys()):
        parts = _stack(old["stacks"].get(name), new["stacks"].get(name), old_counts, new_counts)
        alike = tuple(part.replace(f"-{name}-", "-STACK-") for part in parts)
        found.setdefault(alike, []).append(name)
    title = f"# Changes since `{base}`\n"
    note = (
        "Both programs were evaluated without AWS, each stack with its own configuration; STACK is the stack's name."
        " `pulumi preview` has the last word on what is replaced, because it asks the provider.\n"
    )
    return [title, note, *(part for parts, names in found.items() for part in (f"## {', '.join(names)}\n", *parts))]


def shorten(parts: Sequence[str], limit: int) -> str:
    """Join the parts up to `limit` characters, with a note if some are left out."""
    kept: list[str] = []
    for part in parts:
        if len("\n".join([*kept, part, CUT])) > limit:
            return "\n".join([*kept, CUT])
        kept.append(part)
    return "\n".join(kept)


def _stack(
    old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, old_counts: Counts, new_counts: Counts
) -> list[str]:
    for side, which in ((new, "The program"), (old, "The program of the base")):
        if side is not None and "error" in side:
            return [f"{which} cannot be evaluated here, so there is no comparison:\n\n```\n{side['error']}\n```\n"]
    before: Resources = old["resources"] if old else {}
    after: Resources = new["resources"] if new else {}
    parts = [
        *_resources(resources.compare(before, after), len(after)),
        *_machines(machines.changed(before, after)),
        *_permissions(permissions.permissions(before), permissions.permissions(after)),
        *_policies(old["violations"] if old else None, new["violations"] if new else None),
        *_costs(costs.compare(before, after, old_counts, new_counts)),
    ]
    existence = ["The stack is new.\n"] if not old else ["The stack is gone.\n"] if not new else []
    return [*existence, *parts]


def _resources(changes: Sequence[Change], total: int) -> Iterator[str]:
    if not changes:
        yield f"**Resources**: none of {total} changes.\n"
        return
    summary = ", ".join(
        f"{len(list(group))} {kind.value}" for kind, group in groupby(changes, key=lambda change: change.kind)
    )
    alike: dict[tuple[str, str, str], list[str]] = {}
    for change in changes:
        details = "<br>".join(_cell(detail) for detail in change.details)
        alike.setdefault((change.kind.value, change.type, details), []).append(f"`{change.name}`")
    rows = [
        f"| {kind} | `{type_}` | {', '.join(names)} | {details} |" for (kind, type_, details), names in alike.items()
    ]
    heading = f"**Resources**: {summary}; {total} afterwards."
    yield _table(heading, "| change | type | name | properties |\n| --- | --- | --- | --- |", rows)


def _machines(found: Sequence[machines.Machine]) -> Iterator[str]:
    for machine in found:
        states = "\n".join(f"- {state}: {fields}" for state, fields in machine.states.items())
        yield f"**State machine `{machine.name}`**\n\n```mermaid\n{machine.diagram}\n```\n\n{states}\n"


def _permissions(old: set[Permission], new: set[Permission]) -> Iterator[str]:
    if old == new:
        yield "**Permissions**: unchanged.\n"
        return
    rows = [
        *(f"| added | {_row(permission)} |" for permission in sorted(new - old)),
        *(f"| removed | {_row(permission)} |" for permission in sorted(old - new)),
    ]
    heading = f"**Permissions**: {len(new - old)} added, {len(old - new)} removed."
    yield _table(heading, "| change | policy | action | resource | condition |\n| --- | --- | --- | --- | --- |", rows)


def _row(permission: Permission) -> str:
    effect = "" if permission.effect == "Allow" else f"{permission.effect} "
    to_whom = f" by `{_cell(permission.principal)}`" if permission.principal else ""
    condition = f"`{_cell(permission.condition)}`" if permission.condition else ""
    resource = f"`{_cell(permission.resource)}`" if permission.resource else ""
    return f"`{permission.policy}` | {effect}`{permission.action}`{to_whom} | {resource} | {condition}"


def _policies(old: Sequence[str] | None, new: Sequence[str] | None) -> Iterator[str]:
    if new is None:
        yield "**Policies**: there is no policy pack.\n"
    elif not new:
        yield "**Policies**: no rule is violated.\n"
    else:
        known = set(old or [])
        lines = "\n".join(f"- {'' if each in known else '**new** '}{each}" for each in new)
        yield f"**Policies**: {len(new)} violations, {len(set(new) - known)} of them new.\n\n{lines}\n"


def _costs(lines: Sequence[costs.Line]) -> Iterator[str]:
    if not lines:
        yield "**Cost**: unknown, because `bench/counts.json` is missing on one side.\n"
        return
    if all(f"{line.old:.4f}" == f"{line.new:.4f}" for line in lines):
        yield f"**Cost**: unchanged ({', '.join(f'{line.label}: ${line.new:,.4f}' for line in lines)}).\n"
        return
    rows = [f"| {line.label} | {line.old:,.4f} | {line.new:,.4f} | {line.new - line.old:+,.4f} |" for line in lines]
    head = "| | before | after | difference |\n| --- | ---: | ---: | ---: |"
    yield _table("**Cost** at list price, in US dollars:", head, rows)


def _table(heading: str, head: str, rows: Sequence[str]) -> str:
    table = "\n".join([head, *rows])
    if len(rows) > FOLDED:
        table = f"<details><summary>{len(rows)} rows</summary>\n\n{table}\n\n</details>"
    return f"{heading}\n\n{table}\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
