"""`python -m ops`: the operator's command line. Each command is a module in `ops/commands`."""

from typing import Annotated

import typer

from ops import command
from ops.commands import (
    callback,
    cost,
    decide,
    describe,
    doctor,
    history,
    holds,
    invoke,
    jira,
    list_executions,
    logs,
    order,
    redrive,
    report,
    rerun,
    results,
    rollback,
    rollout,
    rotate,
    start,
    stop,
    watch,
)
from ops.program import PROGRAM
from ops.version import version

app = typer.Typer(
    help="Operate the workflows of a stack: in the sandbox that runs here, or on AWS with --stack.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    # A shell completes the commands of a program by its name, and python has others to complete.
    add_completion=PROGRAM == "holdpoint",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 it failed, 2 wrong usage, 3 the stack cannot be used. More in docs/ops.md.",
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"holdpoint {version()}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


command.add(app, "start", start.start, start.EXAMPLES)
command.add(app, "callback", callback.callback, callback.EXAMPLES)
command.add(app, "holds", holds.holds, holds.EXAMPLES)
command.add(app, "decide", decide.decide, decide.EXAMPLES)
command.add(app, "order", order.order, order.EXAMPLES)
command.add(app, "watch", watch.watch, watch.EXAMPLES)
command.add(app, "describe", describe.describe, describe.EXAMPLES)
command.add(app, "history", history.history, history.EXAMPLES)
command.add(app, "list", list_executions.list_executions, list_executions.EXAMPLES)
command.add(app, "results", results.results, results.EXAMPLES)
command.add(app, "report", report.report, report.EXAMPLES)
command.add(app, "logs", logs.logs, logs.EXAMPLES)
command.add(app, "invoke", invoke.invoke, invoke.EXAMPLES)
command.add(app, "stop", stop.stop, stop.EXAMPLES)
command.add(app, "redrive", redrive.redrive, redrive.EXAMPLES)
command.add(app, "rerun", rerun.rerun, rerun.EXAMPLES)
command.add(app, "rollout", rollout.rollout, rollout.EXAMPLES)
command.add(app, "rollback", rollback.rollback, rollback.EXAMPLES)
command.add(app, "jira", jira.jira, jira.EXAMPLES)
command.add(app, "rotate", rotate.rotate, rotate.EXAMPLES)
command.add(app, "cost", cost.cost, cost.EXAMPLES)
command.add(app, "doctor", doctor.doctor, doctor.EXAMPLES)


def main() -> None:
    """Run the command that the arguments name."""
    app(prog_name=PROGRAM)


if __name__ == "__main__":
    main()
