"""The state machines of a stack, as its output `workflows` lists them."""

from dataclasses import dataclass
from enum import StrEnum

from ops.aws.target import Target
from ops.errors import TargetError, UsageError


class Workflow(StrEnum):
    """The kinds of state machines that commands treat specially."""

    RELEASE = "release"
    ORDERS = "orders"


ARN_OUTPUT = {Workflow.RELEASE: "state_machine_arn", Workflow.ORDERS: "orders_state_machine_arn"}


@dataclass(frozen=True, kw_only=True)
class StateMachine:
    """A state machine. `kind` is the name that people use, such as `release`; it is unique in the stack.

    `alias_arn` is the ARN of its alias `live`; None if the program exports none.
    """

    kind: str
    name: str
    arn: str
    alias_arn: str | None = None

    @property
    def start_arn(self) -> str:
        """Return the ARN through which executions start."""
        return self.alias_arn or self.arn


def of(target: Target) -> tuple[StateMachine, ...]:
    """Return every state machine of the stack.

    Raises:
        TargetError: the outputs name none.
    """
    listed = target.outputs.get("workflows")
    found = (
        [
            StateMachine(
                kind=str(each["kind"]), name=str(each["name"]), arn=str(each["arn"]), alias_arn=each.get("alias_arn")
            )
            for each in listed
        ]
        if isinstance(listed, list)
        else _of_older_program(target)
    )
    if not found:
        raise TargetError(
            f"{target.origin} names no state machine",
            "Export them in its program with components.export_for_ops: docs/library.md",
        )
    return tuple(found)


def _of_older_program(target: Target) -> list[StateMachine]:
    """Return the one or two state machines of a stack that was deployed before the output `workflows` existed."""
    arns = {kind: str(target.outputs[output]) for kind, output in ARN_OUTPUT.items() if output in target.outputs}
    return [StateMachine(kind=kind, name=arn.rpartition(":")[2], arn=arn) for kind, arn in arns.items()]


def named(target: Target, name: str | None) -> tuple[StateMachine, ...]:
    """Return the state machine of that kind, name or ARN; all of them if none is named.

    Raises:
        UsageError: there is none.
    """
    every = of(target)
    if name is None:
        return every
    found = [each for each in every if name.lower() == each.kind.lower() or name in (each.name, each.arn)]
    if not found:
        raise UsageError(f"There is no workflow {name}", f"Say {' or '.join(each.kind for each in every)}")
    return (found[0],)


def of_kind(target: Target, kind: str) -> StateMachine | None:
    """Return the state machine of that kind; None without one."""
    return next((each for each in of(target) if each.kind == kind), None)


def of_execution(target: Target, arn: str) -> StateMachine | None:
    """Return the state machine of the execution with that ARN; None if it is not in this stack."""
    return next((each for each in of(target) if each.arn == arn_of_machine(arn)), None)


def arn_of_machine(arn: str) -> str:
    """Return the ARN of the state machine that an execution's ARN names."""
    return arn.replace(":execution:", ":stateMachine:", 1).rpartition(":")[0]


def execution_arn(machine_arn: str, name: str) -> str:
    """Return the ARN that an execution of that name has."""
    return f"{machine_arn.replace(':stateMachine:', ':execution:', 1)}:{name}"
