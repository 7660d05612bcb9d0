"""The event that reports how an execution ended.

https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from handlers.recorder.history import History

ABORTED = "Aborted"
"""The error of an execution that was stopped without one; AWS has no name for it."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The reason of a failed execution, with the fields of error.json."""

    error: str
    cause: str
    state: str | None


class Ending(BaseModel):
    """The `detail` of the event. AWS may add to it."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)

    execution_arn: str
    name: str
    status: Literal["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]
    start_date: Annotated[int, Field(description="milliseconds since 1970")]
    stop_date: Annotated[int, Field(description="milliseconds since 1970")]
    error: str | None = None
    cause: str | None = None
    redrive_count: int = 0
    redrive_date: Annotated[int | None, Field(description="milliseconds since 1970")] = None

    @classmethod
    def of(cls, event: dict[str, object]) -> Self:
        """Read the whole event.

        Raises:
            pydantic.ValidationError: it is not the end of an execution.
        """
        return cls.model_validate(event.get("detail"))

    @classmethod
    def of_listed(cls, found: Mapping[str, Any]) -> Self:
        """Read an ended execution as ListExecutions returns it."""
        dates = {
            name: int(found[name].timestamp() * 1000)
            for name in ("startDate", "stopDate", "redriveDate")
            if found.get(name)
        }
        return cls.model_validate({**found, **dates})

    @property
    def started(self) -> datetime:
        """Return when the execution started."""
        return datetime.fromtimestamp(self.start_date / 1000, UTC)

    @property
    def stopped(self) -> datetime:
        """Return when the execution ended."""
        return datetime.fromtimestamp(self.stop_date / 1000, UTC)

    @property
    def attempt_began(self) -> datetime:
        """Return when the last attempt began: at the last redrive, if there was one."""
        return self.started if self.redrive_date is None else datetime.fromtimestamp(self.redrive_date / 1000, UTC)

    @property
    def redriven(self) -> bool:
        """Return whether the execution was redriven."""
        return self.redrive_count > 0

    @property
    def failed(self) -> bool:
        """Return whether the execution ended without success."""
        return self.status != "SUCCEEDED"

    def failure(self, history: History) -> Failure:
        """Return why the execution failed, with a default text if the event and the history give none."""
        error = history.error or self.error
        cause = history.cause or self.cause
        state = history.failed_state
        where = f" in the state {state}" if state else ""
        match self.status:
            case "TIMED_OUT":
                error = error or "States.Timeout"
                cause = cause or f"The execution ran longer than its state machine allows; it ended{where}"
            case "ABORTED":
                error = error or ABORTED
                cause = cause or f"The execution was stopped{where}, without a reason"
            case _:
                error = error or "States.Runtime"
                cause = cause or f"The execution failed{where}, without a cause"
        return Failure(error=error, cause=history.redacted(cause), state=state)
