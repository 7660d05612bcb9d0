"""The setting `functions`: memory, timeout and reserved concurrency of single functions."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from asl.orders.calls import ServiceCalls
from components.function import MAX_TIMEOUT_SECONDS, FunctionOverride
from components.mock_apis import MOCKS
from components.setting_types import Integer, names_only

FUNCTIONS = (
    *("hold-callback", "hold-sweeper", "recorder", "recorder-catch-up", "orders-finisher"),
    *(f"mock-{mock}" for mock in MOCKS),
    *(f"services-{service}" for service in ServiceCalls().by_name),
    "services-expirer",
)
"""The functions of a stack with every feature, without the prefix of their names."""

MAX_RESERVED = 900
"""Lambda keeps 100 of an account's 1,000 concurrent executions for functions without a reservation.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"""


class FunctionSettings(BaseModel):
    """One value of `functions`. Absent fields have the shared values of all functions."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True)

    memory_size: Annotated[Integer, Field(ge=128, le=10240)] | None = None
    timeout_seconds: Annotated[Integer, Field(ge=1, le=MAX_TIMEOUT_SECONDS)] | None = None
    reserved_concurrency: Annotated[Integer, Field(ge=1, le=MAX_RESERVED)] | None = None

    @property
    def override(self) -> FunctionOverride:
        """Return the override for the component."""
        return FunctionOverride(**self.model_dump())


Functions = Annotated[dict[str, FunctionSettings], AfterValidator(names_only("function", FUNCTIONS))]
"""Settings by the function's name without the stack's prefix."""
