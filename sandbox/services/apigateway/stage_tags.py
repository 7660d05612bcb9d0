"""API Gateway v2: the tag APIs for a stage, whose ARN has slashes that moto's routes do not take.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/tags-resource-arn.html
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from moto.apigatewayv2 import urls
from moto.apigatewayv2.models import ApiGatewayV2Backend, Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response

from sandbox.services.patching import replaced

# arn:aws:apigateway:us-east-1::/apis/{api}/stages/{stage}, with its slashes in the path.
_PATH = "{0}/v2/tags/(?P<arn_start>[^/]+)/apis/(?P<api_id>[^/]+)/stages/(?P<stage_name>[^/]+)$"
_PARTS = 5


@contextmanager
def install() -> Iterator[None]:
    """Let GetTags, TagResource and UntagResource work on stages."""
    with ExitStack() as stack:
        urls.url_paths[_PATH] = ApiGatewayV2Response.dispatch
        stack.callback(urls.url_paths.pop, _PATH)
        stack.enter_context(replaced(ApiGatewayV2Backend, "get_tags", _get))
        stack.enter_context(replaced(ApiGatewayV2Backend, "tag_resource", _tag))
        stack.enter_context(replaced(ApiGatewayV2Backend, "untag_resource", _untag))
        yield


def _stage(backend: ApiGatewayV2Backend, arn: str) -> Stage | None:
    parts = arn.split("/")
    if len(parts) != _PARTS or parts[3] != "stages":
        return None
    return backend.get_stage(parts[2], parts[4])


def _get(original: Callable[..., Any]) -> Callable[..., Any]:
    def get_tags(self: ApiGatewayV2Backend, resource_id: str) -> Any:
        stage = _stage(self, resource_id)
        return original(self, resource_id) if stage is None else stage.tags

    return get_tags


def _tag(original: Callable[..., Any]) -> Callable[..., Any]:
    def tag_resource(self: ApiGatewayV2Backend, resource_arn: str, tags: dict[str, str]) -> None:
        stage = _stage(self, resource_arn)
        if stage is None:
            original(self, resource_arn, tags)
        else:
            stage.tags = {**stage.tags, **tags}

    return tag_resource


def _untag(original: Callable[..., Any]) -> Callable[..., Any]:
    def untag_resource(self: ApiGatewayV2Backend, resource_arn: str, tag_keys: list[str]) -> None:
        stage = _stage(self, resource_arn)
        if stage is None:
            original(self, resource_arn, tag_keys)
        else:
            stage.tags = {key: value for key, value in stage.tags.items() if key not in tag_keys}

    return untag_resource
