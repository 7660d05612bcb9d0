"""Services: each with a role that reaches its own tables only."""

import json
from dataclasses import replace

import pulumi
import pytest

from asl.orders import calls
from asl.orders.calls import ServiceCalls
from components.function import Runtime
from components.orders_storage import OrdersStorage, OrdersStorageArgs
from components.services import Services, ServicesArgs
from tests.unit.components.builders import EVERY_FUNCTION_MAY, KEY_ARN
from tests.unit.components.recording import Recording, key_uses

REACHES: dict[str, set[tuple[str, str]]] = {
    "user": set(),
    "order": {("dynamodb:GetItem", "storage-orders"), ("dynamodb:PutItem", "storage-orders")},
    "payment": {("dynamodb:PutItem", "storage-payments"), ("dynamodb:UpdateItem", "storage-payments")},
    # A transaction asks for the rights of the writes in it.
    "inventory": {
        ("dynamodb:UpdateItem", "storage-inventory"),
        ("dynamodb:UpdateItem", "storage-reservations"),
        ("dynamodb:GetItem", "storage-reservations"),
        ("dynamodb:PutItem", "storage-reservations"),
    },
    "notification": set(),
}
"""The DynamoDB actions of each service, by table."""

EXPIRER_REACHES = (REACHES["inventory"] - {("dynamodb:PutItem", "storage-reservations")}) | {
    ("dynamodb:Query", "storage-reservations/index/held")
}


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _services(
    runtime: Runtime, *, kms_key_arn: str | None = None, timeout: int = 17, calls: ServiceCalls | None = None
) -> Services:
    storage = OrdersStorage("storage", OrdersStorageArgs(prefix="holdpoint-test", kms_key_arn=None, protect=False))
    return Services(
        "services",
        ServicesArgs(
            runtime=runtime,
            timeout=timeout,
            storage=storage,
            kms_key_arn=kms_key_arn,
            payment_failure_rate="0.25",
            inventory_failure_rate="0.5",
            calls=calls or ServiceCalls(),
        ),
    )


def _reached(seen: Recording, policy: str) -> set[tuple[str, str]]:
    """Return the special permissions of a function: actions with the names of their resources."""
    return {
        (action, arn.rsplit(":", 1)[1])
        for statement in seen.statements(policy)
        if not set(statement["Action"]) <= EVERY_FUNCTION_MAY
        for action in statement["Action"]
        for arn in statement["Resource"]
    }


@pytest.mark.parametrize("service", REACHES)
@pulumi.runtime.test
def test_service_reaches_only_its_own_tables(
    service: str, recording: Recording, runtime: Runtime
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert _reached(seen, f"services-{service}-policy") == REACHES[service]

    return recording.settled(_services(runtime)).apply(check)


@pulumi.runtime.test
def test_service_times_out_before_the_workflow_retries(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        timeouts = {each.name: each.inputs["timeout"] for each in seen.all("lambda/function:Function")}
        assert timeouts.pop("services-payment") == 9
        # Nobody waits for the expirer.
        assert timeouts.pop("services-expirer") == 900
        assert set(timeouts) == {f"services-{service}" for service in REACHES} - {"services-payment"}
        assert set(timeouts.values()) == {calls.USER.timeout_seconds}

    own = ServiceCalls(payment=replace(calls.PAYMENT, timeout_seconds=9))
    return recording.settled(_services(runtime, timeout=900, calls=own)).apply(check)


@pulumi.runtime.test
def test_services_are_functions_of_the_stack(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        functions = {each.inputs["name"]: each.inputs for each in seen.all("lambda/function:Function")}
        assert set(functions) == {
            *(f"holdpoint-test-services-{service}" for service in REACHES),
            "holdpoint-test-services-expirer",
        }
        for service in REACHES:
            function = functions[f"holdpoint-test-services-{service}"]
            assert function["handler"] == f"handlers.orders.{service}.handler"
            assert function["timeout"] == 17
        variables = functions["holdpoint-test-services-payment"]["environment"]["variables"]
        assert variables["PAYMENT_FAILURE_RATE"] == "0.25"
        variables = functions["holdpoint-test-services-inventory"]["environment"]["variables"]
        assert (variables["INVENTORY_FAILURE_RATE"], variables["RESERVATION_SECONDS"]) == ("0.5", "1800")

    return recording.settled(_services(runtime)).apply(check)


@pulumi.runtime.test
def test_expirer_runs_on_a_schedule(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("cloudwatch/eventRule:EventRule")["scheduleExpression"] == "rate(5 minutes)"
        # Lambda itself sends to the dead-letter queue with the function's role.
        dead_letters = {("sqs:SendMessage", "services-expirer-dead-letters")}
        assert _reached(seen, "services-expirer-policy") == EXPIRER_REACHES | dead_letters

    return recording.settled(_services(runtime)).apply(check)


@pulumi.runtime.test
def test_catalogue_is_loaded_after_the_role_may_write(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        call = seen.one("lambda/invocation:Invocation")
        assert call["functionName"] == "holdpoint-test-services-inventory"
        assert call["triggers"] == {"table": "holdpoint-test-storage-inventory"}
        request = json.loads(call["input"])
        assert request["action"] == "stock"
        assert {each["productId"]: each["available"] for each in request["products"]} == {
            "PROD001": 50,
            "PROD002": 25,
            "PROD003": 100,
            "PROD004": 10,
            "PROD005": 0,
        }
        assert "services-inventory" in seen.dependencies["services-catalogue"]
        assert "services-inventory-policy" in seen.dependencies["services-inventory"]
        # Pulumi makes an item once: one that is in the table already fails.
        assert seen.all("dynamodb/tableItem:TableItem") == []

    return recording.settled(_services(runtime)).apply(check)


@pulumi.runtime.test
def test_only_services_with_tables_may_use_the_key(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        policies = {each.name: seen.statements(each.name) for each in seen.all("iam/rolePolicy:RolePolicy")}
        uses = {name: key_uses(statements, KEY_ARN) for name, statements in policies.items()}
        assert {name: use for name, use in uses.items() if use} == {
            "services-order-policy": {"dynamodb": {"Decrypt"}},
            "services-payment-policy": {"dynamodb": {"Decrypt"}},
            "services-inventory-policy": {"dynamodb": {"Decrypt"}},
            "services-expirer-policy": {"dynamodb": {"Decrypt"}, "sqs": {"Decrypt", "GenerateDataKey"}},
        }

    return recording.settled(_services(runtime, kms_key_arn=KEY_ARN)).apply(check)
