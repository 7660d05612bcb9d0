"""Every service down in every way, and the workflow killed at every step: one consistent order in the end."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.before.orders import OrdersDeployments, orders_of
from tests.e2e.client import Client, eventually
from tests.e2e.control import Control
from tests.e2e.shop import Shop, new_order_id, new_product, order_detail, timeline

SERVICES = {
    "user": "Get user",
    "order": "Create order",
    "payment": "Take payment",
    "inventory": "Reserve stock",
    "notification": "Notify customer",
}
"""Each service, and the state in which the workflow first needs it."""

SOME = ("payment", "notification")
"""The one whose work has to be undone, and the one without which an order is confirmed all the same."""

BROKEN = {"crashes": "os._exit(1)", "hangs": "time.sleep(600)"}

HANDLER = """
import os, pathlib, time
def handler(event, context):
    if pathlib.Path({gate!r}).exists():
        {broken}
    return working(event, context)
"""
"""A running execution keeps its versions of functions, so the broken one works again where a file is gone."""

TIMEOUT_SECONDS = 2


@contextmanager
def _throttled(shop: Shop, service: str) -> Iterator[None]:
    functions = shop.client.aws("lambda")
    name = shop.client.outputs[f"{service}_service_lambda_arn"]
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    try:
        yield
    finally:
        functions.delete_function_concurrency(FunctionName=name)


@contextmanager
def _broken(deployments: OrdersDeployments, service: str, kind: str, gate: Path) -> Iterator[None]:
    """Deploy a version of a service that is broken, and works at the end."""
    deployments.wrap(service, HANDLER.format(gate=str(gate), broken=BROKEN[kind]), timeout=TIMEOUT_SECONDS)
    gate.touch()
    yield
    gate.unlink()


def _has_ended(shop: Shop, arn: str) -> dict[str, Any] | None:
    described: dict[str, Any] = shop.client.stepfunctions.describe_execution(executionArn=arn)
    return None if described["status"] == "RUNNING" else described


def _is_closed(shop: Shop, order_id: str) -> bool | None:
    order = shop.order(order_id)
    return (order is not None and order["status"]["S"] in {"CANCELLING", "FAILED"}) or None


def _has_entered(shop: Shop, arn: str, state: str) -> bool | None:
    return state in shop.states(arn) or None


def _kinds() -> Iterator[Any]:
    """Return every service throttled; some that crash and hang, and in `make soak` the rest."""
    yield pytest.param("is throttled", tuple(SERVICES), id="is throttled")
    rest = tuple(service for service in SERVICES if service not in SOME)
    for kind in BROKEN:
        yield pytest.param(kind, SOME, id=kind)
        yield pytest.param(kind, rest, id=f"{kind}, the rest", marks=pytest.mark.soak)


@pytest.mark.parametrize(("kind", "services"), [*_kinds()])
def test_failed_service_leaves_no_partial_order(
    breakable: Client, tmp_path: Path, kind: str, services: tuple[str, ...]
) -> None:
    shop = Shop(breakable)
    if kind == "is throttled":
        for service in services:
            _order_without(shop, service, _throttled(shop, service))
        return
    with orders_of(breakable) as deployments:
        for service in services:
            _order_without(shop, service, _broken(deployments, service, kind, tmp_path / service))


def _order_without(shop: Shop, service: str, failure: AbstractContextManager[None]) -> None:
    control, product, order_id = Control(shop.client), new_product(shop, 5), new_order_id()
    with failure:
        arn = shop.start(order_detail("test123", product, orderId=order_id))
        # The clock runs at its normal speed until here: faster, the calls before would time out on a slow machine.
        eventually(partial(_has_entered, shop, arn, SERVICES[service]), f"{service} of {order_id}")
        if service == "notification":
            control.hurried(partial(_has_ended, shop, arn), f"the end of {order_id}")
        else:
            # A refund and a release call the broken service too. They are retried until it works again.
            control.hurried(partial(_is_closed, shop, order_id), f"closing {order_id}")
    if service == "notification":
        output = shop.output(arn)
        assert (output["status"], output["notification"]["status"]) == ("CONFIRMED", "FAILED")
        assert shop.available(product) == 4
        return
    ended = control.hurried(partial(_has_ended, shop, arn), f"the end of {order_id}")
    assert (ended["status"], ended["error"]) == ("FAILED", "OrderFailed"), service
    order = shop.finished(order_id)
    assert order["status"]["S"] == "FAILED"
    assert timeline(order)[-2:] == ["CANCELLING", "FAILED"]
    assert shop.available(product) == 5, service
    assert shop.payment(order_id) in {None, "REFUNDED", "VOID"}, service


def test_killed_workflow_is_finished_by_its_next_event(breakable: Client) -> None:
    shop = Shop(breakable)
    for service, state in SERVICES.items():
        product, order_id = new_product(shop, 5), new_order_id()
        detail = order_detail("test123", product, orderId=order_id)
        with _throttled(shop, service):
            arn = shop.start(detail)
            eventually(partial(_has_entered, shop, arn, state), f"{state} of {order_id}")
            breakable.stepfunctions.stop_execution(executionArn=arn)
        assert shop.ended(arn)["status"] == "ABORTED"
        output = shop.output(shop.start(detail))
        assert output["status"] == "CONFIRMED", service
        assert shop.available(product) == 4, service
        assert shop.payment(order_id) == "CHARGED", service
        assert timeline(shop.finished(order_id)) == ["PENDING", "CONFIRMED"], service
