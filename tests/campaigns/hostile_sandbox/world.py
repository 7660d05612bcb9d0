"""All that a stack stores: objects, items and logs, to compare before and after."""

import threading
from dataclasses import dataclass, field
from typing import Any

from tests.campaigns.hostile.logs import Logs
from tests.e2e.client import Client

TABLES = {
    "dynamodb_table_name": ("jiraStoryId", "executionName"),
    "orders_table_name": ("orderId",),
    "payments_table_name": ("orderId",),
    "inventory_table_name": ("productId",),
    "reservations_table_name": ("orderId",),
}
"""Stack outputs, and the keys of the tables that they name."""

Place = tuple[str, ...]
"""`("s3", key)` or `(table's output, *key)`."""


@dataclass
class World:
    """A stack, the places where the cases may write, and the secrets that nothing may show."""

    client: Client
    own: set[Place] = field(default_factory=set)
    own_logs: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _logs: Logs = field(init=False)

    def __post_init__(self) -> None:
        self._logs = Logs(self.client)

    def owns(self, *places: Place) -> None:
        """Note a place where a case may write."""
        with self._lock:
            self.own.update(places)

    def owns_logs(self, beginning: str) -> None:
        """Note that an execution may write its logs, by its name or the start of its name."""
        with self._lock:
            self.own_logs.add(f"logs/{beginning}")

    def hides(self, secret: str) -> None:
        """Note a secret, such as a task token that was seen on an item."""
        with self._lock:
            self.secrets.add(secret)

    def contents(self) -> dict[Place, Any]:
        """Return every object's ETag and every item."""
        found: dict[Place, Any] = {}
        for page in self.client.s3.get_paginator("list_objects_v2").paginate(Bucket=self.client.bucket):
            found |= {("s3", each["Key"]): each["ETag"] for each in page.get("Contents", [])}
        for output, keys in TABLES.items():
            table = self.client.outputs[output]
            for page in self.client.dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
                found |= {(output, *(item[key]["S"] for key in keys)): item for item in page["Items"]}
        return found

    def check_contents(self, before: dict[Place, Any]) -> None:
        """Raises AssertionError if something changed that no case may write."""
        after = self.contents()
        changed = {place for place in before | after if before.get(place) != after.get(place)}
        logs = tuple(self.own_logs)
        strange = {place for place in changed - self.own if not (place[0] == "s3" and place[1].startswith(logs))}
        assert not strange, f"{len(strange)} places were written that are no case's own: {sorted(strange)[:10]}"

    def check_logs(self) -> None:
        """Check the lines since the last check. Raises AssertionError for a line that must not be there."""
        self._logs.check(self.secrets)
