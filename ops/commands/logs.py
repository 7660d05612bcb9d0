"""`logs`: what functions and state machines wrote."""

from typing import Annotated

import typer

from ops.command import Session

EXAMPLES = (
    "logs",
    "logs callback recorder --since 2h",
    "logs --execution PROJ-12345",
    "logs --follow",
    "logs payment --all --json",
)


def _sources() -> list[str]:
    from ops.aws.functions import API_LOGS, LOG_SOURCES

    return [*LOG_SOURCES, *API_LOGS]


def logs(
    session: Session,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            help="Functions, release or orders (their state machines), callback-api or mock-apis.",
            show_default="all functions and state machines",
            autocompletion=_sources,
        ),
    ] = None,
    since: Annotated[str, typer.Option(help="How far back: 90s, 10m, 2h or 1d.")] = "15m",
    execution: Annotated[
        str | None, typer.Option(help="Only lines that speak of this execution, or of its story or order.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new lines until Ctrl-C.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also the platform's own lines, metrics, and what libraries say.")
    ] = False,
) -> None:
    """Print log lines, oldest first. Tokens in them are replaced.

    With --json every line is a JSON document.
    """
    from ops import reading_logs

    reading_logs.run(
        session,
        sources or [],
        since=since,
        execution=execution,
        is_following=follow,
        is_everything=everything,
    )
