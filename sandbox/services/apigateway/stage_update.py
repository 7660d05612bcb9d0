"""API Gateway v2: UpdateStage and DeleteAccessLogSettings, which moto does not have.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from moto.apigatewayv2 import urls
from moto.apigatewayv2.models import Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response

from sandbox.services.added import added

_PATH = "{0}/v2/apis/(?P<api_id>[^/]+)/stages/(?P<stage_name>[^/]+)/accesslogsettings$"
# The fields of a change, and the attributes of moto's stage that keep them.
_KEPT = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "clientCertificateId": "client_certificate_id",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "routeSettings": "route_settings",
    "stageVariables": "stage_variables",
}


@contextmanager
def install() -> Iterator[None]:
    """Let a stage be changed."""
    with ExitStack() as stack:
        urls.url_paths[_PATH] = ApiGatewayV2Response.dispatch
        stack.callback(urls.url_paths.pop, _PATH)
        stack.enter_context(added(ApiGatewayV2Response, "update_stage", _update))
        stack.enter_context(added(ApiGatewayV2Response, "delete_access_log_settings", _without_logs))
        yield


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
            # A change of one setting leaves the others; an empty text removes a stage variable.
            both = {**kept, **value} if isinstance(value, dict) and isinstance(kept, dict) else value
            if field == "stageVariables":
                both = {name: text for name, text in both.items() if text != ""}
            setattr(stage, _KEPT[field], both)
    stage.updated = datetime.now()
    return 200, {}, json.dumps(stage.to_json())


def _without_logs(self: Any) -> Any:
    _stage(self).access_log_settings = None
    return 204, {}, ""
