"""CloudWatch Logs: AssociateKmsKey and DisassociateKmsKey, which moto lacks.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html
"""

from typing import Any

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse

from sandbox.patches import added


def _associate(self: Any) -> str:
    return _set(self, self._get_param("kmsKeyId"))


def _forget(self: Any) -> str:
    return _set(self, None)


def _set(response: Any, key: str | None) -> str:
    # `resourceIdentifier` names a log group by its ARN, and query results otherwise.
    named = str(response._get_param("logGroupName") or response._get_param("resourceIdentifier"))
    group = response.logs_backend.groups.get(named.rpartition(":log-group:")[2])
    if group is None:
        raise ResourceNotFoundException()
    group.kms_key_id = key
    return ""


PATCHES = (
    added(LogsResponse, "associate_kms_key", _associate, "lacks AssociateKmsKey"),
    added(LogsResponse, "disassociate_kms_key", _forget, "lacks DisassociateKmsKey"),
)
