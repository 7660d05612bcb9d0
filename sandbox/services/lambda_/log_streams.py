"""Log streams of Lambda functions in CloudWatch Logs, with the platform's own lines."""

import json
import threading
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.core.utils import unix_time_millis, utcnow

from sandbox.iam import enforcement, roles
from sandbox.iam.enforcement import AccessDeniedError
from sandbox.iam.policies import Access
from sandbox.services.lambda_.configuration import logging_config

_creating = threading.Lock()


@dataclass(frozen=True)
class Report:
    """One finished invocation. Durations are in milliseconds; `init_ms` is None for a warm container."""

    request_id: str
    version: str
    memory_mb: int
    duration_ms: float
    init_ms: float | None
    status: str


def log_lines(report: Report, output: str, error: dict[str, Any] | None, json_format: bool) -> list[str]:
    """Return the log events of an invocation in AWS's order and format: start, the function's lines, its error, report.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
    """
    # Only a line feed ends a line. A function may print other characters that Python treats as line ends.
    lines = output.removesuffix("\n").split("\n") if output else []
    if json_format:
        if error is not None:
            stamp = utcnow().strftime("%Y-%m-%dT%H:%M:%SZ")
            lines.append(json.dumps({"timestamp": stamp, "level": "ERROR", **error}))
        start = {"requestId": report.request_id, "version": report.version}
        metrics = {"durationMs": round(report.duration_ms, 3), "memorySizeMB": report.memory_mb}
        if report.init_ms is not None:
            metrics["initDurationMs"] = round(report.init_ms, 3)
        end = {"requestId": report.request_id, "metrics": metrics, "status": report.status}
        return [_platform("platform.start", start), *lines, _platform("platform.report", end)]
    if error is not None:
        lines.append(_error_text(error))
    duration = f"Duration: {report.duration_ms:.2f} ms\tBilled Duration: {-(-report.duration_ms // 1):.0f} ms"
    init = "" if report.init_ms is None else f"\tInit Duration: {report.init_ms:.2f} ms"
    return [
        f"START RequestId: {report.request_id} Version: {report.version}",
        *lines,
        f"END RequestId: {report.request_id}",
        f"REPORT RequestId: {report.request_id}\t{duration}\tMemory Size: {report.memory_mb} MB{init}",
    ]


def write(function: LambdaFunction, stream: str, lines: list[str]) -> None:
    """Append the lines to the function's log group; create a missing group or stream, as on AWS.

    Lambda writes with the function's role: without its permission the lines are lost.
    Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    """
    backend = function.logs_backend
    group = logging_config(function)["LogGroup"]
    session = roles.session(function.role, function.function_name, function.region)
    log = f"arn:aws:logs:{function.region}:{function.account_id}:log-group:{group}:log-stream:{stream}"
    try:
        with _creating:
            if group not in backend.groups:
                enforcement.require(session, Access("logs:CreateLogGroup", log.rpartition("log-stream:")[0]))
                backend.ensure_log_group(group)
            if stream not in backend.groups[group].streams:
                enforcement.require(session, Access("logs:CreateLogStream", log))
                backend.create_log_stream(group, stream)
        enforcement.require(session, Access("logs:PutLogEvents", log))
    except AccessDeniedError:
        return
    now = int(unix_time_millis())
    # CloudWatch Logs refuses an event without text.
    backend.put_log_events(group, stream, [{"timestamp": now, "message": line} for line in lines if line])


def _platform(kind: str, record: dict[str, Any]) -> str:
    return json.dumps({"time": utcnow().strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "type": kind, "record": record})


def _error_text(error: dict[str, Any]) -> str:
    head = f"[ERROR] {error['errorType']}: {error['errorMessage']}"
    return "\n".join([head, "Traceback (most recent call last):", *error.get("stackTrace", [])])
