"""Orders at the command line, by event and directly."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.operator import Done, Operator
from tests.e2e.shop import Shop, new_order_id, new_product, order_detail


@pytest.fixture
def shop(operator: Operator) -> Shop:
    """Return the stack's shelf."""
    return Shop(operator.client)


def _write(folder: Path, detail: Any) -> str:
    file = folder / "order.json"
    file.write_text(json.dumps(detail))
    return str(file)


def _output(done: Done) -> dict[str, Any]:
    assert done.lines[-1]["event"] == "ended"
    output: dict[str, Any] = done.lines[-1]["output"]
    return output


def test_an_order_by_event_is_followed_to_its_end(operator: Operator, shop: Shop, tmp_path: Path) -> None:
    product = new_product(shop, 5)
    done = operator.ok("order", _write(tmp_path, order_detail("ann", product)), "--json")
    submitted, started = done.lines[:2]
    assert submitted["orderId"] == f"ord-{submitted['eventId']}"
    assert started["workflow"] == "orders"
    assert _output(done)["status"] == "CONFIRMED"
    assert shop.available(product) == 4

    results = operator.ok("results", submitted["orderId"], "--json").json
    assert results["output"]["orderId"] == submitted["orderId"]
    assert [step["state"] for step in results["order"]["timeline"]] == ["PENDING", "CONFIRMED"]
    shown = operator.ok("results", started["arn"]).out
    assert "timeline of the order" in shown
    assert "  CONFIRMED" in shown
    no_file = operator.run("results", started["name"], "--file", "log")
    assert no_file.code == 2
    assert "An order leaves no files" in no_file.err
    assert operator.ok("cost", started["name"], "--per-month", "10", "--json").json["month"]["runs"] == 10


def test_an_order_can_be_started_directly_and_named(operator: Operator, shop: Shop, tmp_path: Path) -> None:
    order_id = new_order_id()
    detail = order_detail("ann", new_product(shop, 5), orderId=order_id)
    done = operator.ok("order", _write(tmp_path, detail), "--direct")
    assert f"Order {order_id}" in done.out
    assert '"status": "CONFIRMED"' in done.out
    assert operator.ok("results", order_id, "--json").json["output"]["orderId"] == order_id


def test_rejected_order_exits_with_0(operator: Operator, shop: Shop, tmp_path: Path) -> None:
    done = operator.ok("order", _write(tmp_path, order_detail("ann", new_product(shop, 0))), "--json")
    assert _output(done)["status"] == "REJECTED"


def test_order_with_a_failed_service_exits_with_1(operator: Operator, shop: Shop, tmp_path: Path) -> None:
    detail = order_detail("payment-down", new_product(shop, 1))
    failed = operator.run("order", _write(tmp_path, detail), "--direct", "--json")
    assert failed.code == 1
    assert "OrderFailed" in failed.error["message"]
    results = operator.ok("results", failed.lines[0]["orderId"], "--json").json
    assert (results["output"], results["error"]["error"]) == (None, "OrderFailed")
    assert results["order"]["status"] == "FAILED"


def test_order_can_be_submitted_without_following(operator: Operator, shop: Shop, tmp_path: Path) -> None:
    submitted = operator.ok(
        "order", _write(tmp_path, order_detail("ann", new_product(shop, 1))), "--detach", "--json"
    ).json
    assert shop.finished(submitted["orderId"])["status"]["S"] == "CONFIRMED"


def test_invalid_order_is_not_sent(operator: Operator, tmp_path: Path) -> None:
    wrong = _write(tmp_path, order_detail("ann", "PROD001", quantity=0))
    refused = operator.run("order", wrong)
    assert refused.code == 2
    assert "orderData.items.0.quantity:" in refused.err
    sent = operator.ok("order", wrong, "--no-check", "--direct", "--json")
    assert _output(sent)["status"] == "REJECTED"


def test_an_order_comes_from_standard_input(operator: Operator, shop: Shop) -> None:
    detail = json.dumps(order_detail("ann", new_product(shop, 1)))
    assert _output(operator.ok("order", "-", "--direct", "--json", given=detail))["status"] == "CONFIRMED"
