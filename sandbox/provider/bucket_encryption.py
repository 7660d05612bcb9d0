"""S3: a bucket without a configuration of its own is encrypted with AES-256; moto says that it has none.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.s3.models import S3Backend

from sandbox.services.patching import replaced

_DEFAULT = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}}


@contextmanager
def install() -> Iterator[None]:
    """Answer GetBucketEncryption with S3's own default where a bucket has no configuration."""
    with replaced(S3Backend, "get_bucket_encryption", _get):
        yield


def _get(original: Callable[..., Any]) -> Callable[..., Any]:
    def get_bucket_encryption(self: S3Backend, bucket_name: str) -> dict[str, Any]:
        return original(self, bucket_name) or _DEFAULT

    return get_bucket_encryption
