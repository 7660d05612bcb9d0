"""Tables on demand, and tables with provisioned capacity that is scaled."""

import pulumi

from components.orders_storage import OrdersStorage, OrdersStorageArgs
from components.table import ProvisionedCapacity
from tests.unit.components.recording import Recording

CAPACITY = ProvisionedCapacity(minimum=3, maximum=30, target_percent=60)


def _storage(capacity: ProvisionedCapacity | None) -> OrdersStorage:
    return OrdersStorage("shop", OrdersStorageArgs(prefix="holdpoint-test", capacity=capacity))


@pulumi.runtime.test
def test_table_on_demand_is_not_scaled(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert {each.type for each in seen.resources if each.is_custom} == {"aws:dynamodb/table:Table"}
        for table in seen.all("dynamodb/table:Table"):
            assert table.inputs["billingMode"] == "PAY_PER_REQUEST"
            assert "readCapacity" not in table.inputs

    return recording.settled(_storage(None)).apply(check)


@pulumi.runtime.test
def test_reads_and_writes_of_every_table_and_index_are_scaled(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        orders = seen.one("dynamodb/table:Table", "shop-orders")
        assert orders["billingMode"] == "PROVISIONED"
        assert (orders["readCapacity"], orders["writeCapacity"]) == (3, 3)
        (index,) = orders["globalSecondaryIndexes"]
        assert (index["readCapacity"], index["writeCapacity"]) == (3, 3)
        # Autoscaling changes them, and a deployment leaves them alone.
        units = ["readCapacity", "writeCapacity"]
        of_index = [f"globalSecondaryIndexes[0].{unit}" for unit in units]
        assert seen.ignored["shop-orders"] == [*units, *of_index]
        assert seen.ignored["shop-payments"] == units

        table = "table/holdpoint-test-shop"
        tables = {f"{table}-{name}" for name in ("orders", "payments", "inventory", "reservations")}
        indexes = {f"{table}-orders/index/open", f"{table}-reservations/index/held"}
        expected = {
            (resource, f"dynamodb:{kind}:{direction}CapacityUnits")
            for kind, resources in (("table", tables), ("index", indexes))
            for resource in resources
            for direction in ("Read", "Write")
        }
        for kind in ("target:Target", "policy:Policy"):
            scaled = [each.inputs for each in seen.all(f"appautoscaling/{kind}")]
            assert {(each["resourceId"], each["scalableDimension"]) for each in scaled} == expected
            assert len(scaled) == len(expected)
        for target in seen.all("appautoscaling/target:Target"):
            assert (target.inputs["minCapacity"], target.inputs["maxCapacity"]) == (3, 30)
        for policy in seen.all("appautoscaling/policy:Policy"):
            tracking = policy.inputs["targetTrackingScalingPolicyConfiguration"]
            direction = "Read" if ":Read" in policy.inputs["scalableDimension"] else "Write"
            assert tracking == {
                "targetValue": 60,
                "predefinedMetricSpecification": {"predefinedMetricType": f"DynamoDB{direction}CapacityUtilization"},
            }
        names = [each.inputs["name"] for each in seen.all("appautoscaling/policy:Policy")]
        assert len(set(names)) == len(names)
        assert all(name.startswith("holdpoint-test-shop-") for name in names)

    return recording.settled(_storage(CAPACITY)).apply(check)
