"""Tables of the services: one for each service."""

import pulumi
import pytest

from components.orders_storage import OrdersStorage, OrdersStorageArgs
from tests.unit.components.builders import KEY_ARN
from tests.unit.components.recording import Recording


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _storage(*, kms_key_arn: str | None = None, protect: bool = False) -> OrdersStorage:
    return OrdersStorage(
        "orders-storage", OrdersStorageArgs(prefix="holdpoint-test", kms_key_arn=kms_key_arn, protect=protect)
    )


@pulumi.runtime.test
def test_tables_are_on_demand_and_recoverable(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        tables = {table.inputs["name"]: table.inputs for table in seen.all("dynamodb/table:Table")}
        assert {name: table["hashKey"] for name, table in tables.items()} == {
            "holdpoint-test-orders-storage-orders": "orderId",
            "holdpoint-test-orders-storage-payments": "orderId",
            "holdpoint-test-orders-storage-inventory": "productId",
            "holdpoint-test-orders-storage-reservations": "orderId",
        }
        for table in tables.values():
            assert table["billingMode"] == "PAY_PER_REQUEST"
            assert table["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 35}
            assert table["deletionProtectionEnabled"] is False
            # Nothing said would leave a table with a key that is given up.
            assert table["serverSideEncryption"] == {"enabled": False}

    return recording.settled(_storage()).apply(check)


@pulumi.runtime.test
def test_tables_are_encrypted_with_the_given_key_and_protected(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        for table in seen.all("dynamodb/table:Table"):
            assert table.inputs["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": KEY_ARN}
            assert table.inputs["deletionProtectionEnabled"] is True

    return recording.settled(_storage(kms_key_arn=KEY_ARN, protect=True)).apply(check)


@pytest.mark.parametrize("protect", [True, False])
@pulumi.runtime.test
def test_pulumi_refuses_to_delete_protected_tables(recording: Recording, protect: bool) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        tables = {table.name for table in seen.all("dynamodb/table:Table")}
        assert seen.protected == (tables if protect else set())

    return recording.settled(_storage(protect=protect)).apply(check)


@pulumi.runtime.test
def test_open_orders_and_reservations_have_a_sparse_index(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        (index,) = seen.one("dynamodb/table:Table", "reservations")["globalSecondaryIndexes"]
        assert (index["name"], index["hashKey"], index["rangeKey"]) == ("held", "held", "expiresAt")
        (index,) = seen.one("dynamodb/table:Table", "orders-storage-orders")["globalSecondaryIndexes"]
        assert (index["name"], index["hashKey"], index["rangeKey"]) == ("open", "open", "updatedAt")

    return recording.settled(_storage()).apply(check)
