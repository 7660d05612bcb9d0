"""AWS Backup as the provider reads and deletes it."""

from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import absent


def _vault(clients: Clients, resource: Resource) -> dict[str, Any]:
    vault = clients("backup").describe_backup_vault(BackupVaultName=resource.id)
    tags = clients("backup").list_tags(ResourceArn=vault["BackupVaultArn"])["Tags"]
    return {"name": vault["BackupVaultName"], "kmsKeyArn": vault.get("EncryptionKeyArn"), "tags": tags}


def _delete_vault(clients: Clients, resource: Resource) -> None:
    if resource.inputs.get("forceDestroy"):
        # The provider deletes them first.
        points = clients("backup").list_recovery_points_by_backup_vault(BackupVaultName=resource.id)["RecoveryPoints"]
        assert points == []
    clients("backup").delete_backup_vault(BackupVaultName=resource.id)
    unknown = {"BackupVaultName": resource.id}
    assert absent("ResourceNotFoundException", call=clients("backup").describe_backup_vault, **unknown)


def _plan(clients: Clients, resource: Resource) -> dict[str, Any]:
    plan = clients("backup").get_backup_plan(BackupPlanId=resource.id)
    tags = clients("backup").list_tags(ResourceArn=plan["BackupPlanArn"])["Tags"]
    rules = [
        {
            "ruleName": rule["RuleName"],
            "targetVaultName": rule["TargetBackupVaultName"],
            "schedule": rule["ScheduleExpression"],
            "startWindow": rule["StartWindowMinutes"],
            "completionWindow": rule["CompletionWindowMinutes"],
            "lifecycle": {"deleteAfter": rule["Lifecycle"]["DeleteAfterDays"]},
        }
        for rule in plan["BackupPlan"]["Rules"]
    ]
    return {"name": plan["BackupPlan"]["BackupPlanName"], "rules": rules, "tags": tags}


def _delete_plan(clients: Clients, resource: Resource) -> None:
    clients("backup").delete_backup_plan(BackupPlanId=resource.id)


def _selection(clients: Clients, resource: Resource) -> dict[str, Any]:
    where = {"BackupPlanId": resource.inputs["planId"], "SelectionId": resource.id}
    selection = clients("backup").get_backup_selection(**where)["BackupSelection"]
    return {
        "name": selection["SelectionName"],
        "planId": resource.inputs["planId"],
        "iamRoleArn": selection["IamRoleArn"],
        "resources": selection["Resources"],
    }


def _delete_selection(clients: Clients, resource: Resource) -> None:
    where = {"BackupPlanId": resource.inputs["planId"], "SelectionId": resource.id}
    clients("backup").delete_backup_selection(**where)
    assert absent("ResourceNotFoundException", call=clients("backup").get_backup_selection, **where)


READ = {
    "aws:backup/vault:Vault": _vault,
    "aws:backup/plan:Plan": _plan,
    "aws:backup/selection:Selection": _selection,
}
DELETE = {
    "aws:backup/vault:Vault": _delete_vault,
    "aws:backup/plan:Plan": _delete_plan,
    "aws:backup/selection:Selection": _delete_selection,
}
DEFAULTS: dict[str, dict[str, Any]] = {}
