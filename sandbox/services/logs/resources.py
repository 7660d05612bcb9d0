"""CloudWatch Logs: log groups, resource policies and saved queries."""

from typing import Any

from sandbox.clients import ACCOUNT_ID, REGION, Clients
from sandbox.resource_inputs import Inputs, given


def _log_group(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(prefix="namePrefix", limit=512)
    args.ignore("skipDestroy", "the provider reads it on delete only")
    retention = args.take("retentionInDays")
    clients("logs").create_log_group(
        **given(
            logGroupName=name,
            kmsKeyId=args.take("kmsKeyId"),
            logGroupClass=args.take("logGroupClass"),
            tags=args.tags() or None,
        )
    )
    # 0 means "forever" in the provider.
    if retention:
        clients("logs").put_retention_policy(logGroupName=name, retentionInDays=retention)
    # The provider gives the ARN without the ":*" that the API appends.
    return name, {"name": name, "arn": f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:{name}"}


def _resource_policy(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.require("policyName")
    clients("logs").put_resource_policy(policyName=name, policyDocument=args.require("policyDocument"))
    return name, {}


def _query_definition(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    identifier = clients("logs").put_query_definition(
        **given(
            name=args.require("name"),
            queryString=args.require("queryString"),
            logGroupNames=args.take("logGroupNames"),
        )
    )["queryDefinitionId"]
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:query-definition:{identifier}"
    return identifier, {"queryDefinitionId": identifier, "arn": arn}


TYPES = {
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": _resource_policy,
    "aws:cloudwatch/queryDefinition:QueryDefinition": _query_definition,
}
