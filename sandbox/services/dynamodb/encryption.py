"""DynamoDB: a table without its own key is encrypted with AWS's, and its encryption can be changed.

moto gives a table a customer's key even if its encryption is off, and drops changes.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SSESpecification.html
"""

from typing import Any

from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from sandbox.patches import wrapped


def _init(
    original: Any, self: Table, *args: Any, sse_specification: dict[str, Any] | None = None, **options: Any
) -> None:
    given = sse_specification if (sse_specification or {}).get("Enabled") else None
    original(self, *args, sse_specification=given, **options)


def _update(original: Any, self: Any) -> Any:
    specification = self.body.get("SSESpecification")
    if specification is not None:
        table = self.dynamodb_backend.get_table(self.body["TableName"])
        table.sse_specification = _in_force(table, specification)
    return original(self)


def _in_force(table: Table, specification: dict[str, Any]) -> dict[str, Any] | None:
    if not specification.get("Enabled"):
        return None
    if specification.get("KMSMasterKeyId"):
        return specification
    return {**specification, "KMSMasterKeyId": table._get_default_encryption_key(table.account_id, table.region_name)}


PATCHES = (
    wrapped(Table, "__init__", _init, "gives a table a customer's key although its encryption is off"),
    wrapped(DynamoHandler, "update_table", _update, "drops SSESpecification at UpdateTable"),
)
