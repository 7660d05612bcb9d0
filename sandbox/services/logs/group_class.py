"""CloudWatch Logs: the class of a log group (STANDARD unless another is given), which moto drops.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
"""

from typing import Any

from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse

from sandbox.patches import wrapped

_DEFAULT = "STANDARD"


def _create(original: Any, self: Any) -> str:
    answer: str = original(self)
    group = self.logs_backend.groups[self._get_param("logGroupName")]
    group.log_group_class = self._get_param("logGroupClass") or _DEFAULT
    return answer


def _describe(original: Any, self: LogGroup) -> dict[str, Any]:
    # Groups that another service made (Lambda) have no class.
    return {**original(self), "logGroupClass": getattr(self, "log_group_class", _DEFAULT)}


PATCHES = (
    wrapped(LogsResponse, "create_log_group", _create, "drops logGroupClass"),
    wrapped(LogGroup, "to_describe_dict", _describe, "does not show logGroupClass"),
)
