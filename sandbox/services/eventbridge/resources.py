"""EventBridge: buses, rules, targets, archives and connections."""

from typing import Any

from sandbox.clients import REGION, Clients
from sandbox.resource_inputs import Inputs, aws_names, given, tag_list

DEFAULT_BUS = "default"
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html and its neighbours
MAX_RULE_NAME = 64
MAX_TARGET_ID = 64
MAX_CONNECTION_NAME = 64
MAX_ARCHIVE_NAME = 48


def _bus(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(limit=256)
    arn = clients("events").create_event_bus(
        **given(
            Name=name,
            **args.parameters("description", "eventSourceName", "kmsKeyIdentifier"),
            **args.nested("deadLetterConfig", "logConfig"),
            Tags=tag_list(args.tags()),
        )
    )["EventBusArn"]
    return name, {"name": name, "arn": arn}


def _rule(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(prefix="namePrefix", limit=MAX_RULE_NAME)
    bus = args.take("eventBusName", DEFAULT_BUS)
    args.ignore("forceDestroy", "the provider reads it on delete only")
    enabled, state = args.take("isEnabled", True), args.take("state")
    arn = clients("events").put_rule(
        **given(
            Name=name,
            EventBusName=bus,
            **args.parameters("description", "eventPattern", "roleArn", "scheduleExpression"),
            State=state or ("ENABLED" if enabled else "DISABLED"),
            Tags=tag_list(args.tags()),
        )
    )["RuleArn"]
    identifier = name if bus == DEFAULT_BUS else f"{bus}/{name}"
    return identifier, {"name": name, "arn": arn, "eventBusName": bus}


def _target(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    rule, bus = args.require("rule"), args.take("eventBusName", DEFAULT_BUS)
    identifier = args.name("targetId", limit=MAX_TARGET_ID)
    args.ignore("forceDestroy", "the provider reads it on delete only")
    queue, transformer = args.block("sqsTarget"), args.block("inputTransformer")
    target = given(
        Id=identifier,
        Arn=args.require("arn"),
        **args.parameters("roleArn", "input", "inputPath"),
        InputTransformer=_transformer(transformer),
        **args.nested("deadLetterConfig", "retryPolicy"),
        SqsParameters={"MessageGroupId": queue.require("messageGroupId")} if queue else None,
    )
    answer = clients("events").put_targets(Rule=rule, EventBusName=bus, Targets=[target])
    for failure in answer.get("FailedEntries", []):
        raise RuntimeError(f"PutTargets refused it: {failure.get('ErrorCode')}: {failure.get('ErrorMessage')}")
    prefix = f"{rule}-" if bus == DEFAULT_BUS else f"{bus}-{rule}-"
    return f"{prefix}{identifier}", {"targetId": identifier, "eventBusName": bus}


def _transformer(block: Inputs | None) -> dict[str, Any] | None:
    if block is None:
        return None
    return given(InputPathsMap=block.take("inputPaths"), InputTemplate=block.require("inputTemplate"))


def _archive(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(limit=MAX_ARCHIVE_NAME)
    arn = clients("events").create_archive(
        **given(
            ArchiveName=name,
            EventSourceArn=args.require("eventSourceArn"),
            **args.parameters("description", "eventPattern", "kmsKeyIdentifier", "retentionDays"),
        )
    )["ArchiveArn"]
    return name, {"name": name, "arn": arn}


def _connection(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(limit=MAX_CONNECTION_NAME)
    created = clients("events").create_connection(
        **given(
            Name=name,
            AuthorizationType=args.require("authorizationType"),
            AuthParameters=_auth_parameters(args),
            InvocationConnectivityParameters=_connectivity(args),
            **args.parameters("description", "kmsKeyIdentifier"),
        )
    )
    connection = clients("events").describe_connection(Name=name)
    return name, {"name": name, "arn": created["ConnectionArn"], "secretArn": connection["SecretArn"], "region": REGION}


def _connectivity(args: Inputs) -> dict[str, Any] | None:
    """Accept the resource configuration of a private API, which the sandbox calls at its URL from this machine."""
    block = args.block("invocationConnectivityParameters")
    resource = block.block("resourceParameters") if block else None
    return (
        {"ResourceParameters": {"ResourceConfigurationArn": resource.require("resourceConfigurationArn")}}
        if resource
        else None
    )


def _auth_parameters(args: Inputs) -> dict[str, Any] | None:
    block = args.block("authParameters")
    if block is None:
        return None
    key, basic = block.block("apiKey"), block.block("basic")
    return given(
        ApiKeyAuthParameters={"ApiKeyName": key.require("key"), "ApiKeyValue": key.require("value")} if key else None,
        BasicAuthParameters=(
            {"Username": basic.require("username"), "Password": basic.require("password")} if basic else None
        ),
        InvocationHttpParameters=_http_parameters(block.block("invocationHttpParameters")),
    )


def _http_parameters(block: Inputs | None) -> dict[str, Any] | None:
    if block is None:
        return None
    kinds = {"HeaderParameters": "headers", "QueryStringParameters": "queryStrings", "BodyParameters": "bodies"}
    return {kind: aws_names(block.take(key)) for kind, key in kinds.items() if key in block.values}


TYPES = {
    "aws:cloudwatch/eventBus:EventBus": _bus,
    "aws:cloudwatch/eventRule:EventRule": _rule,
    "aws:cloudwatch/eventTarget:EventTarget": _target,
    "aws:cloudwatch/eventArchive:EventArchive": _archive,
    "aws:cloudwatch/eventConnection:EventConnection": _connection,
}
