"""The permissions that sandboxes report, without what differs between deployments."""

import json
from pathlib import Path

import pytest

from tests.proof.permissions import Permission, collected

CONNECTION = "arn:aws:events:us-east-1:123456789012:connection/holdpoint-dev-release-validation"


@pytest.mark.parametrize(
    "connection_id",
    ["9d3dd6c0-0e73-4b21-ade5-1f2e3d4c5b6a", pytest.param("9d3dd6c0-0e73-4b21-ade5-123456789012", id="digits only")],
)
def test_account_region_and_ids_are_placeholders(tmp_path: Path, connection_id: str) -> None:
    entry = {
        "role": "arn:aws:iam::123456789012:role/holdpoint-dev-release-use1",
        "action": "events:RetrieveConnectionCredentials",
        "resource": f"{CONNECTION}/{connection_id}",
        "used": True,
    }
    (tmp_path / "permissions-1.json").write_text(json.dumps([entry]))
    resource = "arn:aws:events:{region}:{account}:connection/holdpoint-dev-release-validation/{id}"
    assert collected(tmp_path) == {Permission("release", "events:RetrieveConnectionCredentials", resource): True}
