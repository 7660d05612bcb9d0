"""Staging labels of secrets, with the behaviour of Secrets Manager.

Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
"""

from typing import Any

from moto.secretsmanager.exceptions import ResourceNotFoundException
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

from sandbox.patches import wrapped

CURRENT = "AWSCURRENT"


def _get(original: Any, backend: SecretsManagerBackend, secret_id: str, version_id: str, version_stage: str) -> Any:
    secret = backend.secrets.get(secret_id) if backend._is_valid_identifier(secret_id) else None
    if secret is not None and not version_id and not secret.is_deleted():
        stage = version_stage or CURRENT
        labelled = [name for name, version in secret.versions.items() if stage in version["version_stages"]]
        if secret.versions and not labelled:
            message = f"Secrets Manager can't find the specified secret value for staging label: {stage}"
            raise ResourceNotFoundException(message)
        version_stage = stage if labelled else version_stage
    return original(backend, secret_id, version_id, version_stage)


def _move(original: Any, backend: SecretsManagerBackend, secret_id: str, *args: Any, **kwargs: Any) -> Any:
    answer = original(backend, secret_id, *args, **kwargs)
    secret = backend.secrets[secret_id]
    for name, version in secret.versions.items():
        if CURRENT in version["version_stages"] and isinstance(secret, FakeSecret):
            # moto stores the current version separately from the labels, and moves AWSPREVIOUS according to it.
            secret.set_default_version_id(name)
    return answer


def _labelled(original: Any, secret: FakeSecret) -> dict[str, Any]:
    return {version: stages for version, stages in original(secret).items() if stages}


PATCHES = (
    wrapped(SecretsManagerBackend, "get_secret_value", _get, "ignores where AWSCURRENT is"),
    wrapped(SecretsManagerBackend, "update_secret_version_stage", _move, "loses AWSCURRENT when a label moves"),
    wrapped(FakeSecret, "_form_version_ids_to_stages", _labelled, "lists versions without labels"),
)
