"""The arguments of a hold: its table, its subject, its timeout, and the names of its states."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

from asl.hold.policy import Policy

RETENTION_DAYS = 30
"""Days that an item outlives its wait (DynamoDB's TTL), so that a late duplicate still gets an answer."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """The table of a hold.

    Attributes:
        name, arn: of the table.
        kms_key_arn: the key that encrypts it; None for AWS's own.
        retention_days: days that its items outlive their wait.
        timeout_seconds: the longest wait that the resources behind the table support; None if unknown.
        linked: the addresses to which these resources send links; None if unknown.
    """

    name: str
    arn: str
    kms_key_arn: str | None = None
    retention_days: int = RETENTION_DAYS
    timeout_seconds: int | None = None
    linked: Sequence[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names of a hold's states; `take` and `check` handle a decision that comes before the wait."""

    register: str
    wait: str
    take: str
    check: str
    close: str

    @classmethod
    def of(cls, noun: str) -> Self:
        """Name the states after the event that ends the wait, such as `approval`."""
        return cls(
            register=f"Register {noun}",
            wait=f"Await {noun}",
            take=f"Take {noun}",
            check=f"{noun[:1].upper()}{noun[1:]} rejected?",
            close=f"Close {noun}",
        )


@dataclass(frozen=True, kw_only=True)
class Hold:
    """The arguments of one wait for one decision.

    Attributes:
        table: the table that the workflow and the callback API share.
        subject: what people decide on, as a JSONata expression for a text that matches `facts.SUBJECT_PATTERN`, such as
            `expense-42` or `PROJ-123`. A subject is decided once in an execution.
        timeout_seconds: the longest time that the workflow waits.
        names: the names of the states.
        title: the question to people, as a JSONata expression for a text; empty for none.
        details: information for the decision, as a JSONata expression for a text; empty for none.
        policy: who may decide.
        rejection: `fail` ends the wait with the error `CALLBACK_FAILURE`; `go-on` continues with the decision.
        variable: the variable that holds the decision (`DECISION_FIELDS` and `RECORD_FIELDS` of `asl.hold.calls`).

    Raises:
        ValueError: the resources behind the table do not support so long a wait, or send an approver no link.
    """

    table: Table
    subject: str
    timeout_seconds: int
    names: Names
    title: str = ""
    details: str = ""
    policy: Policy = field(default_factory=Policy)
    rejection: Literal["fail", "go-on"] = "fail"
    variable: str = "decision"

    def __post_init__(self) -> None:
        longest = self.table.timeout_seconds
        if longest is not None and self.timeout_seconds > longest:
            raise ValueError(
                f"a hold waits for {self.timeout_seconds} s, and timeout_seconds of HoldArgs is {longest}: raise that"
            )
        if self.table.linked is None:
            return
        linked = {address.lower() for address in self.table.linked}
        if missing := [address for address in self.policy.approvers if address.lower() not in linked]:
            raise ValueError(
                f"nobody sends a link to the approvers {', '.join(missing)}: give HoldArgs approval_links=True, "
                "and name them in its approvers"
            )
