"""API Gateway v2: HTTP APIs, stages, integrations and routes."""

from typing import Any

from sandbox.clients import ACCOUNT_ID, REGION, Clients
from sandbox.resource_inputs import Inputs, aws_names, given

_DEFAULT_STAGE = "$default"


def _api(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(limit=128)
    api = clients("apigatewayv2").create_api(
        **given(
            Name=name,
            ProtocolType=args.require("protocolType"),
            **args.parameters(
                "apiKeySelectionExpression",
                "description",
                "disableExecuteApiEndpoint",
                "ipAddressType",
                "routeKey",
                "routeSelectionExpression",
                "target",
                "version",
            ),
            **args.nested("corsConfiguration"),
            Tags=args.tags() or None,
        )
    )
    identifier = api["ApiId"]
    return identifier, {
        "name": name,
        "arn": f"arn:aws:apigateway:{REGION}::/apis/{identifier}",
        "apiEndpoint": api["ApiEndpoint"],
        "executionArn": _execution_arn(identifier),
    }


def _execution_arn(api: str) -> str:
    return f"arn:aws:execute-api:{REGION}:{ACCOUNT_ID}:{api}"


def _stage(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    api, name = args.require("apiId"), args.name(limit=128)
    routes = {
        route["routeKey"]: aws_names({key: value for key, value in route.items() if key != "routeKey"})
        for route in args.take("routeSettings") or []
    }
    stage = clients("apigatewayv2").create_stage(
        **given(
            ApiId=api,
            StageName=name,
            **args.nested("accessLogSettings", "defaultRouteSettings"),
            **args.parameters("autoDeploy", "deploymentId", "description", "stageVariables"),
            RouteSettings=routes or None,
            Tags=args.tags() or None,
        )
    )
    endpoint = clients("apigatewayv2").get_api(ApiId=api)["ApiEndpoint"]
    return name, {
        "name": name,
        "arn": f"arn:aws:apigateway:{REGION}::/apis/{api}/stages/{name}",
        "executionArn": f"{_execution_arn(api)}/{name}",
        "invokeUrl": f"{endpoint}/" if name == _DEFAULT_STAGE else f"{endpoint}/{name}",
        "deploymentId": stage.get("DeploymentId", ""),
    }


def _integration(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    integration = clients("apigatewayv2").create_integration(
        **given(
            ApiId=args.require("apiId"),
            IntegrationType=args.require("integrationType"),
            **args.parameters(
                "connectionId",
                "credentialsArn",
                "description",
                "integrationMethod",
                "integrationSubtype",
                "integrationUri",
                "passthroughBehavior",
                "requestParameters",
            ),
            ConnectionType=args.take("connectionType", "INTERNET"),
            PayloadFormatVersion=args.take("payloadFormatVersion", "1.0"),
            TimeoutInMillis=args.take("timeoutMilliseconds"),
            **args.nested("tlsConfig"),
        )
    )
    return integration["IntegrationId"], {}


def _route(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    route = clients("apigatewayv2").create_route(
        **given(
            ApiId=args.require("apiId"),
            RouteKey=args.require("routeKey"),
            **args.parameters(
                "apiKeyRequired", "authorizationScopes", "authorizationType", "authorizerId", "operationName", "target"
            ),
        )
    )
    return route["RouteId"], {}


TYPES = {
    "aws:apigatewayv2/api:Api": _api,
    "aws:apigatewayv2/stage:Stage": _stage,
    "aws:apigatewayv2/integration:Integration": _integration,
    "aws:apigatewayv2/route:Route": _route,
}
