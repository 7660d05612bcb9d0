"""The orders workflow: five services, and exactly one outcome for every order."""

from asl.orders.approval import Approval
from asl.orders.targets import Targets
from asl.orders.workflow import TIMEOUT_SECONDS, definition, permissions

__all__ = ["TIMEOUT_SECONDS", "Approval", "Targets", "definition", "permissions"]
