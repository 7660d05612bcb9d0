"""The parts of a stack that process orders, which the setting `orders` switches as a whole."""

from dataclasses import dataclass
from typing import Any, Self

import pulumi

from asl.hold import Table
from components.function import Runtime
from components.order_service_settings import service_calls
from components.orders import Orders, OrdersArgs
from components.orders_events import OrdersEvents, OrdersEventsArgs
from components.orders_storage import OrdersStorage, OrdersStorageArgs
from components.rollout import Rollout
from components.services import Services, ServicesArgs
from components.settings import Settings
from components.workflow import RecordedStateMachine, Workflow


@dataclass(frozen=True, kw_only=True)
class OrdersParts:
    """Tables, services, state machine and events. They are not a component, so that their URNs need no parent."""

    storage: OrdersStorage
    services: Services
    machine: Orders
    events: OrdersEvents

    @classmethod
    def make(cls, settings: Settings, runtime: Runtime, rollout: Rollout, hold_table: pulumi.Input[Table]) -> Self:
        """Create all parts. Large orders wait for approval at the hold of that table."""
        kms_key_arn = settings.kms_key_arn or None
        storage = OrdersStorage(
            "orders-storage",
            OrdersStorageArgs(
                prefix=settings.prefix,
                kms_key_arn=kms_key_arn,
                protect=settings.protect_data,
                recovery_days=settings.point_in_time_recovery_days,
                capacity=settings.capacity,
            ),
        )
        services = Services(
            "services",
            ServicesArgs(
                runtime=runtime,
                timeout=settings.lambda_timeout,
                storage=storage,
                kms_key_arn=kms_key_arn,
                demo_failures=settings.demo_failures,
                payment_failure_rate=settings.payment_failure_rate,
                inventory_failure_rate=settings.inventory_failure_rate,
                calls=service_calls(settings.order_services),
            ),
        )
        machine = Orders(
            "orders",
            OrdersArgs(
                runtime=runtime,
                timeout=settings.lambda_timeout,
                services=services,
                storage=storage,
                hold_table=hold_table,
                approval_above=settings.orders_approval_above,
                approval_timeout_seconds=settings.callback_timeout_seconds,
                approval_policy=settings.policies["orders"],
                log_retention_days=settings.log_retention_days,
                log_execution_data=settings.log_execution_data,
                kms_key_arn=kms_key_arn,
                rollout=rollout,
            ),
        )
        events = OrdersEvents(
            "orders-events",
            OrdersEventsArgs(
                prefix=settings.prefix,
                bus_name=settings.orders_event_bus_name,
                state_machine_arn=machine.workflow.alias_arn,
                kms_key_arn=kms_key_arn,
            ),
        )
        return cls(storage=storage, services=services, machine=machine, events=events)

    @property
    def workflows(self) -> list[Workflow]:
        """The workflows that operators may start and read."""
        return [self.machine.workflow]

    @property
    def recorded(self) -> list[RecordedStateMachine]:
        """The state machines whose ends the recorder records."""
        return [self.machine.recorded]

    def outputs(self) -> dict[str, Any]:
        """Return the stack outputs of orders; a stack without orders has none of them."""
        return {
            "orders_state_machine_arn": self.machine.workflow.arn,
            "orders_state_machine_alias_arn": self.machine.workflow.alias_arn,
            "orders_state_machine_name": self.machine.workflow.name,
            "orders_event_bus_name": self.events.bus_name,
            "orders_event_rule_name": self.events.rule_name,
            "orders_finisher_lambda_arn": self.machine.finisher.function.arn,
            "orders_dlq_url": self.events.dead_letters.url,
            **{f"{table}_table_name": name for table, name in self.storage.table_names.items()},
            **{f"{service}_service_lambda_arn": each.arn for service, each in self.services.by_name.items()},
        }
