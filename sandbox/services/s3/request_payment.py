"""S3: GetBucketRequestPayment, which moto takes for a listing of the bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.responses import S3Response

from sandbox.services.patching import replaced


@contextmanager
def install() -> Iterator[None]:
    """Answer that the owner pays, the default of every bucket."""
    with replaced(S3Response, "_bucket_response_get", _get):
        yield


def _get(original: Callable[..., Any]) -> Callable[..., Any]:
    def respond(self: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
        if "requestPayment" not in querystring:
            return original(self, bucket_name, querystring)
        # Raises NoSuchBucket where there is none.
        self.backend.get_bucket(bucket_name)
        self.data["Action"] = "GetBucketRequestPayment"
        return self.serialized(ActionResult({"Payer": "BucketOwner"}))

    return respond
