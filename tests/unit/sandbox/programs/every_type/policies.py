"""Policy documents."""

import json


def policy(*statements: dict[str, object]) -> str:
    """Create a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(*services: str) -> str:
    """Return the policy that names who may assume a role."""
    return policy({"Effect": "Allow", "Principal": {"Service": [*services]}, "Action": "sts:AssumeRole"})
