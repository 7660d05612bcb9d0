"""Names and ARNs that the release state machine uses: resolved, plain strings."""

from collections.abc import Mapping
from dataclasses import dataclass

from asl.call_policy import CallPolicy
from asl.hold.arguments import RETENTION_DAYS

INPUT_PREFIX = "inputs/"
OUTPUT_PREFIX = "outputs/"
LOG_PREFIX = "logs/"
"""Default prefixes of documents, results and logs in our bucket."""


API_TIMEOUT_SECONDS = 45
API_MAX_ATTEMPTS = 3
API_RETRY_INTERVAL_SECONDS = 2
"""The defaults for calls of an API."""


@dataclass(frozen=True, kw_only=True)
class Api(CallPolicy):
    """One web API: its full URL, the EventBridge connection with its credentials, and the policy of its calls.

    Attributes:
        required: whether the release fails if the API fails or answers FAILED; otherwise that is a warning.
        timeout_seconds: of one call, at most `MAX_HTTP_CALL_TIMEOUT_SECONDS`.
    """

    url: str
    connection_name: str
    connection_arn: str
    required: bool = True
    timeout_seconds: int = API_TIMEOUT_SECONDS
    max_attempts: int = API_MAX_ATTEMPTS
    retry_interval_seconds: int = API_RETRY_INTERVAL_SECONDS

    @property
    def connection_secret_arns(self) -> str:
        """Return a pattern for IAM of every secret that EventBridge may keep for the connection.

        De-authorization "removes the secret from the connection". Whether the update that authorizes it again brings
        the same secret back is not documented: the role may read either.
        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-deauthorize.html
        """
        partition, _, region, account = self.connection_arn.split(":")[1:5]
        return f"arn:{partition}:secretsmanager:{region}:{account}:secret:events!connection/{self.connection_name}/*"


@dataclass(frozen=True, kw_only=True)
class Targets:
    """The bucket, the table and the APIs; results are in the order of `apis`.

    `input_prefix`, `output_prefix` and `log_prefix` are the prefixes of documents, results and logs in the bucket.
    Items of the table outlive their wait by `story_retention_days`. `input_bucket_arns` are further buckets that an
    execution's input may name; `kms_key_arn` is the key of the bucket and the table; None for AWS's own keys.
    """

    bucket_name: str
    bucket_arn: str
    stories_table_name: str
    stories_table_arn: str
    apis: Mapping[str, Api]
    input_prefix: str = INPUT_PREFIX
    output_prefix: str = OUTPUT_PREFIX
    log_prefix: str = LOG_PREFIX
    story_retention_days: int = RETENTION_DAYS
    input_bucket_arns: tuple[str, ...] = ()
    kms_key_arn: str | None = None
