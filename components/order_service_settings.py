"""The setting `orderServices`: timeout and retries of the calls of each service of an order."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from asl.orders.calls import MAX_ATTEMPTS, ServiceCalls
from components.call_settings import BackoffRate, RetryInterval
from components.function import MAX_TIMEOUT_SECONDS
from components.setting_types import Integer, names_only

SERVICES = ServiceCalls().by_name


class OrderServiceSettings(BaseModel):
    """One value of `orderServices`. Absent fields have the service's defaults in `asl.orders.calls`."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True)

    timeout_seconds: Annotated[Integer, Field(ge=1, le=MAX_TIMEOUT_SECONDS)] | None = None
    max_attempts: Annotated[Integer, Field(ge=0, le=MAX_ATTEMPTS)] | None = None
    retry_interval_seconds: RetryInterval | None = None
    backoff_rate: BackoffRate | None = None


OrderServices = Annotated[dict[str, OrderServiceSettings], AfterValidator(names_only("service", SERVICES))]
"""Settings by the service's name."""


def service_calls(given: Mapping[str, OrderServiceSettings]) -> ServiceCalls:
    """Return how each service is called: as configured, and otherwise as by default.

    Raises:
        ValueError: an order could take longer than the timeout of its execution.
    """
    changed = {name: replace(SERVICES[name], **each.model_dump(exclude_none=True)) for name, each in given.items()}
    return ServiceCalls(**changed)
