"""The payment service: at most one charge, at most one refund, and no charge after a refund."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.orders.errors import (
    InvalidOrderError,
    OrderClosedError,
    OrderConflictError,
    PaymentDeclinedError,
    ServiceUnavailableError,
)
from handlers.orders.faults import fail_if_down
from handlers.orders.money import fee
from handlers.orders.payment import ChargeRequest, charge, handler, refund
from handlers.orders.payments_table import Payment
from tests.unit.handlers.conftest import Context
from tests.unit.handlers.orders.conftest import PAYMENTS, stored


def charging(total: Any = 64.78, *, score: Any = 700, order_id: str = "o-1", **more: Any) -> dict[str, Any]:
    return {"orderId": order_id, "orderData": {"total": total}, "userData": {"creditScore": score}, **more}


@pytest.mark.usefixtures("shop")
def test_repeated_charge_is_idempotent(context: Context) -> None:
    first = handler(charging(), context)
    assert first == {
        "paymentId": first["paymentId"],
        "orderId": "o-1",
        "status": "CHARGED",
        "amount": 64.78,
        "fee": 2.18,
    }
    assert handler(charging(action="charge"), context) == first
    assert stored(PAYMENTS, "o-1")["amount"] == Decimal("64.78")


@pytest.mark.usefixtures("shop")
def test_refund_is_idempotent_and_closes_the_order(context: Context) -> None:
    charged = handler(charging(), context)
    given_back = {"paymentId": charged["paymentId"], "orderId": "o-1", "status": "REFUNDED", "amount": 64.78}
    assert [handler({"action": "refund", "orderId": "o-1"}, context) for _ in range(2)] == [given_back] * 2
    with pytest.raises(OrderClosedError, match="o-1"):
        handler(charging(), context)
    assert stored(PAYMENTS, "o-1")["state"] == "REFUNDED"


@pytest.mark.usefixtures("shop")
def test_refund_before_the_charge_prevents_it(context: Context) -> None:
    nothing = {"paymentId": None, "orderId": "o-1", "status": "NOT_CHARGED", "amount": 0.0}
    assert [handler({"action": "refund", "orderId": "o-1"}, context) for _ in range(2)] == [nothing] * 2
    with pytest.raises(OrderClosedError, match="o-1"):
        handler(charging(), context)
    assert stored(PAYMENTS, "o-1")["state"] == "VOID"


@pytest.mark.usefixtures("shop")
def test_charge_with_another_amount_is_a_conflict(context: Context) -> None:
    handler(charging(), context)
    with pytest.raises(OrderConflictError, match=r"64\.78.*64\.79"):
        handler(charging(64.79), context)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("total", "score", "accepted"),
    [
        (1000, 600, True),
        (1000.01, 649, False),
        (1000.01, 650, True),
        (5000, 650, True),
        (5000.01, 749, False),
        (5000.01, 750, True),
    ],
)
def test_large_amount_needs_a_high_credit_score(total: float, score: int, accepted: bool, context: Context) -> None:
    if accepted:
        assert handler(charging(total, score=score), context)["amount"] == total
    else:
        with pytest.raises(PaymentDeclinedError, match="declined"):
            handler(charging(total, score=score), context)
        assert handler({"action": "refund", "orderId": "o-1"}, context)["status"] == "NOT_CHARGED"


@pytest.mark.usefixtures("shop")
def test_missing_score_counts_as_the_lowest(context: Context) -> None:
    assert handler({"orderId": "o-1", "orderData": {"total": 1000}}, context)["status"] == "CHARGED"
    with pytest.raises(PaymentDeclinedError):
        handler({"orderId": "o-2", "orderData": {"total": 1000.01}}, context)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "orderId"),
        (charging(action="steal"), "action"),
        ({"orderId": "o-1"}, "orderData"),
        ({"orderId": "o-1", "orderData": None}, "orderData"),
        *((charging(total), "orderData.total") for total in (0, -1, "64.78", None, True, float("nan"), 1e12)),
        (charging(score="high"), "userData.creditScore"),
    ],
)
def test_invalid_payment_is_refused(sent: dict[str, Any], field: str, context: Context) -> None:
    with pytest.raises(InvalidOrderError, match=f"{field}: "):
        handler(sent, context)


@pytest.mark.usefixtures("shop")
def test_service_fails_on_demand_for_an_order_or_a_customer(context: Context) -> None:
    customer = {"userId": "payment-down-1", "creditScore": 700}
    for sent in (charging(order_id="my-payment-down-1"), {**charging(), "userData": customer}):
        for _ in range(2):
            with pytest.raises(ServiceUnavailableError, match="payment"):
                handler(sent, context)
        assert handler({"action": "refund", "orderId": sent["orderId"]}, context)["status"] == "NOT_CHARGED"
    with pytest.raises(ServiceUnavailableError, match="refund"):
        handler({"action": "refund", "orderId": "refund-down-1"}, context)


@pytest.mark.usefixtures("shop")
def test_failure_rate_applies_to_the_same_orders_always(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(rate: str) -> set[str]:
        monkeypatch.setenv("PAYMENT_FAILURE_RATE", rate)
        failed = set()
        for number in range(100):
            try:
                handler(charging(order_id=f"o-{number}"), context)
            except ServiceUnavailableError:
                failed.add(f"o-{number}")
        return failed

    some = failing("0.3")
    assert some == failing("0.3")
    assert 15 < len(some) < 45
    assert some < failing("0.6")
    assert len(failing("1")) == 100
    assert failing("0") == set()


class Ledger:
    """The table's conditions in memory; `crash` selects the write before or after which the caller ends."""

    def __init__(self) -> None:
        self.records: dict[str, Payment] = {}
        self.taken = self.returned = Decimal(0)
        self.interrupt: Callable[[], None] = lambda: None

    def put(self, payment: Payment, at: str) -> Payment:  # noqa: ARG002 - the table's signature
        self.interrupt()
        if payment.order_id not in self.records:
            self.records[payment.order_id] = payment
            self.taken += payment.amount
        answer = self.records[payment.order_id]
        self.interrupt()
        return answer

    def mark_refunded(self, order_id: str, at: str) -> Payment | None:  # noqa: ARG002 - the table's signature
        self.interrupt()
        known = self.records.get(order_id)
        if known and known.state == "CHARGED":
            known = Payment(**{**vars(known), "state": "REFUNDED"})
            self.records[order_id] = known
            self.returned += known.amount
        self.interrupt()
        return known


class CrashError(BaseException):
    """The function ends here."""


@given(st.data())
def test_money_is_conserved(data: st.DataObject) -> None:
    """Run charges and refunds of a few orders in any order, overlapping, with crashes at any step."""
    ledger = Ledger()
    amounts = {"a": 10.01, "b": 20.02}
    over: set[str] = set()

    def act(depth: int = 0) -> None:
        order_id = data.draw(st.sampled_from(sorted(amounts)))
        is_refund = data.draw(st.booleans())
        was_over = order_id in over

        def interrupt() -> None:
            choice = data.draw(st.sampled_from(["go", "go", "die", "meanwhile"]))
            if choice == "die":
                raise CrashError
            if choice == "meanwhile" and depth < 2:
                act(depth + 1)

        before, ledger.interrupt = ledger.interrupt, interrupt
        try:
            if is_refund:
                answer = refund(ledger, order_id, at="now")
                over.add(order_id)
                assert answer["status"] in ("REFUNDED", "NOT_CHARGED")
            else:
                asked = ChargeRequest.model_validate(charging(amounts[order_id], order_id=order_id))
                answer = charge(ledger, asked, payment_id=f"pay-{order_id}", at="now")
                assert not was_over
                assert answer["amount"] == amounts[order_id]
        except (CrashError, OrderClosedError):
            pass
        finally:
            ledger.interrupt = before

    for _ in range(data.draw(st.integers(1, 8))):
        act()
        held = sum((each.amount for each in ledger.records.values() if each.state == "CHARGED"), Decimal(0))
        assert ledger.taken - ledger.returned == held
        assert all(ledger.records[order_id].state in ("REFUNDED", "VOID") for order_id in over)
    ledger.interrupt = lambda: None
    for order_id in amounts:
        refund(ledger, order_id, at="now")
    assert ledger.taken == ledger.returned
    for payment in ledger.records.values():
        assert payment.fee in (0, fee(payment.amount))


def test_without_failures_on_demand_no_order_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_FAILURES", "false")
    fail_if_down("payment", "payment-down", "payment-down", rate=1)
