"""Makes calls atomic that are so on AWS, those of DynamoDB, S3 and SQS: moto does not expect several threads."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from moto.core.model import ServiceModel
from moto.dynamodb.responses import DynamoHandler
from moto.s3.responses import S3Response
from moto.sqs.models import SQSBackend

from sandbox.services.patching import replaced

# How often a long poll looks for new messages.
LONG_POLL_SECONDS = 0.05


@contextmanager
def install() -> Iterator[None]:
    """Let one DynamoDB call, one S3 write and one change of queues happen at a time."""
    with ExitStack() as stack:
        # A read of a table iterates over what a write changes, so all of its calls are kept apart.
        stack.enter_context(replaced(DynamoHandler, "call_action", _one_at_a_time))
        # IfNoneMatch and IfMatch look at the object before it is written.
        stack.enter_context(replaced(S3Response, "put_object", _one_at_a_time))
        # An operation's description passes through a stage in which routing cannot read it.
        stack.enter_context(replaced(ServiceModel, "operation_model", _one_at_a_time))
        lock = threading.RLock()
        for name in ("send_message", "send_message_batch", "delete_message", "change_message_visibility"):
            stack.enter_context(replaced(SQSBackend, name, lambda original: _locked(lock, original)))
        stack.enter_context(replaced(SQSBackend, "receive_message", lambda original: _receive(lock, original)))
        yield


def _one_at_a_time(original: Any) -> Any:
    return _locked(threading.RLock(), original)


def _locked(lock: "threading.RLock", original: Any) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        with lock:
            return original(*args, **kwargs)

    return call


def _receive(lock: "threading.RLock", original: Any) -> Any:
    """Wait for messages without the lock, so that a sender can take it."""

    def receive(
        backend: SQSBackend, queue_name: str, count: int, wait_seconds_timeout: int, *args: Any, **kwargs: Any
    ) -> Any:
        deadline = time.monotonic() + wait_seconds_timeout
        while True:
            with lock:
                messages = original(backend, queue_name, count, 0, *args, **kwargs)
            if messages or time.monotonic() >= deadline:
                return messages
            time.sleep(LONG_POLL_SECONDS)

    return receive
