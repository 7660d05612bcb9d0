"""Atomic calls, as on AWS: moto does not expect several threads."""

import threading
import time
from typing import Any

from moto.core.model import ServiceModel
from moto.dynamodb.responses import DynamoHandler
from moto.iam.models import IAMBackend, Role
from moto.s3.responses import S3Response
from moto.secretsmanager.models import SecretsStore
from moto.sqs.models import SQSBackend

from sandbox.patches import Patch, replaced, wrapped

# Seconds between checks of a long poll.
LONG_POLL_SECONDS = 0.05

_queues = threading.RLock()
_secrets = threading.RLock()


def _locked(owner: Any, attribute: str, reason: str, lock: Any = None) -> Patch:
    """Return the patch that serializes calls of the function, or of all functions that share the lock."""
    held = lock or threading.RLock()

    def call(original: Any, *args: Any, **kwargs: Any) -> Any:
        with held:
            return original(*args, **kwargs)

    return wrapped(owner, attribute, call, reason)


def _all_secrets(store: SecretsStore) -> list[Any]:
    with _secrets:
        return list(dict.values(store))


def _receive(
    original: Any, backend: SQSBackend, queue: str, count: int, seconds: int, *args: Any, **kwargs: Any
) -> Any:
    """Wait for messages without holding the lock, so that a sender can take it."""
    deadline = time.monotonic() + seconds
    while True:
        with _queues:
            messages = original(backend, queue, count, 0, *args, **kwargs)
        if messages or time.monotonic() >= deadline:
            return messages
        time.sleep(LONG_POLL_SECONDS)


def _roles(original: Any, backend: IAMBackend) -> list[Role]:
    """Copy the roles first: calls iterate over them while others create roles."""
    return list(original(backend))


PATCHES = (
    # A read of a table iterates over data that a write changes, so all its calls are serialized.
    _locked(DynamoHandler, "call_action", "lets concurrent calls see half of a write"),
    wrapped(IAMBackend, "get_roles", _roles, "fails a call if another one creates a role meanwhile"),
    # Every lookup of a secret iterates over all secrets.
    *(
        _locked(SecretsStore, name, "fails a call if another one creates a secret meanwhile", _secrets)
        for name in ("__setitem__", "__getitem__", "__contains__", "get", "pop")
    ),
    replaced(SecretsStore, "values", _all_secrets, "fails a call if another one creates a secret meanwhile"),
    # IfNoneMatch and IfMatch check the object before the write.
    _locked(S3Response, "put_object", "lets two conditional writes both succeed"),
    # An operation's description passes through a stage in which routing cannot read it.
    _locked(ServiceModel, "operation_model", "shows concurrent calls half a description"),
    *(
        _locked(SQSBackend, name, "loses messages under concurrent calls", _queues)
        for name in ("send_message", "send_message_batch", "delete_message", "change_message_visibility")
    ),
    wrapped(SQSBackend, "receive_message", _receive, "holds a queue during a long poll"),
)
