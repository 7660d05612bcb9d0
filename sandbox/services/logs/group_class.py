"""CloudWatch Logs: the class of a log group (STANDARD unless another is given), which moto drops.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse

from sandbox.services.patching import replaced

_DEFAULT = "STANDARD"


@contextmanager
def install() -> Iterator[None]:
    """Keep `logGroupClass` on creation, and show it in every description."""
    with replaced(LogsResponse, "create_log_group", _create), replaced(LogGroup, "to_describe_dict", _describe):
        yield


def _create(original: Callable[[Any], str]) -> Callable[[Any], str]:
    def create_log_group(self: Any) -> str:
        answer = original(self)
        group = self.logs_backend.groups[self._get_param("logGroupName")]
        group.log_group_class = self._get_param("logGroupClass") or _DEFAULT
        return answer

    return create_log_group


def _describe(original: Callable[[LogGroup], dict[str, Any]]) -> Callable[[LogGroup], dict[str, Any]]:
    def to_describe_dict(self: LogGroup) -> dict[str, Any]:
        # Groups that another service made (Lambda) have none of their own.
        return {**original(self), "logGroupClass": getattr(self, "log_group_class", _DEFAULT)}

    return to_describe_dict
