"""Typed access to the outputs of a Holdpoint stack, for the programs of other teams."""

from collections.abc import Mapping
from typing import Any, Generic, Self, TypedDict, TypeVar, overload

import pulumi

T = TypeVar("T")


class StateMachineOutput(TypedDict):
    """An item of the output `workflows`; `kind` is `release`, `orders`, or one of another program."""

    name: str
    arn: str
    alias_arn: str
    kind: str


class RolloutOutput(TypedDict):
    """The output `rollout`: how executions move to a new version of a workflow."""

    strategy: str
    pause_minutes: int


class StackOutput(Generic[T]):
    """An output: its meaning, its JSON schema, and its feature. As an attribute of `Outputs`, it returns its value.

    A `feature` is a configuration key, such as `orders`; without it, the stack does not have the output.
    """

    name: str

    def __init__(self, description: str, feature: str | None = None, **schema: Any) -> None:
        self.feature = feature
        self.schema: Mapping[str, Any] = {"description": description, **schema}

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: "Outputs", owner: type) -> pulumi.Output[T]: ...
    def __get__(self, instance: "Outputs | None", owner: type) -> "Self | pulumi.Output[T]":
        return self if instance is None else instance.stack.require_output(self.name)


def _text(description: str, **schema: Any) -> StackOutput[str]:
    return StackOutput(description, type="string", **schema)


def _arn(description: str, **more: Any) -> StackOutput[str]:
    return _text(description, pattern="^arn:", **more)


def _url(description: str, **more: Any) -> StackOutput[str]:
    return _text(description, pattern="^https?://", **more)


_TYPES = {str: "string", int: "integer"}


def _fields(described: type) -> dict[str, Any]:
    """Return the schema of a TypedDict."""
    properties = {name: {"type": _TYPES[kind]} for name, kind in described.__annotations__.items()}
    return {"type": "object", "properties": properties, "required": list(properties)}


class Outputs:
    """The outputs of a stack. A missing output fails the deployment with its name.

    Example:
        holdpoint = Outputs(pulumi.StackReference("acme/holdpoint/prod"))
        holdpoint.callback_api_endpoint  # pulumi.Output[str]
    """

    s3_bucket_name = _text("Bucket of input documents, results and logs")
    s3_bucket_arn = _arn("ARN of that bucket")
    s3_input_prefix = _text("Start of the keys of input documents, such as `inputs/`")
    s3_output_prefix = _text("Start of the keys of results, such as `outputs/`")
    s3_log_prefix = _text("Start of the keys of logs and errors, such as `logs/`")
    state_machine_arn = _arn("ARN of the release workflow: describes it, and lists its executions")
    state_machine_alias_arn = _arn("ARN of the alias `live` of the release workflow: starts executions")
    state_machine_name = _text("Name of the release workflow")
    callback_api_endpoint = _url("URL that takes the POST of a callback")
    callback_lambda_arn = _arn("Function behind the callback API")
    dynamodb_table_name = _text("Table of stories: which release waits for which story")
    secrets_manager_arn = _arn("Secret with the tokens of the APIs and of the callback, one JSON object")
    kms_key_arn = _text("Key that encrypts the data of the stack; empty for keys of AWS's own", pattern="^$|^arn:")
    stepfunctions_execution_role_arn = _arn("Role of the release workflow")
    stepfunctions_user_role_arn = _arn("Role of people who start and follow executions")
    mock_api_endpoint = _url("Base URL of the mock APIs", feature="mockApis")
    mock_validation_lambda_arn = _arn("Function of the mock API `validation`", feature="mockApis")
    mock_deployment_lambda_arn = _arn("Function of the mock API `deployment`", feature="mockApis")
    mock_notification_lambda_arn = _arn("Function of the mock API `notification`", feature="mockApis")
    sweeper_lambda_arn = _arn("Function that resumes missed callbacks and reminds people")
    recorder_lambda_arn = _arn("Function that writes the logs of executions")
    catch_up_lambda_arn = _arn("Function that finds executions which the recorder missed")
    example_execution_command = _text("Command of the AWS CLI that starts a release of the example document")
    workflows: StackOutput[list[StateMachineOutput]] = StackOutput(
        "Every state machine: its name, its ARN, the ARN of its alias `live` and its kind",
        type="array",
        items=_fields(StateMachineOutput),
    )
    rollout: StackOutput[RolloutOutput] = StackOutput(
        "How new executions move to a new version: `all-at-once`, `canary` or `linear`, and the minutes between steps",
        **_fields(RolloutOutput),
    )
    orders_state_machine_arn = _arn(
        "ARN of the orders workflow: describes it, and lists its executions", feature="orders"
    )
    orders_state_machine_alias_arn = _arn(
        "ARN of the alias `live` of the orders workflow: starts executions", feature="orders"
    )
    orders_state_machine_name = _text("Name of the orders workflow", feature="orders")
    orders_event_bus_name = _text(
        "Event bus that takes `Order Submitted` events of `microservices.orders`", feature="orders"
    )
    orders_event_rule_name = _text("Rule that starts the orders workflow", feature="orders")
    orders_dlq_url = _url("Queue of the order events that could not be delivered", feature="orders")
    orders_finisher_lambda_arn = _arn("Function that ends orders which were left behind", feature="orders")
    orders_table_name = _text("Table of orders and their outcomes", feature="orders")
    payments_table_name = _text("Table of payments", feature="orders")
    inventory_table_name = _text("Table of products and their stock", feature="orders")
    reservations_table_name = _text("Table of reservations of stock", feature="orders")
    user_service_lambda_arn = _arn("Function of the user service", feature="orders")
    order_service_lambda_arn = _arn("Function of the order service", feature="orders")
    payment_service_lambda_arn = _arn("Function of the payment service", feature="orders")
    inventory_service_lambda_arn = _arn("Function of the inventory service", feature="orders")
    notification_service_lambda_arn = _arn("Function of the notification service", feature="orders")
    dashboard_name = _text("CloudWatch dashboard of the stack", feature="monitoring")
    alarm_topic_arn = _arn("Topic of alarms", feature="monitoring")
    reminder_topic_arn = _arn("Topic of reminders of stories that keep releases waiting")

    def __init__(self, stack: pulumi.StackReference) -> None:
        self.stack = stack


def outputs_schema() -> dict[str, Any]:
    """Return the JSON schema of the outputs of a stack, which allows further ones."""
    ours = {name: each for name, each in vars(Outputs).items() if isinstance(each, StackOutput)}
    by_feature: dict[str | None, list[str]] = {}
    for name, each in ours.items():
        by_feature.setdefault(each.feature, []).append(name)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Outputs of a Holdpoint stack",
        "description": "A contract: outputs are added, and never removed, renamed or given another type.",
        "type": "object",
        "properties": {name: each.schema for name, each in ours.items()},
        "required": by_feature.pop(None),
        # If a stack has one output of a feature, it has the next one as well, and so all of them.
        "dependentRequired": {
            name: [following]
            for names in by_feature.values()
            for name, following in zip(names, [*names[1:], names[0]], strict=True)
        },
    }
