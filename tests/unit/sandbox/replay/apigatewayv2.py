"""API Gateway v2 as the provider reads and deletes it."""

from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import absent, pulumi_names

_GONE = "NotFoundException"


def _api(clients: Clients, resource: Resource) -> dict[str, Any]:
    client = clients("apigatewayv2")
    api = client.get_api(ApiId=resource.id)
    assert api["ApiEndpoint"] == resource.outputs["apiEndpoint"]
    assert client.get_tags(ResourceArn=resource.outputs["arn"])["Tags"] == api.get("Tags", {})
    return {
        "name": api["Name"],
        "protocolType": api["ProtocolType"],
        "description": api.get("Description", ""),
        "corsConfiguration": pulumi_names(api["CorsConfiguration"]) if "CorsConfiguration" in api else None,
        "disableExecuteApiEndpoint": api.get("DisableExecuteApiEndpoint", False),
        "apiKeySelectionExpression": api["ApiKeySelectionExpression"],
        "routeSelectionExpression": api["RouteSelectionExpression"],
        "version": api.get("Version", ""),
        "tags": api.get("Tags", {}),
    }


def _delete_api(clients: Clients, resource: Resource) -> None:
    clients("apigatewayv2").delete_api(ApiId=resource.id)
    assert absent(_GONE, call=clients("apigatewayv2").get_api, ApiId=resource.id)


def _stage(clients: Clients, resource: Resource) -> dict[str, Any]:
    api = resource.inputs["apiId"]
    stage = clients("apigatewayv2").get_stage(ApiId=api, StageName=resource.id)
    found = clients("apigatewayv2").get_tags(ResourceArn=resource.outputs["arn"])["Tags"]
    assert found == stage.get("Tags", {})
    logs = stage.get("AccessLogSettings")
    return {
        "apiId": api,
        "name": stage["StageName"],
        "autoDeploy": stage.get("AutoDeploy", False),
        "description": stage.get("Description", ""),
        "accessLogSettings": pulumi_names(logs) if logs else None,
        "defaultRouteSettings": pulumi_names(stage.get("DefaultRouteSettings", {})),
        "routeSettings": stage.get("RouteSettings", {}),
        "stageVariables": stage.get("StageVariables", {}),
        "tags": found,
    }


def _delete_stage(clients: Clients, resource: Resource) -> None:
    where = {"ApiId": resource.inputs["apiId"], "StageName": resource.id}
    clients("apigatewayv2").delete_stage(**where)
    assert absent(_GONE, call=clients("apigatewayv2").get_stage, **where)


def _integration(clients: Clients, resource: Resource) -> dict[str, Any]:
    api = resource.inputs["apiId"]
    found = clients("apigatewayv2").get_integration(ApiId=api, IntegrationId=resource.id)
    return {
        "apiId": api,
        "integrationType": found["IntegrationType"],
        "integrationUri": found["IntegrationUri"],
        "integrationMethod": found.get("IntegrationMethod"),
        "connectionType": found["ConnectionType"],
        "description": found.get("Description", ""),
        "payloadFormatVersion": found["PayloadFormatVersion"],
        "requestParameters": found.get("RequestParameters", {}),
        "timeoutMilliseconds": found["TimeoutInMillis"],
    }


def _delete_integration(clients: Clients, resource: Resource) -> None:
    where = {"ApiId": resource.inputs["apiId"], "IntegrationId": resource.id}
    clients("apigatewayv2").delete_integration(**where)
    assert absent(_GONE, call=clients("apigatewayv2").get_integration, **where)


def _route(clients: Clients, resource: Resource) -> dict[str, Any]:
    api = resource.inputs["apiId"]
    found = clients("apigatewayv2").get_route(ApiId=api, RouteId=resource.id)
    return {
        "apiId": api,
        "routeKey": found["RouteKey"],
        "target": found["Target"],
        "authorizationType": found["AuthorizationType"],
        "apiKeyRequired": found.get("ApiKeyRequired", False),
        "operationName": found.get("OperationName", ""),
        "authorizationScopes": found.get("AuthorizationScopes", []),
    }


def _delete_route(clients: Clients, resource: Resource) -> None:
    where = {"ApiId": resource.inputs["apiId"], "RouteId": resource.id}
    clients("apigatewayv2").delete_route(**where)
    assert absent(_GONE, call=clients("apigatewayv2").get_route, **where)


READ = {
    "aws:apigatewayv2/api:Api": _api,
    "aws:apigatewayv2/stage:Stage": _stage,
    "aws:apigatewayv2/integration:Integration": _integration,
    "aws:apigatewayv2/route:Route": _route,
}
DELETE = {
    "aws:apigatewayv2/api:Api": _delete_api,
    "aws:apigatewayv2/stage:Stage": _delete_stage,
    "aws:apigatewayv2/integration:Integration": _delete_integration,
    "aws:apigatewayv2/route:Route": _delete_route,
}
DEFAULTS = {
    "aws:apigatewayv2/api:Api": {
        "apiKeySelectionExpression": "$request.header.x-api-key",
        "corsConfiguration": None,
        "description": "",
        "disableExecuteApiEndpoint": False,
        "routeSelectionExpression": "$request.method $request.path",
        "version": "",
    },
    "aws:apigatewayv2/stage:Stage": {
        "accessLogSettings": None,
        "autoDeploy": False,
        "description": "",
        "routeSettings": {},
        "stageVariables": {},
    },
    "aws:apigatewayv2/integration:Integration": {
        "connectionType": "INTERNET",
        "description": "",
        "payloadFormatVersion": "1.0",
        "requestParameters": {},
    },
    "aws:apigatewayv2/route:Route": {
        "apiKeyRequired": False,
        "authorizationScopes": [],
        "authorizationType": "NONE",
        "operationName": "",
    },
}
