"""Fake of Step Functions with task tokens and statuses of executions."""

from dataclasses import dataclass, field

from handlers.executions import Execution, TokenRefusedError
from handlers.story import Callback

RUNNING = Execution(status="RUNNING")


@dataclass
class FakeWorkflow:
    """A fake whose tokens work once; `failures` are raised, in order, instead of an answer."""

    tokens: set[str] = field(default_factory=set)
    statuses: dict[str, Execution] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)
    resumed: list[tuple[str, Callback]] = field(default_factory=list)

    def resume(self, token: str, callback: Callback) -> None:
        self._fail()
        if token not in self.tokens:
            raise TokenRefusedError("TaskTimedOut")
        self.tokens.remove(token)
        self.resumed.append((token, callback))

    def describe(self, arn: str) -> Execution:
        self._fail()
        return self.statuses.get(arn.rpartition(":")[2], RUNNING)

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)
