"""A plan of faults: which calls fail, how and when. It is plain data, validated on creation."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sandbox.faults.kinds import API_KINDS, CONDITIONAL_CALLS, KINDS, Kind
from sandbox.faults.known_calls import UnknownCallError, check_call


class PlanError(ValueError):
    """The plan is invalid; the message says why, and what is valid."""


_TIMED = frozenset({Kind.TIMEOUT, Kind.DELAY, Kind.CLOCK})


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault at the n-th matching call.

    Attributes:
        call: `service.Operation` as boto3 spells them (`dynamodb.PutItem`), `service.*`, or one of
            the names in `sandbox.faults.kinds`.
        kind: how it fails.
        nth: the first of the matching calls that fails, counted from 1 since the plan began.
        times: how many fail from there on. SDKs retry, so only several failures in a row reach the program.
        share: instead of `nth` and `times`, the share of the matching calls that fail, above 0 to 1, drawn from the
            plan's seed.
        by: only calls by this function or role; `sandbox.faults.kinds` explains it for other occasions than API calls.
        about: only calls whose parameters, or whose calling function's event, contain this text.
        seconds: the duration of a `timeout`, `delay` or `clock`.
    """

    call: str
    kind: Kind
    nth: int = 1
    times: int = 1
    share: float | None = None
    by: str | None = None
    about: str | None = None
    seconds: float | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "kind", Kind(self.kind))
        except ValueError:
            raise PlanError(f"there is no kind of fault '{self.kind}'; there are: {', '.join(Kind)}") from None
        try:
            check_call(self.call)
        except UnknownCallError as error:
            raise PlanError(str(error)) from None
        possible = KINDS.get(self.call, API_KINDS)
        if self.kind not in possible:
            raise PlanError(f"{self.call} cannot suffer '{self.kind}', but: {', '.join(sorted(possible))}")
        if self.kind is Kind.CONDITION and self.call not in CONDITIONAL_CALLS:
            raise PlanError(f"{self.call} has no condition; these can have one: {', '.join(sorted(CONDITIONAL_CALLS))}")
        self._check_numbers()

    def _check_numbers(self) -> None:
        if self.nth < 1 or self.times < 1:
            raise PlanError(f"nth is {self.nth} and times is {self.times}: both count from 1")
        if self.share is not None and not 0 < self.share <= 1:
            raise PlanError(f"share is {self.share}: it must be above 0, and at most 1")
        if self.share is not None and (self.nth, self.times) != (1, 1):
            raise PlanError("a fault has either a share, or nth and times")
        if self.kind in _TIMED and (self.seconds is None or not self.seconds > 0):
            raise PlanError(f"'{self.kind}' needs seconds above 0")
        if self.kind not in _TIMED and self.seconds is not None:
            raise PlanError(f"'{self.kind}' takes no seconds")

    def __str__(self) -> str:
        which = f"{self.share:.0%} of" if self.share is not None else f"no. {self.nth}"
        if self.times > 1:
            which += f" to {self.nth + self.times - 1}"
        more = [f"{name} {value}" for name, value in (("by", self.by), ("about", self.about)) if value]
        return " ".join([self.kind, "at", which, self.call, *more])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Faults under a name. If several are due at one call, the first one happens; all count the call.

    The shares are drawn from `seed`: the same calls in the same order get the same faults.
    """

    name: str
    faults: tuple[Fault, ...]
    seed: int = 0

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        object.__setattr__(self, "faults", tuple(self.faults))
        if not self.faults:
            raise PlanError(f"the plan '{self.name}' has no faults")
