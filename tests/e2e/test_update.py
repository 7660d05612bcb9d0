"""Executions that run while their stack is updated: each ends with the version and the code that it began with."""

import json
from pathlib import Path

from tests.e2e.before import stack_of_before
from tests.e2e.before.orders import OrdersDeployments, orders_of
from tests.e2e.client import Client, document, done, story
from tests.e2e.operator import Operator
from tests.e2e.shop import Shop, new_product, order_detail

RELEASES, RELEASES_AT_LENGTH = 3, 50


def test_releases_of_the_version_before_resume_after_the_update(unthrottled: Client, at_length: bool) -> None:
    keys = [story() for _ in range(RELEASES_AT_LENGTH if at_length else RELEASES)]
    resumed = story()
    with stack_of_before(unthrottled) as before:
        runs = {
            key: unthrottled.start_with({"inputFile": unthrottled.put(document(key))}, by="state_machine_arn")
            for key in (*keys, resumed)
        }
        for key, run in runs.items():
            run.waiting(key)
        assert unthrottled.call_back(done(resumed)).status == "resumed"
        assert runs[resumed].ended()["status"] == "SUCCEEDED"

        before.update()
        before.delete_role()
        # What docs/deploy.md says of an update that replaces a role.
        before.create_role()

        assert [unthrottled.call_back(done(key)).status for key in keys] == ["resumed"] * len(keys)
        assert unthrottled.call_back(done(resumed)).status == "already-resumed"
        for key in keys:
            assert runs[key].ended()["status"] == "SUCCEEDED"
            assert runs[key].result()["jiraStoryId"] == key
        used = unthrottled.stepfunctions.describe_state_machine_for_execution(executionArn=runs[keys[0]].arn)
        assert json.loads(used["definition"]) == before.definition
    _runs_by_the_alias(unthrottled)


def _runs_by_the_alias(client: Client) -> None:
    key = story()
    run = client.start(document(key))
    run.waiting(key)
    assert client.call_back(done(key)).status == "resumed"
    ended = run.ended()
    assert ended["status"] == "SUCCEEDED"
    assert ended["stateMachineAliasArn"] == client.outputs["state_machine_alias_arn"]
    assert ended["stateMachineVersionArn"].startswith(f"{client.outputs['state_machine_arn']}:")


NOTIFY = "def handler(event, context):\n    return {{'code': '{code}', 'arn': context.invoked_function_arn}}\n"
FIND_USER_AFTER = """
import pathlib, time
def handler(event, context):
    while not pathlib.Path({gate!r}).exists():
        time.sleep(0.01)
    return {{"userId": event["userId"], "email": "a@example.com", "status": "ACTIVE", "creditScore": 700}}
"""


def test_order_ends_with_the_code_that_it_began_with(unthrottled: Client, tmp_path: Path) -> None:
    shop, operator, gate = Shop(unthrottled), Operator.of(unthrottled, tmp_path), tmp_path / "gate"
    order = order_detail("test123", new_product(shop, 9))

    with orders_of(unthrottled) as deployments:
        _calls_without_versions(shop, order, deployments)
        deployments.deploy({"user": FIND_USER_AFTER.format(gate=str(gate)), "notification": NOTIFY.format(code="old")})
        in_flight = shop.start(order)
        deployments.deploy({"user": FIND_USER_AFTER.format(gate="/"), "notification": NOTIFY.format(code="new")})
        newer = shop.output(shop.start(order))["notification"]
        assert newer["code"] == "new"
        assert newer["arn"] in deployments.called()
        gate.touch()
        assert shop.output(in_flight)["notification"]["code"] == "old"

        operator.ok("rollback", "orders", "--yes")
        assert shop.output(shop.start(order))["notification"]["code"] == "old"
    assert shop.output(shop.start(order))["notification"]["status"] == "SENT"


def _calls_without_versions(shop: Shop, order: dict[str, object], deployments: OrdersDeployments) -> None:
    """Run an order as a stack of 1.0.0 does, with the permissions of the present one."""
    versions = deployments.called()
    assert len(versions) == 5
    deployments.unqualify()
    assert deployments.called() == {arn.rpartition(":")[0] for arn in versions}
    assert shop.output(shop.start(order))["status"] == "CONFIRMED"
