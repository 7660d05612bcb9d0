"""The tables of orders, payments, stock and reservations."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.encryption import table_encryption
from facts import HELD_INDEX, OPEN_INDEX


@dataclass(frozen=True, kw_only=True)
class OrdersStorageArgs:
    """`kms_key_arn` is empty for AWS's own keys; `protect` refuses to delete data, before anything is deleted."""

    prefix: str
    kms_key_arn: pulumi.Input[str] | None = None
    protect: bool = False


class OrdersStorage(pulumi.ComponentResource):
    """One on-demand table for each service that stores something.

    Example:
        OrdersStorage("orders-storage", OrdersStorageArgs(prefix="shop-dev", protect=True))
    """

    orders: aws.dynamodb.Table
    payments: aws.dynamodb.Table
    inventory: aws.dynamodb.Table
    reservations: aws.dynamodb.Table
    table_names: dict[str, pulumi.Output[str]]
    open_index: str
    open_index_arn: pulumi.Output[str]
    held_index: str
    held_index_arn: pulumi.Output[str]

    def __init__(self, name: str, args: OrdersStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:OrdersStorage", name, None, opts)
        # Only an order without its end has the attribute `open`: the index lists what may be left behind, oldest first.
        self.orders = self._table(
            f"{name}-orders",
            "orderId",
            args,
            more_attributes=[{"name": "open", "type": "S"}, {"name": "updatedAt", "type": "S"}],
            indexes=[
                {"name": OPEN_INDEX, "hash_key": "open", "range_key": "updatedAt", "projection_type": "KEYS_ONLY"}
            ],
        )
        self.open_index = OPEN_INDEX
        self.open_index_arn = self.orders.arn.apply(lambda arn: f"{arn}/index/{OPEN_INDEX}")
        self.payments = self._table(f"{name}-payments", "orderId", args)
        self.inventory = self._table(f"{name}-inventory", "productId", args)
        # Only a reservation that holds stock has the attribute `held`: the index lists what can expire, soonest first.
        self.reservations = self._table(
            f"{name}-reservations",
            "orderId",
            args,
            more_attributes=[{"name": "held", "type": "S"}, {"name": "expiresAt", "type": "S"}],
            indexes=[
                {"name": HELD_INDEX, "hash_key": "held", "range_key": "expiresAt", "projection_type": "KEYS_ONLY"}
            ],
        )
        self.held_index = HELD_INDEX
        self.held_index_arn = self.reservations.arn.apply(lambda arn: f"{arn}/index/{HELD_INDEX}")
        tables = ("orders", "payments", "inventory", "reservations")
        self.table_names = {table: getattr(self, table).name for table in tables}
        self.register_outputs({"orders": self.orders.name, "inventory": self.inventory.name})

    def _table(
        self,
        name: str,
        key: str,
        args: OrdersStorageArgs,
        *,
        more_attributes: list[aws.dynamodb.TableAttributeArgsDict] | None = None,
        indexes: list[aws.dynamodb.TableGlobalSecondaryIndexArgsDict] | None = None,
    ) -> aws.dynamodb.Table:
        return aws.dynamodb.Table(
            name,
            name=f"{args.prefix}-{name}",
            billing_mode="PAY_PER_REQUEST",
            hash_key=key,
            attributes=[{"name": key, "type": "S"}, *(more_attributes or [])],
            global_secondary_indexes=indexes,
            point_in_time_recovery={"enabled": True},
            server_side_encryption=table_encryption(args.kms_key_arn),
            deletion_protection_enabled=args.protect,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )


def _keys_only(name: str, hash_key: str, range_key: str) -> aws.dynamodb.TableGlobalSecondaryIndexArgsDict:
    return {"name": name, "hash_key": hash_key, "range_key": range_key, "projection_type": "KEYS_ONLY"}
