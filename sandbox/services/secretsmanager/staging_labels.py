"""Keeps the staging labels of secrets as Secrets Manager does.

Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from moto.secretsmanager.exceptions import ResourceNotFoundException
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

from sandbox.services.patching import replaced

CURRENT = "AWSCURRENT"


@contextmanager
def install() -> Iterator[None]:
    """Let GetSecretValue follow AWSCURRENT when the label moves, and DescribeSecret list labelled versions only."""
    with ExitStack() as stack:
        stack.enter_context(replaced(SecretsManagerBackend, "get_secret_value", _get))
        stack.enter_context(replaced(SecretsManagerBackend, "update_secret_version_stage", _move))
        stack.enter_context(replaced(FakeSecret, "_form_version_ids_to_stages", _labelled))
        yield


def _get(original: Any) -> Any:
    def get_secret_value(backend: SecretsManagerBackend, secret_id: str, version_id: str, version_stage: str) -> Any:
        secret = backend.secrets.get(secret_id) if backend._is_valid_identifier(secret_id) else None
        if secret is not None and not version_id and not secret.is_deleted():
            stage = version_stage or CURRENT
            labelled = [name for name, version in secret.versions.items() if stage in version["version_stages"]]
            if secret.versions and not labelled:
                message = f"Secrets Manager can't find the specified secret value for staging label: {stage}"
                raise ResourceNotFoundException(message)
            version_stage = stage if labelled else version_stage
        return original(backend, secret_id, version_id, version_stage)

    return get_secret_value


def _move(original: Any) -> Any:
    def update_secret_version_stage(backend: SecretsManagerBackend, secret_id: str, *args: Any, **kwargs: Any) -> Any:
        answer = original(backend, secret_id, *args, **kwargs)
        secret = backend.secrets[secret_id]
        for name, version in secret.versions.items():
            if CURRENT in version["version_stages"] and isinstance(secret, FakeSecret):
                # moto takes this one for the current version from now on, when it moves AWSPREVIOUS for instance.
                secret.set_default_version_id(name)
        return answer

    return update_secret_version_stage


def _labelled(original: Any) -> Any:
    def form(secret: FakeSecret) -> dict[str, Any]:
        return {version: stages for version, stages in original(secret).items() if stages}

    return form
