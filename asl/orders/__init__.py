"""The orders workflow: five services, and exactly one outcome for every order."""

from asl.orders.approval import Approval
from asl.orders.calls import TIMEOUT_SECONDS, ServiceCalls
from asl.orders.targets import Targets
from asl.orders.workflow import definition, permissions

__all__ = ["TIMEOUT_SECONDS", "Approval", "ServiceCalls", "Targets", "definition", "permissions"]
