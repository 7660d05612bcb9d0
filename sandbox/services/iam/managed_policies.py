"""IAM: AWS's managed policies. moto has none unless it loads them all, which takes seconds at every start.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
"""

import json
from typing import Any

from moto.iam.models import AWSManagedPolicy, IAMBackend

from sandbox.patches import wrapped


def _attach(original: Any, self: Any, policy_arn: str, role_name: str) -> None:
    if ":iam::aws:policy/" in policy_arn and policy_arn not in self.managed_policies:
        # Imported here because it contains the text of every policy.
        from moto.iam.aws_managed_policies import aws_managed_policies_data

        name = policy_arn.rpartition("/")[2]
        data = json.loads(aws_managed_policies_data).get(name)
        if data is not None:
            policy = AWSManagedPolicy.from_data(name, self.account_id, self.region_name, data)
            self.managed_policies[policy.arn] = policy
    original(self, policy_arn, role_name)


PATCHES = (wrapped(IAMBackend, "attach_role_policy", _attach, "knows no managed policy of AWS"),)
