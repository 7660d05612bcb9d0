"""An HTTP API of API Gateway with access logs, throttling and CORS; its routes lead to functions."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import defaults
from components.function import Function

API_TIMEOUT_SECONDS = 29
"""An HTTP API waits for its function for 30 s at the most; a function behind it ends before that.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""

PREFLIGHT_SECONDS = 600
"""Time for which a browser may cache the answer to a preflight request."""

ACCESS_LOG_FORMAT = json.dumps(
    {
        "requestId": "$context.requestId",
        "time": "$context.requestTime",
        "sourceIp": "$context.identity.sourceIp",
        "routeKey": "$context.routeKey",
        "status": "$context.status",
        "responseLength": "$context.responseLength",
        "latency": "$context.responseLatency",
        "integrationStatus": "$context.integrationStatus",
        "integrationError": "$context.integrationErrorMessage",
    }
)
"""Logs the route's key instead of the path, because the path of a link is a secret.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html"""

_PARAMETER = re.compile(r"\{[^}]+\}")


@dataclass(frozen=True, kw_only=True)
class HttpApiArgs:
    """`routes` maps a route key such as `POST /callback` or `ANY /callback/{token}` to its function.

    Limits are requests a second and at once.

    `kms_key_arn` encrypts the access log; it is empty for CloudWatch's own key.
    """

    prefix: str
    description: str
    routes: Mapping[str, Function]
    throttle_rate_limit: pulumi.Input[int] = defaults.THROTTLE_RATE_LIMIT
    throttle_burst_limit: pulumi.Input[int] = defaults.THROTTLE_BURST_LIMIT
    log_retention_days: pulumi.Input[int] = defaults.LOG_RETENTION_DAYS
    kms_key_arn: pulumi.Input[str] | None = None
    cors_allowed_origins: Sequence[str] = ()


class HttpApi(pulumi.ComponentResource):
    """An API whose `$default` stage is deployed automatically.

    Example:
        HttpApi(
            "refunds",
            HttpApiArgs(prefix="shop-dev", description="Takes refunds", routes={"POST /refunds": function}),
        )
    """

    endpoint: pulumi.Output[str]
    id: pulumi.Output[str]
    log_group_arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: HttpApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:HttpApi", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        api = aws.apigatewayv2.Api(
            name,
            name=f"{args.prefix}-{name}",
            description=args.description,
            protocol_type="HTTP",
            cors_configuration={
                "allow_origins": list(args.cors_allowed_origins),
                "allow_methods": ["POST"],
                "allow_headers": ["authorization", "content-type"],
                "max_age": PREFLIGHT_SECONDS,
            }
            if args.cors_allowed_origins
            else None,
            opts=child,
        )
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-access-logs",
            # AWS adds each log group that a service writes to a resource policy of 5,120 characters. Before that is
            # full, AWS lets services write to all groups with this prefix.
            # https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
            name=f"/aws/vendedlogs/apis/{args.prefix}-{name}",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.kms_key_arn,
            opts=child,
        )
        routes = [self._route(name, api, key, function) for key, function in args.routes.items()]
        aws.apigatewayv2.Stage(
            f"{name}-stage",
            api_id=api.id,
            name="$default",
            auto_deploy=True,
            access_log_settings={"destination_arn": log_group.arn, "format": ACCESS_LOG_FORMAT},
            default_route_settings={
                "throttling_rate_limit": args.throttle_rate_limit,
                "throttling_burst_limit": args.throttle_burst_limit,
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=routes),
        )
        self.id = api.id
        self.log_group_name = log_group.name
        self.endpoint = api.api_endpoint
        self.log_group_arn = log_group.arn
        self.register_outputs({"endpoint": self.endpoint})

    def _route(self, name: str, api: aws.apigatewayv2.Api, key: str, function: Function) -> pulumi.Resource:
        child = pulumi.ResourceOptions(parent=self)
        method, route = key.split(" ")
        path = [part for part in route.split("/") if not part.startswith("{")][-1]
        # In the ARN of a call, a parameter may be its name or its value, and ANY is the method of the call.
        pattern = f"{'*' if method == 'ANY' else method}{_PARAMETER.sub('*', route)}"
        permission = aws.lambda_.Permission(
            f"{name}-{path}-permission",
            action="lambda:InvokeFunction",
            function=function.name,
            qualifier=function.live.name,
            principal="apigateway.amazonaws.com",
            source_arn=api.execution_arn.apply(lambda arn: f"{arn}/*/{pattern}"),
            opts=child,
        )
        integration = aws.apigatewayv2.Integration(
            f"{name}-{path}-integration",
            api_id=api.id,
            integration_type="AWS_PROXY",
            integration_method="POST",
            integration_uri=function.live.invoke_arn,
            payload_format_version="2.0",
            # A stack whose functions had no aliases keeps answering during the update.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission]),
        )
        return aws.apigatewayv2.Route(
            f"{name}-{path}-route",
            api_id=api.id,
            route_key=key,
            target=integration.id.apply(lambda integration_id: f"integrations/{integration_id}"),
            opts=child,
        )
