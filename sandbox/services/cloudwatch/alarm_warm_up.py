"""CloudWatch: how long a new alarm keeps still, which moto drops. No alarm of the sandbox goes off, warm or not.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse

from sandbox.services.patching import replaced


@contextmanager
def install() -> Iterator[None]:
    """Keep `WarmUpConfiguration`, and show it in every description of the alarm."""
    with replaced(CloudWatchResponse, "put_metric_alarm", _put):
        yield


def _put(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def put_metric_alarm(self: Any) -> Any:
        answer = original(self)
        alarm = self.cloudwatch_backend.alarms[self._get_param("AlarmName")]
        # The serializer looks for a shape's member under its own name.
        alarm.warm_up_configuration = self._get_param("WarmUpConfiguration")
        return answer

    return put_metric_alarm
