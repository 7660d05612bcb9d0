"""Application Auto Scaling: the tags of scalable targets, which moto drops, and their three operations.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ListTagsForResource.html
"""

import json
from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.exceptions import JsonRESTError

from sandbox.patches import added, wrapped


def _register(original: Any, self: Any) -> str:
    answer: str = original(self)
    tags = self._get_param("Tags")
    if tags:
        _kept(self, json.loads(answer)["ScalableTargetARN"]).update(tags)
    return answer


def _list(self: Any) -> str:
    return json.dumps({"Tags": _kept(self, self._get_param("ResourceARN"))})


def _tag(self: Any) -> str:
    _kept(self, self._get_param("ResourceARN")).update(self._get_param("Tags"))
    return "{}"


def _untag(self: Any) -> str:
    tags = _kept(self, self._get_param("ResourceARN"))
    for key in self._get_param("TagKeys"):
        tags.pop(key, None)
    return "{}"


def _kept(response: Any, arn: str) -> dict[str, str]:
    """Return the tags of a target, to be read and changed."""
    by_dimension = response.applicationautoscaling_backend.targets.values()
    target = next((each for targets in by_dimension for each in targets.values() if each.arn == arn), None)
    if target is None:
        raise JsonRESTError("ResourceNotFoundException", f"No scalable target found for resource ARN: {arn}")
    tags: dict[str, str] = target.__dict__.setdefault("tags", {})
    return tags


PATCHES = (
    wrapped(ApplicationAutoScalingResponse, "register_scalable_target", _register, "drops the tags"),
    added(ApplicationAutoScalingResponse, "list_tags_for_resource", _list, "lacks ListTagsForResource"),
    added(ApplicationAutoScalingResponse, "tag_resource", _tag, "lacks TagResource"),
    added(ApplicationAutoScalingResponse, "untag_resource", _untag, "lacks UntagResource"),
)
