"""`cost`: the cost of an execution, and of a month with N executions like it."""

from typing import Annotated

import typer

from ops.command import Session
from ops.execution_argument import NamedOrLatest

EXAMPLES = ("cost", "cost PROJ-12345", "cost --per-month 1000", "cost ord-1234 --per-month 50000 --json")


def cost(
    session: Session,
    execution: NamedOrLatest = None,
    per_month: Annotated[
        int | None, typer.Option(min=1, help="Also estimate a month with that many executions like this one.")
    ] = None,
) -> None:
    """Price an execution at AWS's list price for us-east-1, without free tier."""
    from ops.cost import bill as billing

    bill = billing.bill(session.target, execution, per_month)
    session.terminal.show(bill.as_json(), bill.print)
