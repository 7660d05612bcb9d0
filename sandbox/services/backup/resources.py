"""AWS Backup: vaults, plans and selections. Nothing is backed up here."""

from typing import Any

from sandbox.clients import Clients
from sandbox.resource_inputs import Inputs, aws_names, given


def _vault(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    args.ignore("forceDestroy", "the provider reads it on delete only")
    name = args.name(limit=50)
    arn = clients("backup").create_backup_vault(
        **given(BackupVaultName=name, EncryptionKeyArn=args.take("kmsKeyArn"), BackupVaultTags=args.tags() or None)
    )["BackupVaultArn"]
    return name, {"name": name, "arn": arn, "recoveryPoints": 0}


def _plan(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(limit=50)
    made = clients("backup").create_backup_plan(
        **given(
            BackupPlan={"BackupPlanName": name, "Rules": [_rule(rule) for rule in args.blocks("rules")]},
            BackupPlanTags=args.tags() or None,
        )
    )
    return made["BackupPlanId"], {
        "name": name,
        "arn": made["BackupPlanArn"],
        "version": made["VersionId"],
    }


def _rule(rule: Inputs) -> dict[str, Any]:
    return given(
        RuleName=rule.require("ruleName"),
        TargetBackupVaultName=rule.require("targetVaultName"),
        ScheduleExpression=rule.take("schedule"),
        StartWindowMinutes=rule.take("startWindow"),
        CompletionWindowMinutes=rule.take("completionWindow"),
        Lifecycle=_lifecycle(rule),
        CopyActions=[_copy(each) for each in rule.blocks("copyActions")] or None,
    )


def _copy(action: Inputs) -> dict[str, Any]:
    return given(DestinationBackupVaultArn=action.require("destinationVaultArn"), Lifecycle=_lifecycle(action))


def _lifecycle(block: Inputs) -> dict[str, Any] | None:
    names = {"DeleteAfter": "DeleteAfterDays", "ColdStorageAfter": "MoveToColdStorageAfterDays"}
    given_names = aws_names(block.take("lifecycle")) or {}
    return {names.get(name, name): value for name, value in given_names.items()} or None


def _selection(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    selection = clients("backup").create_backup_selection(
        BackupPlanId=args.require("planId"),
        BackupSelection=given(
            SelectionName=args.name(limit=50),
            IamRoleArn=args.require("iamRoleArn"),
            Resources=args.take("resources"),
            NotResources=args.take("notResources"),
        ),
    )
    return selection["SelectionId"], {}


TYPES = {
    "aws:backup/vault:Vault": _vault,
    "aws:backup/plan:Plan": _plan,
    "aws:backup/selection:Selection": _selection,
}
