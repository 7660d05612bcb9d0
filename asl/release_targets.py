"""What the release state machine reaches: plain strings, resolved before they come here."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Api:
    """One web API: its full URL and the EventBridge connection that carries its credentials."""

    url: str
    connection_arn: str
    connection_secret_arn: str


@dataclass(frozen=True, kw_only=True)
class Targets:
    """The bucket, the table and the APIs, by their names.

    `input_bucket_arns` are further buckets that an execution's input may name; `kms_key_arn` is the key of the bucket
    and the table where they are not encrypted with AWS's own.
    """

    bucket_name: str
    bucket_arn: str
    stories_table_name: str
    stories_table_arn: str
    apis: Mapping[str, Api]
    input_bucket_arns: tuple[str, ...] = ()
    kms_key_arn: str | None = None
