"""What the release state machine reaches: plain strings, resolved before they come here."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Api:
    """One web API: its full URL and the EventBridge connection that carries its credentials."""

    url: str
    connection_arn: str
    connection_secret_arn: str


@dataclass(frozen=True, kw_only=True)
class Targets:
    """The bucket, the table and the APIs.

    `input_bucket_arns` are further buckets that an execution's input may name; `kms_key_arn` is the key of the bucket
    and the table where they are not encrypted with AWS's own.
    """

    bucket_name: str
    bucket_arn: str
    stories_table_name: str
    stories_table_arn: str
    validation: Api
    deployment: Api
    notification: Api
    input_bucket_arns: tuple[str, ...] = ()
    kms_key_arn: str | None = None

    @property
    def apis(self) -> tuple[Api, Api, Api]:
        """The three APIs in the order of the result."""
        return (self.validation, self.deployment, self.notification)
