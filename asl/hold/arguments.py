"""The arguments of a hold: its table, its subject, its timeout, and the names of its states."""

from dataclasses import dataclass, field
from typing import Literal, Self

from asl.hold.policy import Policy

RETENTION_DAYS = 30
"""How long an item outlives its wait (DynamoDB's TTL), so that a late duplicate still gets an answer."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """The table of a hold: its name, its ARN, and the ARN of its KMS key where AWS's own key does not encrypt it.

    Its items outlive their wait by `retention_days`.
    """

    name: str
    arn: str
    kms_key_arn: str | None = None
    retention_days: int = RETENTION_DAYS


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
        """Name the states after what is waited for, such as `approval`."""
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
        table: where the workflow and the callback API meet.
        subject: what is decided, as a JSONata expression of text that matches `facts.SUBJECT_PATTERN`, such as
            `expense-42` or `PROJ-123`. A subject is decided once in an execution.
        timeout_seconds: how long the workflow waits.
        names: the names of the states.
        title: the question to people, as a JSONata expression of text; empty for none.
        details: what helps them to decide, as a JSONata expression of text; none where it is empty.
        policy: who may decide.
        rejection: `fail` ends the wait with the error `CALLBACK_FAILURE`; `go-on` continues with the decision.
        variable: the variable that holds the decision (`DECISION_FIELDS` and `RECORD_FIELDS` of `asl.hold.calls`).
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
