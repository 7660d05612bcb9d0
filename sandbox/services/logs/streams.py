"""Log events that AWS services write without a call of the CloudWatch Logs API."""

import threading

from moto.logs.models import logs_backends

_writing = threading.Lock()


def write(account: str, region: str, group: str, stream: str, message: str, at: int) -> bool:
    """Write an event with the time `at`, in milliseconds since 1970, and create a missing stream.

    Return whether the log group exists; without it, nothing is written.
    """
    backend = logs_backends[account][region]
    if group not in backend.groups:
        return False
    with _writing:
        if stream not in backend.groups[group].streams:
            backend.create_log_stream(group, stream)
        backend.put_log_events(group, stream, [{"timestamp": at, "message": message}])
    return True
