"""The files of an execution in the bucket: `logs/{name}/execution.log` and `logs/{name}/error.json`."""

import json
import os
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from handlers.aws import client, error_code, transient_failures


class Files:
    """Every method raises `TransientError` where S3 is busy or out of reach."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self._client = s3
        self._bucket = bucket

    def write_log(self, execution: str, text: str) -> None:
        """Write the log; one that the state machine wrote is replaced."""
        self._put(f"logs/{_folder(execution)}/execution.log", text, "text/plain; charset=utf-8")

    def write_error(self, execution: str, error: dict[str, str | None]) -> bool:
        """Write the error unless there is one, which knows better; says whether it was written.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        """
        try:
            key = f"logs/{_folder(execution)}/error.json"
            self._put(key, json.dumps(error), "application/json", IfNoneMatch="*")
        except ClientError as failed:
            if error_code(failed) == "PreconditionFailed":
                return False
            raise
        return True

    def _put(self, key: str, text: str, content_type: str, **condition: str) -> None:
        # An error's text may hold a lone surrogate, which has no UTF-8 form.
        body = text.encode(errors="replace")
        with transient_failures():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type, **condition)


def _folder(execution: str) -> str:
    """The execution's folder, as the state machine names it: `.` and `..` would lead many clients elsewhere."""
    return execution.replace(".", "%2E") if execution in (".", "..") else execution


@cache
def files() -> Files:
    """The bucket that BUCKET names."""
    return Files(client("s3"), os.environ["BUCKET"])
