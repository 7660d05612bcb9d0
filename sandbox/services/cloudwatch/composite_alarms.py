"""CloudWatch: PutCompositeAlarm, which moto lacks. The rule is stored, but not evaluated.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import EmptyResult

from sandbox.patches import added

_SUPPRESSION = ("ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")


def _put(self: Any) -> EmptyResult:
    alarm = self.cloudwatch_backend.put_metric_alarm(
        name=self._get_param("AlarmName"),
        rule=self._get_param("AlarmRule"),
        description=self._get_param("AlarmDescription"),
        actions_enabled=self._get_bool_param("ActionsEnabled"),
        alarm_actions=self._get_param("AlarmActions", []),
        ok_actions=self._get_param("OKActions", []),
        insufficient_data_actions=self._get_param("InsufficientDataActions", []),
        tags=self._get_param("Tags", []),
        # Only metric alarms have these.
        namespace=None,
        metric_name=None,
        comparison_operator=None,
        evaluation_periods=None,
        period=None,
        threshold=None,
        statistic=None,
        dimensions=[],
    )
    # The serializer reads a shape's member under its own name.
    alarm.alarm_rule = alarm.rule
    for name in _SUPPRESSION:
        setattr(alarm, name, self._get_param(name))
    return EmptyResult()


PATCHES = (added(CloudWatchResponse, "put_composite_alarm", _put, "lacks PutCompositeAlarm"),)
