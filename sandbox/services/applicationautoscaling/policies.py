"""Application Auto Scaling: a changed policy keeps its ARN, and its alarms take the place of those from before.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
"""

from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend

from sandbox.patches import wrapped


def _put(original: Any, self: ApplicationAutoscalingBackend, **parameters: Any) -> Any:
    before = set(self.policies.values())
    policy = original(self, **parameters)
    for replaced in before - set(self.policies.values()):
        replaced.delete_alarms(self.account_id, self.region_name)
        policy.policy_arn = replaced.policy_arn
    return policy


PATCHES = (
    wrapped(
        ApplicationAutoscalingBackend,
        "put_scaling_policy",
        _put,
        "leaves the alarms of a policy that it replaces, and changes its ARN",
    ),
)
