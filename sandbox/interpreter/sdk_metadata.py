"""`SdkHttpMetadata` in the results of optimized integrations, which describes the service's answer.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-dynamodb.html and its neighbours; `aws-sdk:` tasks
and HTTP Tasks have none.
"""

import functools
import threading
from collections.abc import Callable
from typing import Any

_OPTIMIZED = {"dynamodb", "events", "lambda", "sns", "sqs", "states"}

_answered = threading.local()


def remember(parsed: dict[str, Any], **_: Any) -> None:
    """Store the metadata of the answer to this thread's latest call; a listener to botocore's event `after-call`."""
    _answered.metadata = parsed.get("ResponseMetadata")


def with_metadata(call: Callable[..., None]) -> Callable[..., None]:
    """Return a service call that adds the metadata of the answer to the result, in the calling thread."""

    @functools.wraps(call)
    def call_service(self: Any, env: Any, *arguments: Any, **options: Any) -> None:
        _answered.metadata = None
        call(self, env, *arguments, **options)
        metadata = _answered.metadata
        if metadata and self.resource.service_name in _OPTIMIZED and isinstance(env.stack[-1], dict):
            headers = {name.title(): value for name, value in metadata.get("HTTPHeaders", {}).items()}
            env.stack[-1] |= {
                "SdkHttpMetadata": {
                    "AllHttpHeaders": {name: [value] for name, value in headers.items()},
                    "HttpHeaders": headers,
                    "HttpStatusCode": metadata["HTTPStatusCode"],
                },
                "SdkResponseMetadata": {"RequestId": metadata.get("RequestId", "")},
            }

    return call_service
