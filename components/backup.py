"""Backups of a stack's tables and bucket by AWS Backup, in addition to those of DynamoDB and S3."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import defaults
from components.aws_location import PARTITION, role_name
from components.policies import trust

MANAGED_POLICIES = (
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
    "AWSBackupServiceRolePolicyForS3Backup",
    "AWSBackupServiceRolePolicyForS3Restore",
)
"""Managed policies with the permissions of AWS Backup for tables and buckets.
https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html"""

START_MINUTES = 60
COMPLETION_MINUTES = 12 * 60
"""A backup starts within the first time, and AWS cancels it after the second. The shortest first time is an hour."""


@dataclass(frozen=True, kw_only=True)
class BackupArgs:
    """The resources to back up, the schedule (a cron expression in UTC), and the days to keep a backup.

    `copy_vault_arn` is a vault, perhaps in another region, that gets a copy of each backup; None for no copies.
    `kms_key_arn` encrypts the backups; None for AWS Backup's own key. A vault keeps the key that it was made with.
    `protect` refuses to delete the backups.
    """

    prefix: str
    resource_arns: Sequence[pulumi.Input[str]]
    schedule: pulumi.Input[str]
    keep_days: pulumi.Input[int] = defaults.BACKUP_KEEP_DAYS
    copy_vault_arn: pulumi.Input[str] | None = None
    kms_key_arn: pulumi.Input[str] | None = None
    protect: bool = False


class Backup(pulumi.ComponentResource):
    """A vault, a plan that fills it, and the role that backs up and restores. A bucket has to keep versions.

    Example:
        Backup(
            "backups",
            BackupArgs(
                prefix="shop-prod",
                resource_arns=[storage.bucket_arn, hold.table_arn],
                schedule="cron(0 3 * * ? *)",
            ),
        )
    """

    role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: BackupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Backup", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        vault = aws.backup.Vault(
            f"{name}-vault",
            name=f"{args.prefix}-{name}",
            kms_key_arn=args.kms_key_arn,
            # AWS deletes a vault only if it is empty.
            force_destroy=not args.protect,
            # AWS cannot change a vault's key, and a replacement would take the backups with it.
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect, ignore_changes=["kmsKeyArn"]),
        )
        plan = aws.backup.Plan(
            f"{name}-plan",
            name=f"{args.prefix}-{name}",
            rules=[
                {
                    "rule_name": "scheduled",
                    "target_vault_name": vault.name,
                    "schedule": args.schedule,
                    "start_window": START_MINUTES,
                    "completion_window": COMPLETION_MINUTES,
                    "lifecycle": {"delete_after": args.keep_days},
                    "copy_actions": None
                    if args.copy_vault_arn is None
                    else [
                        {"destination_vault_arn": args.copy_vault_arn, "lifecycle": {"delete_after": args.keep_days}}
                    ],
                }
            ],
            opts=child,
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=role_name(self, f"{args.prefix}-{name}"),
            description="Backs up and restores the tables and the bucket",
            assume_role_policy=trust("backup.amazonaws.com"),
            opts=child,
        )
        policies = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{policy.rpartition('/')[2]}",
                role=role.name,
                policy_arn=f"arn:{PARTITION}:iam::aws:policy/{policy}",
                opts=child,
            )
            for policy in MANAGED_POLICIES
        ]
        aws.backup.Selection(
            f"{name}-selection",
            name=f"{args.prefix}-{name}",
            plan_id=plan.id,
            iam_role_arn=role.arn,
            resources=list(args.resource_arns),
            opts=pulumi.ResourceOptions(parent=self, depends_on=policies),
        )
        self.role_arn = role.arn
        self.register_outputs({"role_arn": self.role_arn})
