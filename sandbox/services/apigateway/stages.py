"""API Gateway v2: UpdateStage, DeleteAccessLogSettings and the tag APIs for a stage.

moto lacks the first two, and its routes for tags do not take the slashes of a stage's ARN.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/tags-resource-arn.html
"""

import json
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from moto.apigatewayv2 import urls
from moto.apigatewayv2.models import ApiGatewayV2Backend, Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response

from sandbox.patches import added, decorated, wrapped

_ACCESS_LOG_PATH = "{0}/v2/apis/(?P<api_id>[^/]+)/stages/(?P<stage_name>[^/]+)/accesslogsettings$"
# arn:aws:apigateway:us-east-1::/apis/{api}/stages/{stage}, with its slashes in the path.
_TAGS_PATH = "{0}/v2/tags/(?P<arn_start>[^/]+)/apis/(?P<api_id>[^/]+)/stages/(?P<stage_name>[^/]+)$"
_ARN_PARTS = 5
# The fields of a change, and the attributes of moto's stage that store them.
_KEPT = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "clientCertificateId": "client_certificate_id",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "routeSettings": "route_settings",
    "stageVariables": "stage_variables",
}


def _stage(response: Any) -> Stage:
    # /v2/apis/{api}/stages/{stage}, as it arrives.
    parts = response.path.split("/")
    stage: Stage = response.apigatewayv2_backend.get_stage(parts[3], unquote(parts[5]))
    return stage


def _update(self: Any) -> Any:
    stage = _stage(self)
    for field, value in json.loads(self.body).items():
        if field in _KEPT:
            kept = getattr(stage, _KEPT[field])
            # A change of one setting keeps the others; an empty text removes a stage variable.
            both = {**kept, **value} if isinstance(value, dict) and isinstance(kept, dict) else value
            if field == "stageVariables":
                both = {name: text for name, text in both.items() if text != ""}
            setattr(stage, _KEPT[field], both)
    stage.updated = datetime.now()
    return 200, {}, json.dumps(stage.to_json())


def _without_logs(self: Any) -> Any:
    _stage(self).access_log_settings = None
    return 204, {}, ""


def _tagged(backend: ApiGatewayV2Backend, arn: str) -> Stage | None:
    parts = arn.split("/")
    if len(parts) != _ARN_PARTS or parts[3] != "stages":
        return None
    return backend.get_stage(parts[2], parts[4])


def _get(original: Any, self: ApiGatewayV2Backend, resource_id: str) -> Any:
    stage = _tagged(self, resource_id)
    return original(self, resource_id) if stage is None else stage.tags


def _tag(original: Any, self: ApiGatewayV2Backend, resource_arn: str, tags: dict[str, str]) -> None:
    stage = _tagged(self, resource_arn)
    if stage is None:
        original(self, resource_arn, tags)
    else:
        stage.tags = {**stage.tags, **tags}


def _untag(original: Any, self: ApiGatewayV2Backend, resource_arn: str, tag_keys: list[str]) -> None:
    stage = _tagged(self, resource_arn)
    if stage is None:
        original(self, resource_arn, tag_keys)
    else:
        stage.tags = {key: value for key, value in stage.tags.items() if key not in tag_keys}


def _with_paths(paths: dict[str, Any]) -> dict[str, Any]:
    return {**paths, _ACCESS_LOG_PATH: ApiGatewayV2Response.dispatch, _TAGS_PATH: ApiGatewayV2Response.dispatch}


PATCHES = (
    decorated(urls, "url_paths", _with_paths, "has no routes for a stage's tags and access log settings"),
    added(ApiGatewayV2Response, "update_stage", _update, "lacks UpdateStage"),
    added(ApiGatewayV2Response, "delete_access_log_settings", _without_logs, "lacks DeleteAccessLogSettings"),
    wrapped(ApiGatewayV2Backend, "get_tags", _get, "knows no tags of stages"),
    wrapped(ApiGatewayV2Backend, "tag_resource", _tag, "knows no tags of stages"),
    wrapped(ApiGatewayV2Backend, "untag_resource", _untag, "knows no tags of stages"),
)
