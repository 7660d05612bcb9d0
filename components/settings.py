"""The stack's configuration, read once and validated; Pulumi.yaml has the schema with the defaults."""

import json
import re
from typing import Annotated, Any, Literal, Self

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic.alias_generators import to_camel

from asl.hold import Policy
from components.api_settings import Apis, ApiTokens
from components.approval_settings import Groups, Policies, by_workflow
from components.config_errors import ConfigError
from components.config_explanations import explain
from components.function import FunctionNetwork
from components.function_settings import Functions
from components.order_service_settings import OrderServices
from components.reminders import MAX_REMINDERS, PATTERN, Reminder
from components.retired_keys import moved
from components.rollout import Strategy
from components.setting_types import Email, FailureRate, Prefix, Statuses, VpcRange
from components.settings_problems import problems
from components.table import ProvisionedCapacity

STEP_FUNCTIONS_MAX_SECONDS = 365 * 24 * 3600
"""A standard execution may run for one year.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""

WRAP_UP_SECONDS = 400
"""Time for reading the document and writing the results, with all retries, in addition to the APIs and the wait."""

MAX_DAYS = 3653
"""Ten years."""

MAX_TABLE_CAPACITY = 40_000
"""Units of a table's reads or writes, unless AWS raises the quota.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"""

LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""


_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?")
"""The format of the header `Origin` of browsers. https://www.rfc-editor.org/rfc/rfc6454#section-6.2"""


class Settings(BaseModel):
    """All configuration of a stack, in the units that Pulumi.yaml names."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True)

    project_name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,18}[a-z0-9]$")]
    environment: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,11}$")]
    lambda_runtime: Literal["python3.11", "python3.12", "python3.13", "python3.14"]
    lambda_architecture: Literal["arm64", "x86_64"]
    lambda_memory_size: Annotated[int, Field(ge=128, le=10240)]
    lambda_timeout: Annotated[int, Field(ge=1, le=900)]
    log_retention_days: int
    log_execution_data: bool
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]
    functions: Functions
    state_machine_timeout_seconds: Annotated[int, Field(ge=1, le=STEP_FUNCTIONS_MAX_SECONDS)]
    callback_timeout_seconds: Annotated[int, Field(ge=1, le=STEP_FUNCTIONS_MAX_SECONDS)]
    reminder_after_seconds: Annotated[int, Field(ge=0)]
    reminders: Annotated[list[Annotated[str, Field(pattern=PATTERN)]], Field(max_length=MAX_REMINDERS)]
    reminder_email: Email
    alarm_email: Email
    runbook_base_url: Annotated[str, Field(pattern=r"^(https?://[^\s?#]+)?$", max_length=512)]
    service_error_threshold: Annotated[int, Field(ge=1)]
    mock_delay_seconds: Annotated[int, Field(ge=0, le=25)]
    apis: Apis
    api_tokens: ApiTokens
    order_services: OrderServices
    jira_done_statuses: Statuses
    jira_failed_statuses: Statuses
    cors_allowed_origins: list[str]
    throttle_rate_limit: Annotated[int, Field(ge=1, le=10_000)]
    throttle_burst_limit: Annotated[int, Field(ge=1, le=5_000)]
    input_prefix: Prefix
    output_prefix: Prefix
    log_prefix: Prefix
    result_retention_days: Annotated[int, Field(ge=0, le=MAX_DAYS)]
    old_version_days: Annotated[int, Field(ge=1, le=MAX_DAYS)]
    story_retention_days: Annotated[int, Field(ge=1, le=MAX_DAYS)]
    point_in_time_recovery_days: Annotated[int, Field(ge=1, le=35)]
    vpc_cidr: VpcRange
    subnet_ids: list[Annotated[str, Field(pattern=r"^subnet-[0-9a-f]+$")]]
    security_group_ids: list[Annotated[str, Field(pattern=r"^sg-[0-9a-f]+$")]]
    table_capacity: Literal["on-demand", "provisioned"]
    table_capacity_min: Annotated[int, Field(ge=1, le=MAX_TABLE_CAPACITY)]
    table_capacity_max: Annotated[int, Field(ge=1, le=MAX_TABLE_CAPACITY)]
    table_capacity_target: Annotated[int, Field(ge=20, le=90)]
    input_buckets: list[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]]
    kms_key_arn: Annotated[str, Field(pattern=r"^(arn:aws[a-z-]*:kms:.+:key/.+)?$")]
    orders_event_bus_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{0,256}$")]
    orders_approval_above: Annotated[int, Field(ge=0)]
    payment_failure_rate: FailureRate
    inventory_failure_rate: FailureRate
    approval_links: bool
    approval_link_seconds: Annotated[int, Field(ge=0)]
    approval_policies: Policies
    approval_groups: Groups
    rollout: Strategy
    rollout_pause_minutes: Annotated[int, Field(ge=1, le=1440)]
    token_generation: Annotated[int, Field(ge=1)]
    protect_data: bool
    backup_schedule: Annotated[str, Field(pattern=r"^(cron\(\S+( \S+){5}\))?$")]
    backup_copy_vault_arn: Annotated[str, Field(pattern=r"^(arn:aws:backup:.+:backup-vault:.+)?$")]
    backup_keep_days: Annotated[int, Field(ge=1, le=MAX_DAYS)]
    orders: bool
    monitoring: bool
    mock_apis: bool
    demo_failures: bool

    @field_validator("log_retention_days")
    @classmethod
    def _is_offered(cls, days: int) -> int:
        if days not in LOG_RETENTION_DAYS:
            raise ValueError(f"must be one of {', '.join(map(str, LOG_RETENTION_DAYS))}")
        return days

    @field_validator("cors_allowed_origins")
    @classmethod
    def _names_origins(cls, origins: list[str]) -> list[str]:
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"{origin!r} must be an origin such as https://ops.example.com, without wildcard or path"
                )
        return origins

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        found = list(problems(self))
        if found:
            raise ValueError("\n".join(found))
        return self

    @property
    def network(self) -> FunctionNetwork | None:
        """The existing network in which functions run; None for none."""
        if not self.subnet_ids:
            return None
        return FunctionNetwork(subnet_ids=self.subnet_ids, security_group_ids=self.security_group_ids)

    @property
    def capacity(self) -> ProvisionedCapacity | None:
        """The capacity of every table; None for on demand."""
        if self.table_capacity == "on-demand":
            return None
        return ProvisionedCapacity(
            minimum=self.table_capacity_min,
            maximum=self.table_capacity_max,
            target_percent=self.table_capacity_target,
        )

    @property
    def reminders_sent(self) -> list[Reminder]:
        """The reminders that `reminders` lists."""
        return [Reminder.parse(text) for text in self.reminders]

    @property
    def policies(self) -> dict[str, Policy]:
        """The policy of each workflow that waits, by its name: `release` and `orders`."""
        return by_workflow(self.approval_policies, self.approval_groups)

    @property
    def prefix(self) -> str:
        """The beginning of every physical name, so that stacks can share an account."""
        return f"{self.project_name}-{self.environment}"

    @classmethod
    def load(cls) -> Self:
        """Read the stack's configuration, in the namespace that is the project's name in Pulumi.yaml.

        Raises:
            ConfigError: a value is missing or wrong; the text names key, value and what is allowed.
        """
        config = pulumi.Config()
        # Pulumi accepts any key, so a misspelled one would silently have no effect.
        values: dict[str, Any] = dict.fromkeys(_keys(config.name))
        for name, field in cls.model_fields.items():
            key = to_camel(name)
            raw = config.get(key)
            if raw is not None:
                values[key] = _parse(raw, is_text=field.annotation is str)
        if old := moved(values, values.get("apis"), namespace=config.name):
            raise ConfigError(old)
        try:
            settings = cls.model_validate(values)
        except ValidationError as error:
            raise ConfigError(explain(error, cls, namespace=config.name)) from None
        calling = max(api.longest_seconds for api in settings.apis)
        longest = settings.callback_timeout_seconds + calling + WRAP_UP_SECONDS
        if settings.state_machine_timeout_seconds < longest:
            pulumi.log.warn(
                f"stateMachineTimeoutSeconds is {settings.state_machine_timeout_seconds}: a release may end before its "
                f"wait for the story does. {longest} or more leaves it callbackTimeoutSeconds, {calling} for its APIs "
                f"and {WRAP_UP_SECONDS} for the rest"
            )
        return settings


def _keys(namespace: str) -> list[str]:
    """Return every key that the stack sets in the namespace; Pulumi's SDK can only look up one by name."""
    known = {**get_config_env(), **CONFIG.get()}
    return [key.removeprefix(f"{namespace}:") for key in known if key.startswith(f"{namespace}:")]


def _parse(raw: str, *, is_text: bool) -> Any:
    """Parse a value: Pulumi passes each as text, which is JSON unless the type is a string."""
    if is_text:
        return raw
    try:
        return json.loads(raw)
    except json.JSONDecodeError:
        return raw
