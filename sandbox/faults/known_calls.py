"""Known calls: every operation of every service in boto3."""

import difflib
import functools
from collections.abc import Iterable

from botocore.model import ServiceModel
from botocore.session import Session, get_session

from sandbox.faults.kinds import KINDS

EVERY = "*"


class UnknownCallError(ValueError):
    """No call has that name; the message lists similar names."""


def check_call(call: str) -> None:
    """Raise UnknownCallError unless it is `service.Operation`, `service.*`, or another occasion that can fail."""
    if call in KINDS:
        return
    service, dot, operation = call.partition(".")
    if not dot:
        raise UnknownCallError(f"'{call}' is not a call: write service.Operation, such as dynamodb.PutItem")
    if service not in _services():
        raise UnknownCallError(f"there is no service '{service}'{_like(service, _services())}")
    operations = _operations(service)
    if operation not in (EVERY, *operations):
        others = [each.partition(".")[2] for each in KINDS if each.startswith(f"{service}.")]
        raise UnknownCallError(f"{service} has no operation '{operation}'{_like(operation, [*operations, *others])}")


def _like(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean '{near[0]}'?" if near else ""


@functools.cache
def _session() -> Session:
    return get_session()


@functools.cache
def _services() -> frozenset[str]:
    return frozenset([*_session().get_available_services(), *(call.partition(".")[0] for call in KINDS)])


@functools.cache
def _operations(service: str) -> tuple[str, ...]:
    if service not in _session().get_available_services():
        return ()
    model: ServiceModel = _session().get_service_model(service)
    return tuple(model.operation_names)
