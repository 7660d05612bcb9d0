"""Faults of AWS API calls, for every caller: a function, a state machine, EventBridge, or a client."""

from collections.abc import Iterator
from typing import Any, NoReturn, Protocol

from sandbox.calls.call import Call, Credential
from sandbox.calls.http_answer import Answer
from sandbox.calls.interceptors import Proceed
from sandbox.faults.effects import Exchange, apply
from sandbox.faults.injection import Faults, Occasion
from sandbox.faults.kinds import CONDITIONAL_CALLS, Kind
from sandbox.faults.service_errors import error_of
from sandbox.http_server import NoAnswerError
from sandbox.iam import roles

_CONDITION_CODES = (b"ConditionalCheckFailed", b"PreconditionFailed")
_BAD_REQUEST, _PRECONDITION_FAILED = 400, 412


class Caller(Protocol):
    """An invocation of a function that makes a call."""

    @property
    def event(self) -> str:
        """Return the event that the function was invoked with."""

    def kill(self) -> None:
        """End the function's process."""


class Callers(Protocol):
    """Lookup of the caller of a request."""

    def find(self, trace: str | None) -> Caller | None:
        """Return the running invocation whose calls carry this trace header."""


class ApiFaults:
    """The interceptor that makes calls fail."""

    refuses_unreadable = False

    def __init__(self, faults: Faults, callers: Callers) -> None:
        self._faults = faults
        self._callers = callers

    def concerns(self, credential: Credential) -> bool:  # noqa: ARG002 - every caller's call can fail
        """Return whether calls have to be read."""
        return self._faults.is_looking

    def intercept(self, call: Call, proceed: Proceed) -> Answer:
        """Answer the call, or apply the fault that is due."""
        caller = self._callers.find(call.trace)
        fault = self._faults.meet(_occasion(call, caller))
        if fault is None:
            return proceed()
        match fault.kind:
            case Kind.CONDITION:
                return _beaten(call, proceed)
            case Kind.KILL_BEFORE | Kind.KILL_AFTER if caller is not None:
                if fault.kind is Kind.KILL_AFTER:
                    proceed()
                caller.kill()
                raise NoAnswerError
        return apply(self._faults, fault, _exchange(call, proceed))


def _exchange(call: Call, proceed: Proceed) -> Exchange[Answer]:
    def refuse(kind: Kind) -> Answer:
        error = error_of(call.service, kind)
        return call.refuse(error.code, error.message, error.status)

    def leave(_seconds: float) -> NoReturn:
        # The caller's own clock tells it how long it waited.
        raise NoAnswerError

    return Exchange(proceed=proceed, refuse=refuse, leave=leave)


def _occasion(call: Call, caller: Caller | None) -> Occasion:
    session = roles.session_of(call.credential.access_key)
    by = (session.role_arn.rpartition("/")[2], session.name) if session is not None else ()

    def contains(text: str) -> bool:
        return text in str(call.parameters) or (caller is not None and text in caller.event)

    return Occasion(
        call=call.name,
        by=by,
        contains=contains,
        has_condition=call.name in CONDITIONAL_CALLS and any(_conditions(call.parameters)),
        from_function=caller is not None,
    )


def _conditions(parameters: dict[str, Any]) -> Iterator[bool]:
    yield from (bool(parameters.get(name)) for name in ("ConditionExpression", "Expected", "IfMatch", "IfNoneMatch"))
    for entry in parameters.get("TransactItems", ()):
        yield from (bool(write.get("ConditionExpression")) for write in entry.values())


def _beaten(call: Call, proceed: Proceed) -> Answer:
    """Make the same call first, as a concurrent caller would, so that most conditions fail on the real item."""
    first = proceed()
    if first.status >= _BAD_REQUEST:
        return first
    second = proceed()
    if second.status >= _BAD_REQUEST and any(code in second.body for code in _CONDITION_CODES):
        return second
    return _condition_failed(call)


def _condition_failed(call: Call) -> Answer:
    """Return the answer for a condition that the same write does not break, such as `attribute_exists(...)`."""
    if call.service == "s3":
        message = "At least one of the pre-conditions you specified did not hold"
        return call.refuse("PreconditionFailed", message, _PRECONDITION_FAILED)
    if call.operation != "TransactWriteItems":
        return call.refuse("ConditionalCheckFailedException", "The conditional request failed", _BAD_REQUEST)
    codes = [
        "ConditionalCheckFailed" if any(_conditions({"TransactItems": [item]})) else "None"
        for item in call.parameters["TransactItems"]
    ]
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{', '.join(codes)}]"
    reasons = [{"Code": code} for code in codes]
    return call.refuse("TransactionCanceledException", message, _BAD_REQUEST, CancellationReasons=reasons)
