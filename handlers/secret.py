"""The secret with the APIs' tokens. Its current and its previous version count, so that a rotation fails no call."""

import json
import os
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from handlers.aws import client, error_code, transient_failures

CACHE_SECONDS = 5.0
"""Time in which a token still works after its removal from the secret. A new token works at once: a value that
does not match makes the function read the secret again."""

_CURRENT, _PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


class Secret:
    """A JSON object in Secrets Manager, `{field: value}`.

    This replaces Powertools' `SecretsProvider`, whose cache does not distinguish version stages, and which would
    request a missing AWSPREVIOUS on every call.
    """

    def __init__(self, secrets_manager: Any, arn: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = secrets_manager
        self._arn = arn
        self._clock = clock
        self._versions: list[dict[str, Any]] = []
        self._expires = float("-inf")

    def accepts(self, field: str, matches: Callable[[bytes], bool], *, previous: bool = True) -> bool:
        """Return whether `matches` holds for the current value of `field`, or for the previous one if that counts.

        Raises:
            TransientError: Secrets Manager cannot be reached now.
            ClientError: Secrets Manager refuses; the function's role or the ARN is wrong.
        """
        if self._clock() < self._expires and self._any(field, matches, previous):
            return True
        self._fetch()
        return self._any(field, matches, previous)

    def current(self, field: str) -> bytes:
        """Return the current value of `field`.

        Raises:
            TransientError: Secrets Manager cannot be reached now.
            ValueError: the secret has no such field.
        """
        if self._clock() >= self._expires:
            self._fetch()
        value = self._versions[0].get(field)
        if not isinstance(value, str) or not value:
            raise ValueError(f"the secret {self._arn} has no {field}; deploy the stack again")
        return value.encode()

    def _any(self, field: str, matches: Callable[[bytes], bool], previous: bool) -> bool:
        # The current version is always there, and first.
        values = [version.get(field) for version in (self._versions if previous else self._versions[:1])]
        # An empty value would admit every caller.
        return any(matches(value.encode()) for value in values if isinstance(value, str) and value)

    def _fetch(self) -> None:
        expires = self._clock() + CACHE_SECONDS
        versions = [self._version(_CURRENT), self._version(_PREVIOUS)]
        self._versions = [version for version in versions if version is not None]
        self._expires = expires

    def _version(self, stage: str) -> dict[str, Any] | None:
        try:
            with transient_failures():
                answer = self._client.get_secret_value(SecretId=self._arn, VersionStage=stage)
        except ClientError as error:
            # A secret that was never rotated has no previous version.
            if stage == _PREVIOUS and error_code(error) == "ResourceNotFoundException":
                return None
            raise
        try:
            value = json.loads(answer["SecretString"])
        except (KeyError, ValueError):
            value = None
        if isinstance(value, dict):
            return value
        if stage == _PREVIOUS:
            return None
        # `from None`: the parser's own error contains the text that it read.
        raise ValueError(f"the secret {self._arn} is not a JSON object; put one with the tokens there") from None


@cache
def secret() -> Secret:
    """Return the secret that SECRET_ARN names."""
    return Secret(client("secretsmanager"), os.environ["SECRET_ARN"])
