"""`rollout`: moves new executions to the newest version of a workflow, step by step."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

import typer

from ops import durations, rollouts
from ops.aws import alarms, state_machines
from ops.aws.live_alias import LiveAlias
from ops.aws.target import Target
from ops.command import OfWorkflow, Session
from ops.consent import Yes, confirm
from ops.errors import FailedError, UsageError
from ops.program import PROGRAM
from ops.rollouts import ALL_AT_ONCE, Move, Strategy

EXAMPLES = ("rollout", "rollout --workflow release --strategy linear --pause 5m", "rollout --yes --json")


def rollout(
    session: Session,
    workflow: OfWorkflow = None,
    strategy: Annotated[
        Strategy | None,
        typer.Option(help="canary: 10 %, then all. linear: 10 % more at a time.", show_default="the stack's `rollout`"),
    ] = None,
    pause: Annotated[
        str | None,
        typer.Option(help="After each step, such as 5m.", show_default="the stack's `rolloutPauseMinutes`"),
    ] = None,
    yes: Yes = False,
) -> None:
    """Move new executions to the newest version, step by step; an alarm of the stack moves them back.

    Without --workflow, it moves each workflow that has a newer version. Running executions finish with their own
    version. Exit code 1: an alarm went off.
    """
    target = session.target
    steps, waits = _strategy(target, strategy), _pause(target, pause)
    aliases = [LiveAlias(target, machine) for machine in state_machines.named(target, workflow)]
    moves = [move for alias in aliases if (move := rollouts.due(alias))]
    if not moves:
        session.terminal.show(
            {"event": "done", "moves": []}, lambda console: console.print("Nothing to move: " + _at(aliases))
        )
        return
    _check_alarms(target, steps)
    what = ", ".join(_told(move) for move in moves)
    confirm(session, f"Move new executions of {what}", yes=yes)
    session.terminal.say(f"Moving new executions of {what}: {steps}, {durations.human(waits)} after each step")
    try:
        for step in rollouts.shift(moves, steps, waits, ringing=lambda: alarms.ringing(target), sleep=time.sleep):
            session.terminal.line({"event": "step", "percent": step.share, "alarms": list(step.alarms)})
            if step.alarms:
                raise FailedError(
                    f"Rolled back, because of {', '.join(step.alarms)}",
                    "Each alarm names its runbook. Fix the cause and deploy again: that publishes another version",
                )
            session.terminal.say(f"  {step.share} % of new executions have the new version")
    except KeyboardInterrupt:
        session.terminal.say(f"Interrupted: go on with {PROGRAM} rollout, or go back with {PROGRAM} rollback")
        raise
    session.terminal.line({"event": "done", "moves": [_as_json(move) for move in moves]})
    session.terminal.say("Done")


def _strategy(target: Target, asked: Strategy | None) -> Strategy:
    settings: Mapping[str, Any] = target.outputs.get("rollout") or {}
    return asked or settings.get("strategy", ALL_AT_ONCE)


def _pause(target: Target, asked: str | None) -> timedelta:
    if asked is None:
        return timedelta(minutes=(target.outputs.get("rollout") or {}).get("pause_minutes", 0))
    try:
        return durations.parse(asked)
    except ValueError as error:
        raise UsageError(f"--pause: {error}") from None


def _check_alarms(target: Target, strategy: Strategy) -> None:
    """Refuse a rollout if there are no alarms to stop it, or if one is on already.

    Raises:
        UsageError: the stack has no alarms.
        FailedError: an alarm is in the state ALARM.
    """
    states = alarms.states(target)
    if not states and strategy != ALL_AT_ONCE:
        raise UsageError(
            f"{target.origin} has no alarms, which a gradual rollout watches", f"Add --strategy {ALL_AT_ONCE}"
        )
    ringing = sorted(name for name, state in states.items() if state == "ALARM")
    if ringing:
        raise FailedError(
            f"Nothing is moved, because of {', '.join(ringing)}: in ALARM before the rollout",
            "Each alarm names its runbook. Try again when the alarms are OK",
        )


def _told(move: Move) -> str:
    return f"{move.alias.machine.kind} from version {move.old} to {move.new}"


def _as_json(move: Move) -> dict[str, str | int]:
    return {"workflow": move.alias.machine.kind, "from": move.old, "to": move.new}


def _at(aliases: list[LiveAlias]) -> str:
    return ", ".join(f"{each.machine.kind} has its newest version" for each in aliases)
