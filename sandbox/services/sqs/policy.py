"""SQS: SetQueueAttributes changes the attributes that it names. moto takes the policy away with every other change.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
"""

from typing import Any

from moto.sqs.models import SQSBackend

from sandbox.patches import wrapped


def _set(original: Any, self: SQSBackend, queue_name: str, attributes: dict[str, Any]) -> Any:
    return original(self, queue_name, {"Policy": self.get_queue(queue_name).policy, **attributes})


PATCHES = (wrapped(SQSBackend, "set_queue_attributes", _set, "drops a queue's policy with every other change"),)
