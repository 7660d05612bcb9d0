"""Names and ARNs that the orders state machine uses (resolved, plain strings), and the policies of its calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from asl.orders.calls import ServiceCalls


@dataclass(frozen=True, kw_only=True)
class Targets:
    """The services and the table of orders; `kms_key_arn` is the table's key; None for AWS's own.

    `functions` maps each service of `ServiceCalls` to an ARN. The ARNs name versions, which the definition keeps
    calling after a later deployment.
    """

    functions: Mapping[str, str]
    orders_table_name: str
    orders_table_arn: str
    kms_key_arn: str | None = None
    calls: ServiceCalls = field(default_factory=ServiceCalls)
