"""The orders workflow, and the rule that starts it."""

import json
from typing import Any

import pulumi
import pytest

from asl import hold, orders
from asl.call_policy import CallPolicy
from asl.orders.targets import Targets
from components.event_driven_function import MAX_ATTEMPTS, MAX_EVENT_AGE_SECONDS
from components.function import Runtime
from components.orders import Orders, OrdersArgs
from components.orders_events import OrdersEvents, OrdersEventsArgs
from components.orders_storage import OrdersStorage, OrdersStorageArgs
from components.services import Services, ServicesArgs
from tests.unit.components.builders import MACHINE_ARN, known
from tests.unit.components.recording import ACCOUNT, REGION, Recording


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _events(bus_name: str) -> OrdersEvents:
    return OrdersEvents(
        "orders-events",
        OrdersEventsArgs(prefix="holdpoint-test", bus_name=bus_name, state_machine_arn=known(MACHINE_ARN)),
    )


CALLS = orders.ServiceCalls(user=CallPolicy(timeout_seconds=7, max_attempts=1, retry_interval_seconds=1))
HOLDS = hold.Table(name="holds", arn=f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:holds")


def _orders(runtime: Runtime, **approval: Any) -> Orders:
    storage = OrdersStorage("storage", OrdersStorageArgs(prefix="holdpoint-test", kms_key_arn=None, protect=False))
    services = Services(
        "services",
        ServicesArgs(
            runtime=runtime,
            timeout=17,
            storage=storage,
            kms_key_arn=None,
            payment_failure_rate="0",
            inventory_failure_rate="0",
            calls=CALLS,
        ),
    )
    return Orders(
        "orders",
        OrdersArgs(
            runtime=runtime,
            timeout=17,
            services=services,
            storage=storage,
            log_retention_days=14,
            log_execution_data=False,
            kms_key_arn=None,
            **approval,
        ),
    )


@pytest.mark.parametrize("above", [0, 500])
@pulumi.runtime.test
def test_state_machine_calls_the_services_of_the_stack(
    recording: Recording, runtime: Runtime, above: int
) -> pulumi.Output[None]:
    workflow = _orders(runtime, hold_table=HOLDS, approval_above=above, approval_timeout_seconds=77)
    approval = orders.Approval(table=HOLDS, above=above, timeout_seconds=77) if above else None

    def check(seen: Recording) -> None:
        def function(name: str) -> str:
            return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:holdpoint-test-services-{name}:1"

        targets = Targets(
            functions={service: function(service) for service in orders.ServiceCalls().by_name},
            orders_table_name="holdpoint-test-storage-orders",
            orders_table_arn=f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:storage-orders",
            calls=CALLS,
        )
        machine = seen.one("sfn/stateMachine:StateMachine", "orders")
        assert json.loads(machine["definition"]) == orders.definition(targets, approval)
        policy = json.loads(seen.one("iam/rolePolicy:RolePolicy", "orders-policy")["policy"])
        for statement in orders.permissions(targets, approval):
            assert statement in policy["Statement"]
        assert (HOLDS.arn in json.dumps(policy)) == bool(above)

    return recording.settled(workflow).apply(check)


def test_approval_of_orders_needs_a_hold(recording: Recording, runtime: Runtime) -> None:  # noqa: ARG001 - its mocks
    with pytest.raises(ValueError, match="approval_above needs hold_table"):
        _orders(runtime, approval_above=500)


@pulumi.runtime.test
def test_rule_matches_both_kinds_of_events(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        rule = seen.one("cloudwatch/eventRule:EventRule")
        assert json.loads(rule["eventPattern"]) == {
            "source": ["microservices.orders"],
            "detail-type": ["Order Submitted", "Order Created"],
        }
        target = seen.one("cloudwatch/eventTarget:EventTarget")
        assert target["arn"] == MACHINE_ARN
        assert target["inputTransformer"]["inputPaths"] == {"id": "$.id", "detail": "$.detail"}
        policy = json.loads(seen.one("iam/rolePolicy:RolePolicy")["policy"])
        assert [statement["Action"] for statement in policy["Statement"]] == [["states:StartExecution"]]
        assert policy["Statement"][0]["Resource"] == [MACHINE_ARN]

    return recording.settled(_events("default")).apply(check)


@pulumi.runtime.test
def test_target_has_its_own_role_and_retries_for_hours(
    recording: Recording,
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        (trusted,) = json.loads(seen.one("iam/role:Role")["assumeRolePolicy"])["Statement"]
        assert trusted["Principal"] == {"Service": "events.amazonaws.com"}
        target = seen.one("cloudwatch/eventTarget:EventTarget")
        assert target["roleArn"].endswith(":orders-events-role")
        assert target["retryPolicy"] == {
            "maximumEventAgeInSeconds": MAX_EVENT_AGE_SECONDS,
            "maximumRetryAttempts": MAX_ATTEMPTS,
        }

    return recording.settled(_events("default")).apply(check)


@pulumi.runtime.test
def test_undelivered_events_go_to_a_queue(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        queue = seen.one("sqs/queue:Queue")
        assert queue["sqsManagedSseEnabled"] is True
        target = seen.one("cloudwatch/eventTarget:EventTarget")
        assert target["deadLetterConfig"]["arn"].endswith("dead-letters")
        _, statement = json.loads(seen.one("sqs/queuePolicy:QueuePolicy")["policy"])["Statement"]
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert "orders-events-rule" in statement["Condition"]["ArnEquals"]["aws:SourceArn"]
        archive = seen.one("cloudwatch/eventArchive:EventArchive")
        assert archive["retentionDays"] == 30
        rule = seen.one("cloudwatch/eventRule:EventRule")
        assert archive["eventPattern"] == rule["eventPattern"]

    return recording.settled(_events("default")).apply(check)


@pulumi.runtime.test
def test_existing_bus_is_used(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.all("cloudwatch/eventBus:EventBus") == []
        assert seen.one("cloudwatch/eventRule:EventRule")["eventBusName"] == "default"
        archive = seen.one("cloudwatch/eventArchive:EventArchive")
        assert archive["eventSourceArn"] == f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"

    return recording.settled(_events("default")).apply(check)


@pulumi.runtime.test
def test_stack_creates_a_bus_if_none_is_given(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("cloudwatch/eventBus:EventBus")["name"] == "holdpoint-test-orders-events"
        assert seen.one("cloudwatch/eventRule:EventRule")["eventBusName"] == "holdpoint-test-orders-events"
        assert seen.one("cloudwatch/eventTarget:EventTarget")["eventBusName"] == "holdpoint-test-orders-events"

    return recording.settled(_events("")).apply(check)
