"""`rollback`: moves all new executions to an earlier version of a workflow."""

from typing import Annotated

import typer

from ops.aws import state_machines
from ops.aws.live_alias import ALL, LiveAlias
from ops.command import Session
from ops.consent import Yes, confirm
from ops.errors import UsageError

EXAMPLES = ("rollback release", "rollback orders --to 3")


def rollback(
    session: Session,
    workflow: Annotated[str, typer.Argument(help="A workflow of the stack, such as release.")],
    to: Annotated[int | None, typer.Option(help="A version's number.", show_default="the previous one")] = None,
    yes: Yes = False,
) -> None:
    """Let new executions start with an earlier version, at once. Running executions finish with their own version."""
    (machine,) = state_machines.named(session.target, workflow)
    alias = LiveAlias(session.target, machine)
    version = _earlier(alias) if to is None else _existing(alias, to)
    confirm(session, f"Start new executions of {machine.kind} with version {version}", yes=yes)
    alias.route({version: ALL})
    session.terminal.show(
        {"workflow": machine.kind, "version": version},
        lambda console: console.print(f"New executions of {machine.kind} start with version {version}"),
    )


def _earlier(alias: LiveAlias) -> int:
    """Return the version before the newest one that is live: during a rollout, the old one.

    Raises:
        UsageError: there is none.
    """
    live = max(alias.shares())
    earlier = [version for version in alias.versions() if version < live]
    if not earlier:
        raise UsageError(f"There is no version of {alias.machine.kind} before {live}")
    return max(alias.shares().keys() & set(earlier), default=earlier[0])


def _existing(alias: LiveAlias, version: int) -> int:
    known = alias.versions()
    if version not in known:
        raise UsageError(f"{alias.machine.kind} has no version {version}", f"It has {', '.join(map(str, known))}")
    return version
