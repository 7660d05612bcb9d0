"""S3: a bucket without its own configuration is encrypted with AES-256; moto reports no encryption.

moto also drops the types of encryption that a configuration blocks.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_BlockedEncryptionTypes.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import ensure_boolean
from moto.s3.responses import S3Response

from sandbox.patches import replaced

_DEFAULT = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}}


def _get(self: S3Response) -> Any:
    self.data["Action"] = "GetBucketEncryption"
    configuration: dict[str, Any] = self.backend.get_bucket_encryption(self.bucket_name) or _DEFAULT
    rule = configuration["Rule"]
    shape = {**rule, "BucketKeyEnabled": ensure_boolean(rule.get("BucketKeyEnabled"))}
    if blocked := rule.get("BlockedEncryptionTypes"):
        shape["BlockedEncryptionTypes"] = {"EncryptionType": _listed(blocked["EncryptionType"])}
    return self.serialized(ActionResult({"ServerSideEncryptionConfiguration": {"Rules": [shape]}}))


def _listed(types: str | list[str]) -> list[str]:
    """Return a list, even for a single value, which moto stores as a string."""
    return [types] if isinstance(types, str) else types


PATCHES = (
    replaced(S3Response, "get_bucket_encryption", _get, "does not know the default encryption and blocked types"),
)
