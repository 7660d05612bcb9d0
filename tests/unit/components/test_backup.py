"""Backups: the plan, what it holds, and the role that AWS Backup works with."""

import json

import pulumi
import pytest

from components.backup import Backup, BackupArgs
from tests.unit.components.builders import BUCKET_ARN, KEY_ARN, TABLE_ARN
from tests.unit.components.recording import Recording
from tests.unit.recorded_program import recorded

SCHEDULE = "cron(0 3 * * ? *)"


def _backup(*, copy_vault_arn: str | None = None, kms_key_arn: str | None = None, protect: bool = False) -> Backup:
    args = BackupArgs(
        prefix="holdpoint-test",
        resource_arns=[BUCKET_ARN, TABLE_ARN],
        schedule=SCHEDULE,
        keep_days=9,
        copy_vault_arn=copy_vault_arn,
        kms_key_arn=kms_key_arn,
        protect=protect,
    )
    return Backup("backups", args)


@pulumi.runtime.test
def test_plan_backs_up_the_given_resources(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        (rule,) = seen.one("backup/plan:Plan")["rules"]
        assert (rule["schedule"], rule["lifecycle"]) == (SCHEDULE, {"deleteAfter": 9})
        assert "copyActions" not in rule
        assert rule["targetVaultName"] == seen.one("backup/vault:Vault")["name"] == "holdpoint-test-backups"
        selection = seen.one("backup/selection:Selection")
        assert selection["resources"] == [BUCKET_ARN, TABLE_ARN]
        assert selection["iamRoleArn"].endswith(":backups-role")

    return recording.settled(_backup()).apply(check)


@pulumi.runtime.test
def test_backups_are_copied_into_a_vault_that_is_named(recording: Recording) -> pulumi.Output[None]:
    vault = "arn:aws:backup:eu-central-1:123456789012:backup-vault:copies"

    def check(seen: Recording) -> None:
        (rule,) = seen.one("backup/plan:Plan")["rules"]
        assert rule["copyActions"] == [{"destinationVaultArn": vault, "lifecycle": {"deleteAfter": 9}}]

    return recording.settled(_backup(copy_vault_arn=vault)).apply(check)


@pulumi.runtime.test
def test_vault_keeps_its_backups_when_the_key_changes(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("backup/vault:Vault")["kmsKeyArn"] == KEY_ARN
        # AWS makes another vault for another key.
        assert seen.ignored["backups-vault"] == ["kmsKeyArn"]

    return recording.settled(_backup(kms_key_arn=KEY_ARN)).apply(check)


@pulumi.runtime.test
def test_role_has_the_policies_of_aws_before_the_first_backup(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        trust = json.loads(seen.one("iam/role:Role")["assumeRolePolicy"])
        assert [each["Principal"] for each in trust["Statement"]] == [{"Service": "backup.amazonaws.com"}]
        attached = {
            each.name: each.inputs["policyArn"] for each in seen.all("iam/rolePolicyAttachment:RolePolicyAttachment")
        }
        assert {arn.rpartition("AWSBackupServiceRolePolicyFor")[2] for arn in attached.values()} == {
            *("Backup", "Restores", "S3Backup", "S3Restore")
        }
        assert attached.keys() <= seen.dependencies["backups-selection"]

    return recording.settled(_backup()).apply(check)


@pytest.mark.parametrize("protect", [True, False])
@pulumi.runtime.test
def test_vault_is_encrypted_and_protected(recording: Recording, protect: bool) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        vault = seen.one("backup/vault:Vault")
        assert (vault["kmsKeyArn"], vault["forceDestroy"]) == (KEY_ARN, not protect)
        assert seen.protected == ({"backups-vault"} if protect else set())

    return recording.settled(_backup(kms_key_arn=KEY_ARN, protect=protect)).apply(check)


def test_production_backs_up_every_table_and_the_bucket() -> None:
    recording = recorded("prod")
    stored = [*recording.all("dynamodb/table:Table"), *recording.all("s3/bucket:Bucket")]
    names = {each.name for each in stored}
    assert {arn.rpartition(":")[2] for arn in recording.one("backup/selection:Selection")["resources"]} == names
    assert recorded("dev").all("backup/vault:Vault") == []
