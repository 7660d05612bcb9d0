"""The five services of an order, each a function with its own role, and the scheduled function for reservations."""

import json
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from asl.orders.calls import ServiceCalls
from asl.states import Statement
from components import defaults
from components.catalogue import stock_request
from components.event_driven_function import event_driven_function
from components.function import Function, FunctionArgs, Runtime
from components.orders_storage import OrdersStorage
from components.policies import allow, read_with_key
from facts import EXPIRE_MINUTES

RESERVATION_SECONDS = 30 * 60
"""Time for which stock is reserved for an order that is not confirmed."""

EXPIRER_SCHEDULE = f"rate({EXPIRE_MINUTES} minutes)"


@dataclass(frozen=True, kw_only=True)
class ServicesArgs:
    """`timeout` is in seconds; `calls` has the timeouts of the workflow's calls, which may shorten it.

    With `demo_failures`, ids and the failure rates (0 to 1) make services fail.
    """

    runtime: Runtime
    timeout: int = defaults.LAMBDA_TIMEOUT
    storage: OrdersStorage
    kms_key_arn: pulumi.Input[str] | None = None
    demo_failures: bool = False
    payment_failure_rate: pulumi.Input[str] = "0"
    inventory_failure_rate: pulumi.Input[str] = "0"
    calls: ServiceCalls = field(default_factory=ServiceCalls)


class Services(pulumi.ComponentResource):
    """User, order, payment, inventory and notification.

    Example:
        Services("services", ServicesArgs(runtime=runtime, storage=orders_storage))
    """

    user: Function
    order: Function
    payment: Function
    inventory: Function
    notification: Function
    expirer: Function
    calls: ServiceCalls

    def __init__(self, name: str, args: ServicesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Services", name, None, opts)
        self._args = args
        self._name = name
        self.calls = args.calls
        tables = args.storage
        demo = {"DEMO_FAILURES": json.dumps(args.demo_failures)}
        self.user = self._service("user", {**demo}, [])
        self.order = self._service(
            "order",
            {"ORDERS_TABLE": tables.orders.name},
            [allow(["dynamodb:GetItem", "dynamodb:PutItem"], [tables.orders.arn])],
        )
        self.payment = self._service(
            "payment",
            {**demo, "PAYMENTS_TABLE": tables.payments.name, "PAYMENT_FAILURE_RATE": args.payment_failure_rate},
            [allow(["dynamodb:PutItem", "dynamodb:UpdateItem"], [tables.payments.arn])],
        )
        stock = {"INVENTORY_TABLE": tables.inventory.name, "RESERVATIONS_TABLE": tables.reservations.name}
        # A transaction needs the permissions of the writes in it.
        move_stock = [
            allow(["dynamodb:UpdateItem"], [tables.inventory.arn, tables.reservations.arn]),
            allow(["dynamodb:GetItem"], [tables.reservations.arn]),
        ]
        self.inventory = self._service(
            "inventory",
            {
                **demo,
                **stock,
                "INVENTORY_FAILURE_RATE": args.inventory_failure_rate,
                "RESERVATION_SECONDS": str(RESERVATION_SECONDS),
            },
            [*move_stock, allow(["dynamodb:PutItem"], [tables.reservations.arn])],
        )
        # A call instead of a Pulumi item for each product: such items fail if the row exists, as after an interrupted
        # `up`, and would reset the stock to the catalogue's. The service keeps the stock of every product that it has.
        aws.lambda_.Invocation(
            f"{name}-catalogue",
            function_name=self.inventory.name,
            input=stock_request(),
            # A replaced table is empty.
            triggers={"table": tables.inventory.name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.notification = self._service("notification", {**demo}, [])
        self.expirer = self._expirer({**stock, "HELD_INDEX": tables.held_index}, move_stock)
        self.register_outputs({})

    @property
    def answering(self) -> tuple[Function, ...]:
        """Return the five services. An order that one refuses counts as an error of its function."""
        return tuple(self.by_name.values())

    @property
    def by_name(self) -> dict[str, Function]:
        """Return the five services in the order in which the workflow calls them."""
        return {service: getattr(self, service) for service in self.calls.by_name}

    @property
    def functions(self) -> tuple[Function, ...]:
        """Return the five services and the expirer."""
        return (*self.answering, self.expirer)

    def _service(
        self,
        service: str,
        environment: dict[str, pulumi.Input[str]],
        statements: list[Statement],
    ) -> Function:
        patience = self.calls.by_name[service].timeout_seconds
        return Function(
            f"{self._name}-{service}",
            FunctionArgs(
                runtime=self._args.runtime,
                kms_key_arn=self._args.kms_key_arn,
                handler=f"handlers.orders.{service}.handler",
                # The workflow retries after its timeout: the function must have ended by then.
                timeout=min(self._args.timeout, patience),
                timeout_range=(1, patience),
                environment=environment,
                statements=[*statements, *(read_with_key(self._args.kms_key_arn, "dynamodb") if statements else [])],
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _expirer(self, environment: dict[str, pulumi.Input[str]], statements: list[Statement]) -> Function:
        return event_driven_function(
            f"{self._name}-expirer",
            FunctionArgs(
                runtime=self._args.runtime,
                kms_key_arn=self._args.kms_key_arn,
                handler="handlers.orders.expire.handler",
                timeout=self._args.timeout,
                environment=environment,
                statements=[
                    allow(["dynamodb:Query"], [self._args.storage.held_index_arn]),
                    *statements,
                    *read_with_key(self._args.kms_key_arn, "dynamodb"),
                ],
            ),
            self,
            description="The clock of the reservations",
            schedule=EXPIRER_SCHEDULE,
        )
