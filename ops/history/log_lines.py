"""Log lines of Lambda, Powertools, Step Functions and the APIs, parsed into one type."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ops.json_text import parsed
from ops.masking import masked

_LIBRARIES = ("botocore", "boto3", "urllib3")

_EVERYWHERE = frozenset(
    {
        "level",
        "message",
        "timestamp",
        "time",
        "location",
        "service",
        "cold_start",
        "function_name",
        "function_memory_size",
        "function_arn",
        "function_request_id",
        "requestId",
        "AWSRequestId",
        "logger",
        "xray_trace_id",
        "stackTrace",
        "errorType",
        "errorMessage",
    }
)
"""Fields that every line has, or that the output shows in another way."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One event of a log. `is_noise`: the platform's own lines, metrics, and messages of libraries about themselves."""

    at: datetime
    source: str
    level: str
    message: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    is_noise: bool = False
    raw: str

    def as_json(self) -> dict[str, Any]:
        """Return the fields for the JSON output."""
        return {"at": self.at, "source": self.source, "level": self.level, "event": parsed(self.raw)}

    def as_text(self) -> str:
        """Return the line for a person."""
        details = "".join(f"  {name}={_short(value)}" for name, value in self.fields.items())
        level = f"{self.level} " if self.level not in ("", "INFO") else ""
        return f"{self.at.astimezone():%H:%M:%S}  {self.source:<17}  {level}{self.message}{details}"


def read(source: str, at: datetime, message: str) -> Line:
    """Parse an event; text that is not JSON is the message. Tokens are masked."""
    raw = masked(message.rstrip())
    said = parsed(raw)
    if not isinstance(said, dict):
        return Line(at=at, source=source, level="", message=raw, raw=raw)
    if "execution_arn" in said:
        return _of_workflow(source, at, said, raw)
    level = str(said.get("level", ""))
    is_library = str(said.get("logger", "")).startswith(_LIBRARIES) and level in ("INFO", "DEBUG")
    return Line(
        at=at,
        source=source,
        level=level,
        message=_message(said),
        fields={name: value for name, value in said.items() if name not in _EVERYWHERE},
        is_noise=is_library or "_aws" in said or str(said.get("type", "")).startswith("platform."),
        raw=raw,
    )


def _message(said: Mapping[str, Any]) -> str:
    if "errorMessage" in said:
        return f"{said.get('errorType', 'Error')}: {said['errorMessage']}"
    return str(said.get("message") or said.get("routeKey") or said.get("type") or "")


def _of_workflow(source: str, at: datetime, said: Mapping[str, Any], raw: str) -> Line:
    """https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"""
    details = said.get("details") or {}
    known = {name: details[name] for name in ("name", "resource", "error", "cause") if name in details}
    kind = str(said.get("type", ""))
    execution = str(said["execution_arn"]).rsplit(":", 1)[1]
    is_failure = kind.endswith(("Failed", "TimedOut", "Aborted"))
    return Line(
        at=at,
        source=source,
        level="ERROR" if is_failure else "INFO",
        message=kind,
        fields={**known, "execution": execution},
        # The states that it entered, and its failures, are enough to follow an execution.
        is_noise=not is_failure and not kind.endswith("StateEntered") and not kind.startswith("Execution"),
        raw=raw,
    )


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
