"""S3: GetBucketRequestPayment, which moto treats as a listing of the bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.s3.responses import S3Response

from sandbox.patches import wrapped


def _get(original: Any, self: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
    if "requestPayment" not in querystring:
        return original(self, bucket_name, querystring)
    # Raises NoSuchBucket if there is none.
    self.backend.get_bucket(bucket_name)
    self.data["Action"] = "GetBucketRequestPayment"
    return self.serialized(ActionResult({"Payer": "BucketOwner"}))


PATCHES = (wrapped(S3Response, "_bucket_response_get", _get, "answers GetBucketRequestPayment with a listing"),)
