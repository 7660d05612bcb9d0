"""Saved queries of CloudWatch Logs Insights, for questions that people ask the logs when something is wrong.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

LogGroups = Sequence[pulumi.Output[str]]
"""Names of log groups."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """A saved query: its text, the log groups that it searches, and its `key` within the stack."""

    key: str
    name: str
    log_groups: LogGroups
    text: str


@dataclass(frozen=True, kw_only=True)
class Logs:
    """The log groups of a stack, by their writers; the services are among the functions."""

    workflows: LogGroups
    functions: LogGroups
    services: LogGroups
    callback: LogGroups
    callback_api: LogGroups
    sweeper: LogGroups

    @property
    def all(self) -> LogGroups:
        """Return all log groups but the access logs, which have no errors from AWS."""
        return [*self.workflows, *self.functions]


def last_errors(logs: Logs) -> Query:
    """Return the query for errors of the functions, which the dashboard shows too."""
    return _query(
        "errors",
        "Errors of the functions",
        logs.functions,
        # Powertools writes `level`; for an uncaught exception, the runtime writes `errorType`.
        'filter level in ["ERROR", "CRITICAL"] or ispresent(errorType)',
        "fields @timestamp, @log, coalesce(exception_name, errorType) as error,"
        " coalesce(message, errorMessage) as said, function_request_id",
        "sort @timestamp desc",
        "limit 50",
    )


def queries(logs: Logs) -> list[Query]:
    """Return the queries whose log groups the stack has."""
    return [query for query in _queries(logs) if query.log_groups]


def _queries(logs: Logs) -> list[Query]:
    return [
        last_errors(logs),
        _query(
            "execution",
            "An execution, state by state (put in its name)",
            logs.workflows,
            'filter execution_arn like "EXECUTION-NAME"',
            "fields @timestamp, type, details.name, details.error, details.cause",
            "sort @timestamp asc, id asc",
            "limit 1000",
        ),
        _query(
            "failures",
            "Executions that did not succeed",
            logs.workflows,
            'filter type in ["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"]',
            "fields @timestamp, type, details.error, details.cause, execution_arn",
            "sort @timestamp desc",
            "limit 100",
        ),
        _query(
            "retries",
            "Tasks that failed or were tried again",
            logs.workflows,
            'filter type in ["TaskFailed", "TaskTimedOut", "TaskSubmitFailed", "TaskStartFailed"]',
            "stats count(*) as failures, latest(details.cause) as last_cause by execution_arn, details.error",
            "sort failures desc",
            "limit 100",
        ),
        _query(
            "refused-callbacks",
            "Callbacks that were refused",
            logs.callback_api,
            "filter status like /^[45]/",
            "fields @timestamp, status, sourceIp, integrationStatus, integrationError, requestId",
            "sort @timestamp desc",
            "limit 100",
        ),
        _query(
            "story",
            "Callbacks of a story (put in its key)",
            logs.callback,
            'filter jiraStoryId = "PROJ-12345" or message like "refused"',
            "fields @timestamp, message, jiraStoryId, outcome, reason, @message",
            "sort @timestamp desc",
            "limit 100",
        ),
        _query(
            "sweeps",
            "Sweeps",
            logs.sweeper,
            'filter message = "Swept"',
            "fields @timestamp, waiting, @message",
            "sort @timestamp desc",
            "limit 50",
        ),
        _query(
            "refused-orders",
            "Orders that were refused, by reason",
            logs.services,
            'filter message = "Refused"',
            "stats count(*) as orders, latest(reason) as last_reason by service, error",
            "sort orders desc",
        ),
        _query(
            "access-denied",
            "Access denied",
            logs.all,
            "filter @message like /AccessDenied|AuthorizationError|not authorized to perform/",
            "fields @timestamp, @log, @message",
            "sort @timestamp desc",
            "limit 50",
        ),
        _query(
            "limits",
            "Functions out of time or memory",
            logs.functions,
            'filter type = "platform.report" and record.status != "success"',
            "fields @timestamp, @log, record.status, record.metrics.durationMs, record.metrics.maxMemoryUsedMB,"
            " record.requestId",
            "sort @timestamp desc",
            "limit 50",
        ),
        _query(
            "durations",
            "Functions by time, memory and cold starts",
            logs.functions,
            'filter type = "platform.report"',
            "stats count(*) as calls, count(record.metrics.initDurationMs) as cold,"
            " pct(record.metrics.durationMs, 95) as p95_ms, max(record.metrics.durationMs) as max_ms,"
            " max(record.metrics.maxMemoryUsedMB) as memory_mb by @log",
            "sort max_ms desc",
        ),
    ]


def _query(key: str, name: str, log_groups: LogGroups, *commands: str) -> Query:
    return Query(key=key, name=name, log_groups=log_groups, text="\n| ".join(commands))
