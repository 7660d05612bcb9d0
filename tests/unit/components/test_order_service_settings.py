"""The setting `orderServices`: given fields replace the defaults, and an error names the field."""

import re
from typing import Any

import pytest
from pydantic.alias_generators import to_camel

from asl.call_policy import CallPolicy
from asl.orders.calls import ServiceCalls
from components.config_errors import ConfigError
from components.order_service_settings import service_calls
from components.settings import Settings
from tests.unit.components.test_settings import ROOT, configure


def _calls(**services: Any) -> ServiceCalls:
    configure(orderServices=services)
    return service_calls(Settings.load().order_services)


def test_empty_setting_is_the_default() -> None:
    assert _calls() == ServiceCalls()


def test_the_page_on_orders_has_the_defaults() -> None:
    text = (ROOT / "docs" / "orders.md").read_text(encoding="utf-8")
    calls = ServiceCalls().by_name
    columns = [text.index(f" `{name}` |", text.index("| field |")) for name in calls]
    assert columns == sorted(columns)
    for field in vars(ServiceCalls().user):
        numbers = re.escape(" | ".join(f"{getattr(policy, field)}" for policy in calls.values()))
        assert re.search(rf"\| `{to_camel(field)}` \| {numbers} \|", text), field
    assert f"({ServiceCalls().longest_seconds:.0f} s by default)" in text


def test_only_given_fields_of_a_service_change() -> None:
    calls = _calls(payment={"maxAttempts": 5}, user={"timeoutSeconds": 10, "retryIntervalSeconds": 1, "backoffRate": 1})
    assert calls.payment == CallPolicy(timeout_seconds=45, max_attempts=5, retry_interval_seconds=1)
    assert calls.user == CallPolicy(timeout_seconds=10, max_attempts=3, retry_interval_seconds=1, backoff_rate=1)
    assert calls.inventory == ServiceCalls().inventory


def test_numbers_are_accepted_as_the_command_line_of_pulumi_writes_them() -> None:
    # `pulumi config set --path` writes 1.5 as text.
    calls = _calls(inventory={"backoffRate": "1.5", "maxAttempts": "0"})
    assert (calls.inventory.backoff_rate, calls.inventory.max_attempts) == (1.5, 0)


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"maxAttempts": 8}, r"orderServices.payment.maxAttempts is 8: .*less than or equal to 7; by pulumi"),
        ({"timeoutSeconds": 0}, r"orderServices.payment.timeoutSeconds is 0: .*greater than or equal to 1"),
        ({"retryIntervalSeconds": 30}, r"orderServices.payment.retryIntervalSeconds is 30: .*less than or equal to 29"),
        ({"backoffRate": 0.5}, r"orderServices.payment.backoffRate is 0.5: .*greater than or equal to 1"),
        ({"backoffRate": "fast"}, r"orderServices.payment.backoffRate is 'fast': .*valid number"),
        ({"maxAttempt": 3}, r"orderServices.payment.maxAttempt is no field of an order service: did you mean maxAtt"),
        (7, r"orderServices.payment is 7: must be an object with the fields timeoutSeconds, maxAttempts, retry"),
    ],
)
def test_error_names_service_and_field(settings: Any, error: str) -> None:
    configure(orderServices={"payment": settings})
    with pytest.raises(ConfigError, match=error):
        Settings.load()


def test_services_that_take_too_long_together_are_refused_with_the_time_of_each() -> None:
    configure(orderServices={"payment": {"timeoutSeconds": 60}, "user": {"maxAttempts": 5}})
    with pytest.raises(ConfigError, match=r"orderServices: .* may take 1000 s.* user 2\d\d,.*orderServices.<service>"):
        Settings.load()
