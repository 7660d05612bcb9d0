"""S3: the tags of CreateBucket, which moto drops.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
"""

from typing import Any

import xmltodict  # type: ignore[import-untyped]  # moto's own parser, without type information
from moto.s3.responses import S3Response

from sandbox.patches import wrapped


def _put(original: Any, self: Any, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
    answer = original(self, request, bucket_name, querystring)
    # Every other change of a bucket has its name in the query.
    tags = {} if querystring or not self.body else _tags(self.body)
    if tags:
        self.backend.put_bucket_tagging(bucket_name, tags)
    return answer


def _tags(body: bytes | str) -> dict[str, str]:
    configuration = xmltodict.parse(body, force_list=("Tag",)).get("CreateBucketConfiguration") or {}
    pairs = (configuration.get("Tags") or {}).get("Tag") or []
    return {pair["Key"]: pair["Value"] or "" for pair in pairs}


PATCHES = (wrapped(S3Response, "_bucket_response_put", _put, "drops the tags of CreateBucket"),)
