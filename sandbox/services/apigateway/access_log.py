"""Access logs of an HTTP API's stage, in the stage's own format.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from moto.apigatewayv2.models import Stage
from moto.core.utils import unix_time_millis
from moto.utilities.arns import parse_arn

from sandbox.services.logs import streams

_VARIABLE = re.compile(r"\$context\.([A-Za-z0-9_.]*[A-Za-z0-9_])")


def render(template: str, variables: Mapping[str, Any]) -> str:
    """Return the log line, with each $context variable replaced by its value, or by a dash."""

    def value(found: re.Match[str]) -> str:
        # Escaped, so that a quote in a request's header does not break the line's JSON.
        return json.dumps(str(variables.get(found[1], "-")), ensure_ascii=False)[1:-1]

    return _VARIABLE.sub(value, template)


def write(api_id: str, stage: Stage, variables: Mapping[str, Any]) -> None:
    """Log one request, if the stage asks for it and its log group exists."""
    settings = stage.access_log_settings or {}
    if not settings.get("destinationArn") or not settings.get("format"):
        return
    target = parse_arn(settings["destinationArn"])
    group, stream = target.resource_id.removesuffix(":*"), f"{api_id}-{stage.name}"
    line = render(settings["format"], variables)
    streams.write(target.account, target.region, group, stream, line, int(unix_time_millis()))
