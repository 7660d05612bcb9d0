"""Stock under contention: transaction conflicts, throttling and other errors of AWS."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from handlers.aws import client
from handlers.orders import inventory, stock
from handlers.orders.errors import InsufficientStockError, ServiceUnavailableError
from handlers.orders.inventory_table import Inventory
from handlers.orders.reservations_table import Reservation, Reservations
from handlers.orders.stock import PAUSES, Stock
from handlers.orders.transactions import Transactions
from tests.unit.handlers.conftest import Context
from tests.unit.handlers.orders.conftest import INVENTORY, RESERVATIONS, available

pytestmark = pytest.mark.usefixtures("shop")

NOW, LATER = "2025-06-03T04:20:00.000Z", "2025-06-03T04:50:00.000Z"
FINE, FAILED, CONFLICT = {"Code": "None"}, {"Code": "ConditionalCheckFailed"}, {"Code": "TransactionConflict"}
EMPTY = {**FAILED, "Item": {"productId": {"S": "PROD001"}, "available": {"N": "0"}}}


class Contended:
    """A client whose first transactions fail as the test says."""

    def __init__(self, *answers: Callable[[], None]) -> None:
        self._client = client("dynamodb")
        self._answers = list(answers)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **arguments: Any) -> Any:
        if self._answers:
            self._answers.pop(0)()
        return self._client.transact_write_items(**arguments)


def cancelled(*reasons: Any) -> Callable[[], None]:
    """Return AWS's error for a cancelled transaction, with one reason for each write."""

    def answer() -> None:
        response: Any = {
            "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
            "CancellationReasons": list(reasons),
        }
        raise ClientError(response, "TransactWriteItems")

    return answer


def reserving(*answers: Callable[[], None]) -> tuple[Stock, list[float], Callable[[], Reservation]]:
    pauses: list[float] = []
    dynamodb = Contended(*answers)
    shelf = Stock(
        reservations=Reservations(dynamodb, RESERVATIONS),
        inventory=Inventory(INVENTORY),
        transactions=Transactions(dynamodb),
        pause=pauses.append,
    )
    new = Reservation(
        order_id="o-1", state="RESERVED", quantities={"PROD001": 2}, reservation_id="res-1", expires_at=LATER
    )
    return shelf, pauses, lambda: shelf.reserve(new, now=NOW)


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_transient_conflict_is_retried(code: str) -> None:
    _, pauses, reserve = reserving(*[cancelled(FINE, {"Code": code})] * 3)
    assert reserve().state == "RESERVED"
    assert len(pauses) == 3
    assert available("PROD001") == 48


def test_lasting_conflict_fails_with_its_error() -> None:
    _, pauses, reserve = reserving(*[cancelled(FINE, CONFLICT)] * (len(PAUSES) + 1))
    with pytest.raises(ServiceUnavailableError):
        reserve()
    assert pauses == list(PAUSES)
    assert available("PROD001") == 50


def test_conflicting_release_is_retried() -> None:
    shelf, pauses, reserve = reserving()
    reserve()
    shelf.transactions._client._answers = [cancelled(CONFLICT, FINE)]
    assert shelf.release("o-1", now=NOW).state == "RELEASED"
    assert len(pauses) == 1
    assert available("PROD001") == 50


def test_insufficient_stock_is_not_retried() -> None:
    _, pauses, reserve = reserving(cancelled(FINE, EMPTY))
    with pytest.raises(InsufficientStockError):
        reserve()
    assert pauses == []


def test_concurrent_reservation_of_the_same_order_is_not_insufficient_stock() -> None:
    _, _, reserve = reserving(cancelled(CONFLICT, EMPTY))
    assert reserve().state == "RESERVED"


def test_validation_error_is_not_retried() -> None:
    _, _, reserve = reserving(cancelled(FINE, {"Code": "ValidationError", "Message": "wrong type"}))
    with pytest.raises(ClientError, match="TransactionCanceledException"):
        reserve()


def test_unreachable_aws_is_service_unavailable(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable() -> None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.us-east-1.amazonaws.com")

    shelf, _, _ = reserving(unreachable)
    monkeypatch.setattr(inventory, "stock", lambda: shelf)
    sent = {"orderId": "o-1", "orderData": {"items": [{"productId": "PROD001", "quantity": 2}]}}
    with pytest.raises(ServiceUnavailableError, match="EndpointConnectionError"):
        inventory.handler(sent, context)


def test_pauses_are_shorter_than_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    for _ in range(50):
        stock._pause(0.2)
    assert all(0 <= seconds <= 0.2 for seconds in slept)
    assert len(set(slept)) > 1
