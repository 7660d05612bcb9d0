"""The orders finisher: runs after every execution is over; reads orders and starts the workflow."""

import pulumi
import pytest

from asl import orders
from components.function import Runtime
from components.orders_finisher import OrdersFinisher, OrdersFinisherArgs
from components.orders_storage import OrdersStorage, OrdersStorageArgs
from handlers.orders.finish import RESERVE_MILLISECONDS
from tests.unit.components.builders import EVERY_FUNCTION_MAY, KEY_ARN, MACHINE_ARN, known
from tests.unit.components.recording import ACCOUNT, REGION, Recording, actions, key_uses

TABLE_ARN = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:storage-orders"


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _finisher(
    runtime: Runtime, *, timeout: int = 60, kms_key_arn: str | None = None, approval_above: int = 0
) -> OrdersFinisher:
    return OrdersFinisher(
        "orders-finisher",
        OrdersFinisherArgs(
            runtime=runtime,
            timeout=timeout,
            state_machine_arn=known(MACHINE_ARN),
            storage=OrdersStorage("storage", OrdersStorageArgs(prefix="p", kms_key_arn=kms_key_arn, protect=False)),
            approval_above=approval_above,
            approval_timeout_seconds=77,
            kms_key_arn=kms_key_arn,
        ),
    )


@pytest.mark.parametrize(("above", "seconds"), [(0, "0"), (500, "77")])
@pulumi.runtime.test
def test_finisher_knows_how_long_large_orders_wait(
    recording: Recording, runtime: Runtime, above: int, seconds: str
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        variables = seen.one("lambda/function:Function", "orders-finisher")["environment"]["variables"]
        assert (variables["APPROVAL_ABOVE"], variables["APPROVAL_SECONDS"]) == (str(above), seconds)

    return recording.settled(_finisher(runtime, approval_above=above)).apply(check)


@pulumi.runtime.test
def test_finisher_handles_only_orders_older_than_any_execution(
    recording: Recording, runtime: Runtime
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("cloudwatch/eventRule:EventRule")["scheduleExpression"] == "rate(15 minutes)"
        function = seen.one("lambda/function:Function")
        assert function["handler"] == "handlers.orders.finish.handler"
        variables = function["environment"]["variables"]
        assert (variables["ORDERS_TABLE"], variables["OPEN_INDEX"]) == ("p-storage-orders", "open")
        assert variables["STATE_MACHINE_ARN"] == MACHINE_ARN
        assert float(variables["LEFT_AFTER_SECONDS"]) > orders.TIMEOUT_SECONDS

    return recording.settled(_finisher(runtime)).apply(check)


@pytest.mark.parametrize(("timeout", "expected"), [(1, 30), (60, 60)])
@pulumi.runtime.test
def test_timeout_is_longer_than_the_reserve(
    recording: Recording, runtime: Runtime, timeout: int, expected: int
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("lambda/function:Function")["timeout"] == expected
        assert expected * 1000 > RESERVE_MILLISECONDS

    return recording.settled(_finisher(runtime, timeout=timeout)).apply(check)


@pulumi.runtime.test
def test_permissions_match_the_code_of_the_function(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        allowed = actions(seen.statements("orders-finisher-policy"))
        own = {action: arns for action, arns in allowed.items() if action not in EVERY_FUNCTION_MAY}
        assert own == {
            "dynamodb:Query": [f"{TABLE_ARN}/index/open"],
            "dynamodb:GetItem": [TABLE_ARN],
            "states:StartExecution": [MACHINE_ARN],
            "sqs:SendMessage": ["arn:aws:sqs:us-east-1:123456789012:orders-finisher-dead-letters"],
        }
        assert key_uses(seen.statements("orders-finisher-policy"), KEY_ARN) == {
            "dynamodb": {"Decrypt"},
            "states": {"Decrypt", "GenerateDataKey"},
            "sqs": {"Decrypt", "GenerateDataKey"},
        }

    return recording.settled(_finisher(runtime, kms_key_arn=KEY_ARN)).apply(check)
