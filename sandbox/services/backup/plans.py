"""AWS Backup: UpdateBackupPlan, and the recovery points of a vault, of which the sandbox makes none. moto has neither.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateBackupPlan.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRecoveryPointsByBackupVault.html
"""

import json
from typing import Any

from moto.backup import urls
from moto.backup.models import Plan
from moto.backup.responses import BackupResponse

from sandbox.patches import added, decorated

_POINTS_PATH = "{0}/backup-vaults/(?P<name>[^/]+)/recovery-points/$"


def _update(self: Any) -> str:
    plan = self.backup_backend.get_backup_plan(self.path.rstrip("/").rpartition("/")[2], None)
    # A plan completes its rules with AWS's defaults when it is made.
    new = Plan(json.loads(self.body)["BackupPlan"], plan.creator_request_id, self.backup_backend)
    plan.backup_plan, plan.version_id = new.backup_plan, new.version_id
    plan.advanced_backup_settings = new.advanced_backup_settings
    return json.dumps(plan.to_dict())


def _list_points(self: Any) -> str:
    self.backup_backend.describe_backup_vault(self.path.split("/")[2])
    return json.dumps({"RecoveryPoints": []})


def _with_points(paths: dict[str, Any]) -> dict[str, Any]:
    return {**paths, _POINTS_PATH: BackupResponse.dispatch}


PATCHES = (
    added(BackupResponse, "update_backup_plan", _update, "lacks UpdateBackupPlan"),
    added(
        BackupResponse, "list_recovery_points_by_backup_vault", _list_points, "lacks ListRecoveryPointsByBackupVault"
    ),
    decorated(urls, "url_paths", _with_points, "has no route for the recovery points of a vault"),
)
