"""Names and ARNs that the orders state machine uses (resolved, plain strings), and the policies of its calls."""

from dataclasses import dataclass, field

from asl.orders.calls import ServiceCalls


@dataclass(frozen=True, kw_only=True)
class Targets:
    """The five services and the table of orders; `kms_key_arn` is the table's key; None for AWS's own.

    The functions' ARNs name versions, which the definition keeps calling after a later deployment.
    """

    user_function_arn: str
    order_function_arn: str
    payment_function_arn: str
    inventory_function_arn: str
    notification_function_arn: str
    orders_table_name: str
    orders_table_arn: str
    kms_key_arn: str | None = None
    calls: ServiceCalls = field(default_factory=ServiceCalls)

    @property
    def functions(self) -> tuple[str, ...]:
        """Return the services in the order in which the workflow calls them."""
        return (
            self.user_function_arn,
            self.order_function_arn,
            self.payment_function_arn,
            self.inventory_function_arn,
            self.notification_function_arn,
        )
