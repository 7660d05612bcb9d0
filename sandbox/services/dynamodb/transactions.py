"""Rollback of DynamoDB transactions item by item: moto copies the whole table before each one instead."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from sandbox.patches import wrapped


def _undone_by_item(original: Any, backend: DynamoDBBackend, transact_items: Sequence[Mapping[str, Any]]) -> None:
    operations = [operation for item in transact_items for operation in item.values()]
    named = [(backend.tables[name], each) for each in operations if (name := each.get("TableName")) in backend.tables]
    tables = {table.name: table for table, _ in named}.values()
    undo = [_stream_as_it_is(table) for table in tables] + [_item_as_it_is(*each) for each in named]
    try:
        with ExitStack() as stack:
            for table in tables:
                stack.enter_context(_not_copied(table))
            original(backend, transact_items)
    except Exception:
        for step in undo:
            step()
        raise


@contextmanager
def _not_copied(table: Any) -> Iterator[None]:
    """Make moto's copy of the table the table itself, so that moto's own rollback changes nothing."""
    table.__deepcopy__ = lambda _memo: table
    try:
        yield
    finally:
        del table.__deepcopy__


def _item_as_it_is(table: Table, operation: Mapping[str, Any]) -> Callable[[], None]:
    """Return a function that restores the operation's item to its current state."""
    key = operation.get("Key") or operation.get("Item") or {}
    names = [name for name in (table.hash_key_attr, table.range_key_attr) if name]
    if any(name not in key for name in names):
        # moto refuses an operation without the complete key of its item.
        return lambda: None
    *folders, last = [DynamoType(key[name]) for name in names]

    def siblings() -> dict[DynamoType, Any]:
        """Return the container of the item: its partition, or the table itself."""
        items: dict[DynamoType, Any] = table.items[folders[0]] if folders else table.items
        return items

    before = copy.deepcopy(siblings().get(last))

    def put_back() -> None:
        siblings().pop(last, None)
        if before is not None:
            siblings()[last] = before

    return put_back


def _stream_as_it_is(table: Table) -> Callable[[], None]:
    """Return a function that removes the records that the transaction adds to the table's stream."""
    shard = table.stream_shard
    records = [] if shard is None else [*shard.items]

    def put_back() -> None:
        if shard is not None:
            shard.items[:] = records

    return put_back


PATCHES = (
    # Relies on `atomic_calls`: one DynamoDB call at a time.
    wrapped(DynamoDBBackend, "transact_write_items", _undone_by_item, "copies whole tables before a transaction"),
)
