"""Staging labels of secrets move as on AWS."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.sandbox.services.aws import Aws


def value(secrets: Any, name: str, **which: str) -> str:
    """Return the secret's text."""
    return str(secrets.get_secret_value(SecretId=name, **which)["SecretString"])


@pytest.mark.parametrize("change", ["put_secret_value", "update_secret"])
def test_a_new_value_makes_the_old_one_the_previous(aws: Aws, change: str) -> None:
    secrets = aws.client("secretsmanager")
    secrets.create_secret(Name=change, SecretString="1")
    with pytest.raises(ClientError, match="for staging label: AWSPREVIOUS"):
        value(secrets, change, VersionStage="AWSPREVIOUS")
    for new in ("2", "3"):
        getattr(secrets, change)(SecretId=change, SecretString=new)
    assert value(secrets, change) == value(secrets, change, VersionStage="AWSCURRENT") == "3"
    assert value(secrets, change, VersionStage="AWSPREVIOUS") == "2"
    labels = secrets.describe_secret(SecretId=change)["VersionIdsToStages"]
    assert sorted(labels.values()) == [["AWSCURRENT"], ["AWSPREVIOUS"]]


def test_a_rotation_moves_the_current_label(aws: Aws) -> None:
    secrets = aws.client("secretsmanager")
    first = secrets.create_secret(Name="rotated", SecretString="1")["VersionId"]
    pending = secrets.put_secret_value(SecretId="rotated", SecretString="2", VersionStages=["AWSPENDING"])["VersionId"]
    assert value(secrets, "rotated") == "1"
    secrets.update_secret_version_stage(
        SecretId="rotated", VersionStage="AWSCURRENT", MoveToVersionId=pending, RemoveFromVersionId=first
    )
    assert value(secrets, "rotated") == "2"
    assert value(secrets, "rotated", VersionStage="AWSPREVIOUS") == "1"
    secrets.put_secret_value(SecretId="rotated", SecretString="3")
    assert value(secrets, "rotated", VersionStage="AWSPREVIOUS") == "2"
