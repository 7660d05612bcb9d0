"""`rerun`: starts a new execution with the input of an old one."""

from ops.aws import state_machines
from ops.aws.target import Target
from ops.command import OfWorkflow, Session
from ops.commands.watch import show_begun
from ops.consent import Yes, confirm
from ops.errors import FailedError
from ops.execution_argument import Detach, NamedExecution, NewName, UntilWaiting, find
from ops.history import new_executions
from ops.history.executions import Execution

EXAMPLES = ("rerun PROJ-12345", "rerun expense-42 --workflow expenses --until-waiting", "rerun PROJ-12345 --detach")


def rerun(
    session: Session,
    execution: NamedExecution,
    workflow: OfWorkflow = None,
    name: NewName = None,
    detach: Detach = False,
    until_waiting: UntilWaiting = False,
    yes: Yes = False,
) -> None:
    """Start a new execution with the input of an old one, and follow it.

    `redrive` continues a failed execution instead. An order with its own id, or from an event, remains the same
    order: the rerun ends with its outcome.
    """
    found = find(session, execution, workflow)
    confirm(session, f"Start {found.name} again", yes=yes)
    started = rerun_execution(session.target, found, name)
    text = f"Started {started.name}"
    show_begun(session, started, "started", text, started.as_json(), detach=detach, until_waiting=until_waiting)


def rerun_execution(target: Target, execution: Execution, name: str | None) -> Execution:
    """Start an execution with the input of another.

    Raises:
        UsageError: the name is taken or invalid.
        FailedError: the input cannot be read.
    """
    machine = state_machines.of_execution(target, execution.arn)
    if machine is None or execution.input is None:
        raise FailedError(f"The input of {execution.name} cannot be read", "Start it with its input: start --workflow")
    name = new_executions.checked_name(name) or new_executions.new_name(execution.name)
    return new_executions.start(target, machine, execution.input, name)
