"""Effects of the kinds of faults on any type of request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sandbox.clock import clock
from sandbox.faults.injection import Faults, Occasion
from sandbox.faults.kinds import Kind
from sandbox.faults.plan import Fault

Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Exchange(Generic[Answer]):
    """A request on its way, as functions that end it.

    Attributes:
        proceed: carries it out.
        refuse: answers for `throttle`, `server-error` or `unavailable`.
        leave: ends it without an answer, after the seconds in which nothing came.
    """

    proceed: Callable[[], Answer]
    refuse: Callable[[Kind], Answer]
    leave: Callable[[float], Answer]


def exchanged(faults: Faults, occasion: Occasion, exchange: Exchange[Answer]) -> Answer:
    """Carry the request out, or apply the fault that is due."""
    fault = faults.meet(occasion)
    return exchange.proceed() if fault is None else apply(faults, fault, exchange)


def apply(faults: Faults, fault: Fault, exchange: Exchange[Answer]) -> Answer:
    """Apply a fault that every type of request can have."""
    seconds = fault.seconds or 0.0
    match fault.kind:
        case Kind.THROTTLE | Kind.SERVER_ERROR | Kind.UNAVAILABLE:
            return exchange.refuse(fault.kind)
        case Kind.TIMEOUT:
            faults.pause(seconds)
            return exchange.leave(seconds)
        case Kind.RESET:
            return exchange.leave(0)
        case Kind.LOST_ANSWER:
            exchange.proceed()
            return exchange.leave(0)
        case Kind.FALSE_ERROR:
            exchange.proceed()
            return exchange.refuse(Kind.SERVER_ERROR)
        case _:
            pass_time(faults, fault)
            return exchange.proceed()


def repetitions(faults: Faults, occasion: Occasion) -> list[float]:
    """Return the delays in seconds at which an asynchronous event happens: once, without delay, if no fault is due."""
    fault = faults.meet(occasion)
    match fault.kind if fault is not None else None:
        case Kind.LOSE:
            return []
        case Kind.DUPLICATE:
            return [0.0, 0.0]
        case Kind.DELAY if fault is not None:
            return [fault.seconds or 0.0]
    if fault is not None:
        pass_time(faults, fault)
    return [0.0]


def pass_time(faults: Faults, fault: Fault) -> None:
    """Let the time of a `delay` or `clock` pass; of another kind, none."""
    if fault.kind is Kind.DELAY:
        faults.pause(fault.seconds or 0.0)
    elif fault.kind is Kind.CLOCK:
        clock.move(fault.seconds or 0.0)
