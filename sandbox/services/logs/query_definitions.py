"""CloudWatch Logs Insights: saved queries, which moto lacks.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
"""

import json
import time
import uuid
from typing import Any

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse

from sandbox.patches import added


def _definitions(response: Any) -> dict[str, dict[str, Any]]:
    # On the backend, so that moto's reset deletes them.
    kept: dict[str, dict[str, Any]] = response.logs_backend.__dict__.setdefault("query_definitions", {})
    return kept


def _put(self: Any) -> str:
    identifier = self._get_param("queryDefinitionId") or str(uuid.uuid4())
    _definitions(self)[identifier] = {
        "queryDefinitionId": identifier,
        "name": self._get_param("name"),
        "queryString": self._get_param("queryString"),
        "logGroupNames": self._get_param("logGroupNames") or [],
        "queryLanguage": self._get_param("queryLanguage") or "CWLI",
        "lastModified": int(time.time() * 1000),
    }
    return json.dumps({"queryDefinitionId": identifier})


def _describe(self: Any) -> str:
    prefix = self._get_param("queryDefinitionNamePrefix") or ""
    found = [item for item in _definitions(self).values() if item["name"].startswith(prefix)]
    return json.dumps({"queryDefinitions": found})


def _delete(self: Any) -> str:
    if _definitions(self).pop(self._get_param("queryDefinitionId"), None) is None:
        raise ResourceNotFoundException("The specified query definition does not exist.")
    return json.dumps({"success": True})


PATCHES = (
    added(LogsResponse, "put_query_definition", _put, "lacks PutQueryDefinition"),
    added(LogsResponse, "describe_query_definitions", _describe, "lacks DescribeQueryDefinitions"),
    added(LogsResponse, "delete_query_definition", _delete, "lacks DeleteQueryDefinition"),
)
