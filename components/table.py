"""A DynamoDB table with capacity, recovery, encryption and protection. Every table of the program is made here."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import defaults
from components.encryption import table_encryption

_DIMENSIONS = {
    "Read": "DynamoDBReadCapacityUtilization",
    "Write": "DynamoDBWriteCapacityUtilization",
}
"""https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html"""


@dataclass(frozen=True, kw_only=True)
class ProvisionedCapacity:
    """Capacity units that Application Auto Scaling keeps between two limits.

    `target_percent` is the share of the provisioned units that should be in use, 20 to 90.
    """

    minimum: int = 1
    maximum: int = 100
    target_percent: int = 70


@dataclass(frozen=True, kw_only=True)
class TableOptions:
    """Options that the tables of a stack share.

    Attributes:
        kms_key_arn: the key that encrypts them; None for DynamoDB's own.
        protect: refuse to delete them.
        recovery_days: days that point-in-time recovery covers, 1 to 35.
        capacity: None for on-demand tables.
    """

    kms_key_arn: pulumi.Input[str] | None = None
    protect: bool = False
    recovery_days: pulumi.Input[int] = defaults.POINT_IN_TIME_RECOVERY_DAYS
    capacity: ProvisionedCapacity | None = None


def table(
    name: str,
    physical_name: str,
    keys: Sequence[str],
    options: TableOptions,
    parent: pulumi.Resource,
    *,
    index: aws.dynamodb.TableGlobalSecondaryIndexArgsDict | None = None,
    index_keys: Sequence[str] = (),
    ttl_attribute: str | None = None,
) -> aws.dynamodb.Table:
    """Create a table with its autoscaling. All `keys` and `index_keys` are strings; a table has at most one index."""
    capacity = options.capacity
    units = None if capacity is None else capacity.minimum
    indexes: list[aws.dynamodb.TableGlobalSecondaryIndexArgsDict] = (
        [] if index is None else [{**index, "read_capacity": units, "write_capacity": units}]
    )
    made = aws.dynamodb.Table(
        name,
        name=physical_name,
        billing_mode="PAY_PER_REQUEST" if capacity is None else "PROVISIONED",
        hash_key=keys[0],
        range_key=keys[1] if len(keys) > 1 else None,
        attributes=[{"name": each, "type": "S"} for each in (*keys, *index_keys)],
        global_secondary_indexes=indexes or None,
        ttl=None if ttl_attribute is None else {"attribute_name": ttl_attribute, "enabled": True},
        point_in_time_recovery={"enabled": True, "recovery_period_in_days": options.recovery_days},
        server_side_encryption=table_encryption(options.kms_key_arn),
        deletion_protection_enabled=options.protect,
        read_capacity=units,
        write_capacity=units,
        # Application Auto Scaling changes the units: a deployment must not reset them.
        opts=pulumi.ResourceOptions(
            parent=parent,
            protect=options.protect,
            ignore_changes=None
            if capacity is None
            else [f"{path}{kind}Capacity" for path in _scaled_paths(index) for kind in ("read", "write")],
        ),
    )
    if capacity is not None:
        resource = pulumi.Output.concat("table/", made.name)
        _scale(name, physical_name, made, "table", resource, capacity, parent)
        if index is not None:
            resource = pulumi.Output.concat("table/", made.name, "/index/", index["name"])
            _scale(f"{name}-index", f"{physical_name}-index", made, "index", resource, capacity, parent)
    return made


def _scaled_paths(index: object) -> tuple[str, ...]:
    return ("",) if index is None else ("", "globalSecondaryIndexes[0].")


def _scale(
    name: str,
    physical_name: str,
    scaled: aws.dynamodb.Table,
    kind: str,
    resource_id: pulumi.Output[str],
    capacity: ProvisionedCapacity,
    parent: pulumi.Resource,
) -> None:
    """Keep reads and writes at the target, with the service-linked role of Application Auto Scaling.

    https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-dynamodb.html
    """
    child = pulumi.ResourceOptions(parent=parent, depends_on=[scaled])
    for direction, metric in _DIMENSIONS.items():
        target = aws.appautoscaling.Target(
            f"{name}-{direction.lower()}-target",
            service_namespace="dynamodb",
            scalable_dimension=f"dynamodb:{kind}:{direction}CapacityUnits",
            resource_id=resource_id,
            min_capacity=capacity.minimum,
            max_capacity=capacity.maximum,
            opts=child,
        )
        aws.appautoscaling.Policy(
            f"{name}-{direction.lower()}-policy",
            name=f"{physical_name}-{direction.lower()}",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            policy_type="TargetTrackingScaling",
            target_tracking_scaling_policy_configuration={
                "target_value": capacity.target_percent,
                "predefined_metric_specification": {"predefined_metric_type": metric},
            },
            opts=pulumi.ResourceOptions(parent=parent),
        )
