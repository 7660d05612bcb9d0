"""Makes calls atomic that are so on AWS: moto does not expect several threads."""

import threading
import time
from typing import Any

from moto.core.model import ServiceModel
from moto.dynamodb.responses import DynamoHandler
from moto.iam.models import IAMBackend, Role
from moto.s3.responses import S3Response
from moto.secretsmanager.models import SecretsStore
from moto.sqs.models import SQSBackend

from sandbox.patches import decorated, replaced, wrapped

# How often a long poll looks for new messages.
LONG_POLL_SECONDS = 0.05

_queues = threading.RLock()
_secrets = threading.RLock()


def _one_at_a_time(original: Any) -> Any:
    lock = threading.RLock()

    def call(*args: Any, **kwargs: Any) -> Any:
        with lock:
            return original(*args, **kwargs)

    return call


def _change(original: Any, *args: Any, **kwargs: Any) -> Any:
    with _queues:
        return original(*args, **kwargs)


def _use_secrets(original: Any, *args: Any, **kwargs: Any) -> Any:
    with _secrets:
        return original(*args, **kwargs)


def _all_secrets(store: SecretsStore) -> list[Any]:
    with _secrets:
        return list(dict.values(store))


def _receive(
    original: Any, backend: SQSBackend, queue: str, count: int, seconds: int, *args: Any, **kwargs: Any
) -> Any:
    """Wait for messages without the lock, so that a sender can take it."""
    deadline = time.monotonic() + seconds
    while True:
        with _queues:
            messages = original(backend, queue, count, 0, *args, **kwargs)
        if messages or time.monotonic() >= deadline:
            return messages
        time.sleep(LONG_POLL_SECONDS)


def _roles(original: Any, backend: IAMBackend) -> list[Role]:
    """Copy the roles at once: every call that looks for a role goes through them, while others create some."""
    return list(original(backend))


PATCHES = (
    # A read of a table iterates over what a write changes, so all of its calls are kept apart.
    decorated(DynamoHandler, "call_action", _one_at_a_time, "lets concurrent calls see half of a write"),
    wrapped(IAMBackend, "get_roles", _roles, "fails a call if another one creates a role meanwhile"),
    # Every lookup of a secret iterates over all of them.
    *(
        wrapped(SecretsStore, name, _use_secrets, "fails a call if another one creates a secret meanwhile")
        for name in ("__setitem__", "__getitem__", "__contains__", "get", "pop")
    ),
    replaced(SecretsStore, "values", _all_secrets, "fails a call if another one creates a secret meanwhile"),
    # IfNoneMatch and IfMatch look at the object before it is written.
    decorated(S3Response, "put_object", _one_at_a_time, "lets two conditional writes both succeed"),
    # An operation's description passes through a stage in which routing cannot read it.
    decorated(ServiceModel, "operation_model", _one_at_a_time, "shows concurrent calls half a description"),
    *(
        wrapped(SQSBackend, name, _change, "loses messages under concurrent calls")
        for name in ("send_message", "send_message_batch", "delete_message", "change_message_visibility")
    ),
    wrapped(SQSBackend, "receive_message", _receive, "holds a queue during a long poll"),
)
