"""The files of an execution in the bucket: `execution.log` and `error.json`, in `{prefix}{name}/`."""

import json
import os
from datetime import datetime
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from handlers.aws import client, error_code, transient_failures
from handlers.recorder.execution_log import plain

# Without s3:ListBucket, which the recorder does not need, S3 answers AccessDenied for an object that does not exist.
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
_MISSING = ("NoSuchKey", "AccessDenied")

_CHANGED_SINCE = "PreconditionFailed"
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html"""


class Files:
    """The files of executions. Every method raises `TransientError` if S3 throttles or is out of reach."""

    def __init__(self, s3: Any, bucket: str, prefix: str) -> None:
        self._client = s3
        self._bucket = bucket
        self._prefix = prefix

    def write_log(self, execution: str, text: str) -> None:
        """Write the log; an existing one is replaced."""
        self._put(self._log(execution), text, "text/plain; charset=utf-8")

    def finish_log(self, execution: str) -> bool:
        """Replace the log that the state machine wrote, a JSON string, with its plain text.

        Returns:
            Whether there is a log; one that is plain text already stays.
        """
        body, _ = self._get(self._log(execution))
        if body is None:
            return False
        if body.startswith(b'"'):
            self.write_log(execution, plain(json.loads(body)))
        return True

    def write_error(self, execution: str, error: dict[str, str | None], *, since: datetime) -> bool:
        """Write the error unless there is one of the same attempt or of a later one.

        Args:
            execution: the name.
            error: the fields.
            since: when the attempt began. An earlier error belongs to an attempt that was redriven.

        Returns:
            Whether it was written.
        """
        key, text = self._error(execution), json.dumps(error)
        if self._put_if(key, text, IfNoneMatch="*"):
            return True
        body, tag = self._get(key)
        if body is None or not _occurred_before(since, body):
            return False
        return self._put_if(key, text, IfMatch=tag)

    def remove_error(self, execution: str) -> None:
        """Remove the error of an earlier attempt; the bucket keeps it as an old version."""
        with transient_failures():
            self._client.delete_object(Bucket=self._bucket, Key=self._error(execution))

    def _log(self, execution: str) -> str:
        return f"{self._prefix}{_folder(execution)}/execution.log"

    def _error(self, execution: str) -> str:
        return f"{self._prefix}{_folder(execution)}/error.json"

    def _get(self, key: str) -> tuple[bytes | None, str]:
        """Read an object and its entity tag; None if there is no such object."""
        try:
            with transient_failures():
                found = self._client.get_object(Bucket=self._bucket, Key=key)
                return found["Body"].read(), found["ETag"]
        except ClientError as failed:
            if error_code(failed) in _MISSING:
                return None, ""
            raise

    def _put_if(self, key: str, text: str, **condition: str) -> bool:
        try:
            self._put(key, text, "application/json", **condition)
        except ClientError as failed:
            if error_code(failed) == _CHANGED_SINCE:
                return False
            raise
        return True

    def _put(self, key: str, text: str, content_type: str, **condition: str) -> None:
        # An error's text may hold a lone surrogate, which has no UTF-8 form.
        body = text.encode(errors="replace")
        with transient_failures():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type, **condition)


def _occurred_before(moment: datetime, body: bytes) -> bool:
    try:
        return datetime.fromisoformat(json.loads(body)["occurredAt"]) < moment
    except (ValueError, TypeError, KeyError):
        return False  # The recorder did not write it.


def _folder(execution: str) -> str:
    """Return the execution's folder, as the state machine names it: many clients resolve `.` and `..` as paths."""
    return execution.replace(".", "%2E") if execution in (".", "..") else execution


@cache
def files() -> Files:
    """Return the files below LOG_PREFIX in the bucket BUCKET."""
    return Files(client("s3"), os.environ["BUCKET"], os.environ["LOG_PREFIX"])
