"""AWS Backup: backup selections, which moto lacks.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupSelection.html
"""

import json
import time
import uuid
from typing import Any

from moto.backup.exceptions import ResourceNotFoundException
from moto.backup.responses import BackupResponse

from sandbox.patches import added


def _selections(response: Any) -> dict[str, dict[str, Any]]:
    # On the backend, so that moto's reset deletes them.
    kept: dict[str, dict[str, Any]] = response.backup_backend.__dict__.setdefault("selections", {})
    return kept


def _ids(response: Any) -> tuple[str, str]:
    """Return the plan and the selection of `/backup/plans/{plan}/selections/{selection}`."""
    plan, _, selection = response.path.partition("/plans/")[2].partition("/selections")
    return plan, selection.strip("/")


def _create(self: Any) -> str:
    plan, _ = _ids(self)
    self.backup_backend.get_backup_plan(plan, None)
    identifier, created = str(uuid.uuid4()), time.time()
    _selections(self)[identifier] = {
        "BackupSelection": json.loads(self.body)["BackupSelection"],
        "SelectionId": identifier,
        "BackupPlanId": plan,
        "CreationDate": created,
    }
    return json.dumps({"SelectionId": identifier, "BackupPlanId": plan, "CreationDate": created})


def _get(self: Any) -> str:
    plan, identifier = _ids(self)
    found = _selections(self).get(identifier)
    if found is None or found["BackupPlanId"] != plan:
        raise ResourceNotFoundException(msg=f"Cannot find Backup selection {identifier}")
    return json.dumps(found)


def _delete(self: Any) -> str:
    _get(self)
    del _selections(self)[_ids(self)[1]]
    return "{}"


PATCHES = (
    added(BackupResponse, "create_backup_selection", _create, "lacks CreateBackupSelection"),
    added(BackupResponse, "get_backup_selection", _get, "lacks GetBackupSelection"),
    added(BackupResponse, "delete_backup_selection", _delete, "lacks DeleteBackupSelection"),
)
