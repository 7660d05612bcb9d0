"""The tables of orders, payments, stock and reservations."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.table import TableOptions, table
from facts import HELD_INDEX, OPEN_INDEX


@dataclass(frozen=True, kw_only=True)
class OrdersStorageArgs(TableOptions):
    """The options of the tables, and the prefix of their names."""

    prefix: str


class OrdersStorage(pulumi.ComponentResource):
    """One table for each service that stores data.

    Example:
        OrdersStorage("orders-storage", OrdersStorageArgs(prefix="shop-dev", protect=True))
    """

    orders: aws.dynamodb.Table
    payments: aws.dynamodb.Table
    inventory: aws.dynamodb.Table
    reservations: aws.dynamodb.Table
    table_names: dict[str, pulumi.Output[str]]
    table_arns: list[pulumi.Output[str]]
    open_index: str
    open_index_arn: pulumi.Output[str]
    held_index: str
    held_index_arn: pulumi.Output[str]

    def __init__(self, name: str, args: OrdersStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:OrdersStorage", name, None, opts)
        # Only an order without an outcome has the attribute `open`, so the index lists open orders, oldest first.
        self.orders = self._table(f"{name}-orders", "orderId", args, index=OPEN_INDEX, index_keys=("open", "updatedAt"))
        self.open_index = OPEN_INDEX
        self.open_index_arn = self.orders.arn.apply(lambda arn: f"{arn}/index/{OPEN_INDEX}")
        self.payments = self._table(f"{name}-payments", "orderId", args)
        self.inventory = self._table(f"{name}-inventory", "productId", args)
        # Only a reservation that holds stock has the attribute `held`, so the index lists what can expire, soonest
        # first.
        self.reservations = self._table(
            f"{name}-reservations", "orderId", args, index=HELD_INDEX, index_keys=("held", "expiresAt")
        )
        self.held_index = HELD_INDEX
        self.held_index_arn = self.reservations.arn.apply(lambda arn: f"{arn}/index/{HELD_INDEX}")
        tables = ("orders", "payments", "inventory", "reservations")
        self.table_names = {table: getattr(self, table).name for table in tables}
        self.table_arns = [getattr(self, table).arn for table in tables]
        self.register_outputs({"orders": self.orders.name, "inventory": self.inventory.name})

    def _table(
        self, name: str, key: str, args: OrdersStorageArgs, *, index: str = "", index_keys: Sequence[str] = ()
    ) -> aws.dynamodb.Table:
        return table(
            name,
            f"{args.prefix}-{name}",
            [key],
            args,
            self,
            index=_keys_only(index, *index_keys) if index else None,
            index_keys=index_keys,
        )


def _keys_only(name: str, hash_key: str, range_key: str) -> aws.dynamodb.TableGlobalSecondaryIndexArgsDict:
    return {"name": name, "hash_key": hash_key, "range_key": range_key, "projection_type": "KEYS_ONLY"}
