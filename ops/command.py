"""Parts that all commands share: a target, `--json`, and errors without a traceback."""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer

from ops.aws import sandboxes
from ops.aws import target as targets
from ops.aws.target import Target
from ops.errors import INTERRUPTED, OpsError, TargetError
from ops.program import PROGRAM
from ops.render.terminal import Terminal

Stack = Annotated[
    str | None,
    typer.Option(
        envvar="HOLDPOINT_STACK",
        help="A stack on AWS, by its name in Pulumi.",
        rich_help_panel="Target",
        show_default=False,
    ),
]
Outputs = Annotated[
    Path | None,
    typer.Option(
        envvar="HOLDPOINT_OUTPUTS",
        help="A stack by the JSON file with its outputs. Without either: the sandbox that runs here.",
        rich_help_panel="Target",
        show_default=False,
    ),
]
OfWorkflow = Annotated[
    str | None,
    typer.Option(
        "--workflow",
        help="A workflow of the stack: release, orders, or another one that its output `workflows` names.",
        autocompletion=lambda: ["release", "orders"],
        show_default=False,
    ),
]
"""The option of all commands that find or start executions."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON: one document, or one in each line while following.")]


@dataclass(frozen=True)
class Session:
    """One run of a command."""

    terminal: Terminal
    stack: str | None
    outputs: Path | None

    @cached_property
    def target(self) -> Target:
        """Return the stack to work on, which is searched for on first use.

        Raises:
            TargetError: there is none, or the choice is ambiguous.
        """
        return targets.find(self.stack, self.outputs)


def add(app: typer.Typer, module: ModuleType) -> None:
    """Make a command of a module's function of the same name, whose first argument is a `Session`.

    `EXAMPLES` of the module are arguments for the help, `NAME` is what people type, where that is another name.
    """
    name = module.__name__.rpartition(".")[2]
    lines = (_quoted(f"{PROGRAM} {example}") for example in module.EXAMPLES)
    epilog = "\n\n".join(["[bold]Examples[/bold]", *lines])
    app.command(getattr(module, "NAME", name), epilog=epilog)(_entry(getattr(module, name)))


def _quoted(line: str) -> str:
    return line.replace("[", "\\[")


def _entry(run: Callable[..., None]) -> Callable[..., None]:
    def entry(*, stack: str | None, outputs: Path | None, as_json: bool, **arguments: Any) -> None:
        terminal = Terminal(as_json)
        session = Session(terminal, stack, outputs)
        with _told(session):
            run(session, **arguments)

    own = list(inspect.signature(run, eval_str=True).parameters.values())[1:]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, default, kind in (("stack", None, Stack), ("outputs", None, Outputs), ("as_json", False, Json))
    ]
    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own, *shared)]
    # Typer reads the options of a command from these.
    entry.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # mypy does not know of it
    entry.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    entry.__doc__ = run.__doc__
    return entry


@contextmanager
def _told(session: Session) -> Iterator[None]:
    """Print an error for people, and exit with its code."""
    terminal = session.terminal
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except OpsError as error:
        terminal.error(error)
        raise typer.Exit(error.exit_code) from None
    except Exception as error:
        explained = _ended(session) or _explained(error)
        if explained is None:
            raise
        terminal.error(explained)
        raise typer.Exit(explained.exit_code) from None


def _ended(session: Session) -> OpsError | None:
    """Return an error if the sandbox of this run has ended in the meantime."""
    found: Target | None = vars(session).get("target")
    if found is None or not found.is_sandbox or sandboxes.Sandbox(file=Path(), outputs=found.outputs).runs:
        return None
    return TargetError(f"{found.origin} has ended, and everything in it is gone", targets.START)


def _explained(error: Exception) -> OpsError | None:
    """Return an explanation of an error from AWS; None for an error of this program."""
    if "botocore" not in sys.modules:
        return None
    from botocore.exceptions import BotoCoreError, ClientError

    from handlers.aws import TransientError
    from ops.aws.errors import explain

    return explain(error) if isinstance(error, BotoCoreError | ClientError | TransientError) else None
