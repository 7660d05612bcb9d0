"""boto3 clients of one sandbox."""

import threading
from typing import Any

import boto3
from botocore.config import Config

from sandbox import direct

# moto keys its state by account and region; every client of one sandbox must name the same ones.
ACCOUNT_ID = "123456789012"
REGION = "us-east-1"

# Any non-empty pair is accepted: the sandbox has one account and does not check signatures.
_CREDENTIAL = "sandbox"


class Clients:
    """The boto3 clients of the sandbox at `endpoint_url`, one per service, made on first use.

    `clients("s3")` is safe to call from any thread, and so is what it returns.
    """

    def __init__(self, endpoint_url: str) -> None:
        self.endpoint_url = endpoint_url
        self._session = boto3.Session(
            aws_access_key_id=_CREDENTIAL, aws_secret_access_key=_CREDENTIAL, region_name=REGION
        )
        # Path style: a bucket name cannot be a host name on the loopback interface.
        # No retries: a server in the same process fails for a reason that a retry would only hide.
        self._config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
        self._lock = threading.Lock()
        self._clients: dict[str, Any] = {}

    # boto3-stubs names a client type per service in packages of their own, and overloads on literals only.
    def __call__(self, service: str) -> Any:
        """Return the client of `service`, by boto3's name for it (`s3`, `stepfunctions`, ...)."""
        # boto3's session is not safe to share between threads while it makes a client; the clients are.
        with self._lock:
            if service not in self._clients:
                create: Any = self._session.client
                made = create(service, endpoint_url=self.endpoint_url, config=self._config)
                self._clients[service] = direct.connect(made, _CREDENTIAL)
            return self._clients[service]
