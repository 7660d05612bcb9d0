"""CloudWatch: the warm-up period of a new alarm, which moto drops. No alarm goes off in the sandbox in any case.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
"""

from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse

from sandbox.patches import wrapped


def _put(original: Any, self: Any) -> Any:
    answer = original(self)
    alarm = self.cloudwatch_backend.alarms[self._get_param("AlarmName")]
    # The serializer reads a shape's member under its own name.
    alarm.warm_up_configuration = self._get_param("WarmUpConfiguration")
    return answer


PATCHES = (wrapped(CloudWatchResponse, "put_metric_alarm", _put, "drops WarmUpConfiguration"),)
