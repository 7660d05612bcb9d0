"""The complete diagnosis: checks of this machine, then of the stack."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ops.aws.target import Target
from ops.command import Session
from ops.doctor import apis, machine
from ops.doctor.findings import Finding, Result, look
from ops.doctor.stack import Stack
from ops.errors import FailedError, OpsError
from ops.render.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console

MARKS: dict[Result, tuple[str, str]] = {"ok": ("+", "green"), "warning": ("!", "yellow"), "wrong": ("x", "red")}


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """All findings."""

    findings: Sequence[Finding]

    def as_json(self) -> dict[str, Any]:
        """Return the fields for the JSON output."""
        return {"ok": not self.wrong, "checks": [finding.as_json() for finding in self.findings]}

    @property
    def wrong(self) -> list[Finding]:
        """Return the checks that failed."""
        return [finding for finding in self.findings if finding.result == "wrong"]

    def print(self, console: "Console") -> None:
        """Print every finding, with what to do about it."""
        from rich.text import Text

        for finding in self.findings:
            mark, style = MARKS[finding.result]
            said = Text(
                printable(f"{mark} {finding.what}: {finding.said}"), style="" if finding.result == "ok" else style
            )
            said.stylize(style, 0, 1)
            console.print(said, soft_wrap=True)
            if finding.hint:
                console.print(Text(printable(f"    {finding.hint}")), soft_wrap=True)

    def check(self) -> None:
        """Raise FailedError if a check failed."""
        if self.wrong:
            raise FailedError(f"{len(self.wrong)} of {len(self.findings)} checks failed")


def diagnose(session: Session) -> Diagnosis:
    """Run all checks; without a stack, only those of this machine."""
    return Diagnosis(findings=list(_findings(session)))


def _findings(session: Session) -> Iterator[Finding]:
    yield from look("python", machine.check_python)
    yield from look("tools", machine.check_tools)
    try:
        target = session.target
        region = target.region
    except OpsError as error:
        yield Finding(what="stack", result="wrong", said=error.message, hint=error.hint)
        return
    yield from look("environment", lambda: machine.check_environment(region, is_sandbox=target.is_sandbox))
    yield from _of_stack(target)


def _of_stack(target: Target) -> Iterator[Finding]:
    stack = Stack(target)
    outputs = list(look("outputs", stack.outputs))
    yield from outputs
    credentials = list(look("credentials", stack.credentials))
    yield from credentials
    if any(finding.result == "wrong" for finding in (*outputs, *credentials)):
        return  # All other checks would fail for the same reason.
    for what, check in (
        ("state machines", stack.state_machines),
        ("bucket", stack.bucket),
        ("tables", stack.tables),
        ("secret", stack.secret),
        ("functions", stack.functions),
        ("events", stack.events),
        ("APIs", lambda: apis.check(target)),
    ):
        yield from look(what, check)
