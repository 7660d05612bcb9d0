"""Log events of executions, in the log group and at the level of their state machine's logging configuration.

moto's interpreter decides which events to log, but has no destination for them.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.asl.eval.event.logging import (
    CloudWatchLoggingConfiguration,
    CloudWatchLoggingSession,
    HistoryLog,
)
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from sandbox.services.logs import streams

# Execution data is input and output; the parameters of a task count as such, and may contain a task token.
EXECUTION_DATA = ("input", "inputDetails", "output", "outputDetails", "parameters", "assignedVariables")


def session(machine: Any, execution_arn: str) -> "_Session | None":
    """Return the session that writes to CloudWatch Logs, None if the state machine does not log."""
    # Every field is optional.
    asked: Any = {"includeExecutionData": False, **(machine.loggingConfiguration or {})}
    configuration = CloudWatchLoggingConfiguration.from_logging_configuration(machine.arn, asked)
    return _Session(execution_arn, configuration) if configuration else None


class _Session(CloudWatchLoggingSession):
    def publish_history_log(self, history_log: HistoryLog) -> None:
        """Write one event of the history as a line of JSON; do nothing if the log group does not exist."""
        to = self.configuration
        at = datetime.fromisoformat(str(history_log["event_timestamp"]))
        # One stream for each state machine and hour; on AWS, the names have a suffix.
        stream = f"states/{to.state_machine_arn.rsplit(':', 1)[1]}/{at:%Y-%m-%d-%H}-00"
        line = to_json_str(self._line(history_log, at))
        streams.write(to.log_account_id, to.log_region, to.log_group_name, stream, line, _millis(at))

    def _line(self, history_log: HistoryLog, at: datetime) -> dict[str, Any]:
        details = dict(history_log.get("details") or {})
        if not self.configuration.include_execution_data:
            details = {name: value for name, value in details.items() if name not in EXECUTION_DATA}
        return {
            "id": history_log["id"],
            "type": history_log["type"],
            "details": details,
            "previous_event_id": history_log["previous_event_id"],
            "event_timestamp": str(_millis(at)),
            "execution_arn": history_log["execution_arn"],
        }


def _millis(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1000)
