"""The features of a stack, derived from its outputs: a feature that is switched off has none."""

from collections.abc import Mapping
from typing import Any

ALWAYS = {
    "orders": "orders_state_machine_arn",
    "mockApis": "mock_api_endpoint",
    "monitoring": "dashboard_name",
}
"""Each switch of the configuration, and an output that every stack with the feature has."""

_OF_ORDERS = ("orders_", "payments_", "inventory_", "reservations_")


def feature(output: str) -> str | None:
    """Return the switch of the configuration on which an output depends; None for an output of every stack."""
    if output.startswith(_OF_ORDERS) or output.endswith("_service_lambda_arn"):
        return "orders"
    if output.startswith("mock_"):
        return "mockApis"
    return "monitoring" if output in ("dashboard_name", "alarm_topic_arn") else None


def has(outputs: Mapping[str, Any], switch: str) -> bool:
    """Return whether a stack has a feature."""
    return outputs.get(ALWAYS[switch]) is not None


def is_left_out(outputs: Mapping[str, Any], output: str) -> bool:
    """Return whether a stack lacks an output because the feature is switched off."""
    switch = feature(output)
    return switch is not None and not has(outputs, switch)
