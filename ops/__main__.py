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
    # Shell completion belongs to a program's name, and `python` has other arguments to complete.
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


# In the order in which the help lists them.
for module in (
    *(start, callback, holds, decide, order, watch, describe, history, list_executions, results, report, logs, invoke),
    *(stop, redrive, rerun, rollout, rollback, jira, rotate, cost, doctor),
):
    command.add(app, module)


def main() -> None:
    """Run the command that the arguments name."""
    app(prog_name=PROGRAM)


if __name__ == "__main__":
    main()
