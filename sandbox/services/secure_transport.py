"""Treats the sandbox's plain HTTP on the loopback interface as secure, for bucket policies that require TLS."""

import json
from types import SimpleNamespace
from typing import Any

from moto.s3.models import FakeBucket

from sandbox.patches import wrapped

_KEY = "aws:securetransport"


def _secure(original: Any, bucket: FakeBucket, action: str, resource: str) -> Any:
    if bucket.policy is None:
        return original(bucket, action, resource)
    policy = json.dumps(over_tls(json.loads(bucket.policy))).encode()
    return original(SimpleNamespace(policy=policy), action, resource)


def over_tls(policy: dict[str, Any]) -> dict[str, Any]:
    """Return the policy for a call over TLS, without the statements for plain HTTP."""
    statements = policy["Statement"]
    given = statements if isinstance(statements, list) else [statements]
    return {**policy, "Statement": [kept for kept in map(_over_tls, given) if kept is not None]}


def _over_tls(statement: dict[str, Any]) -> dict[str, Any] | None:
    conditions: dict[str, dict[str, Any]] = {}
    for operator, keys in (statement.get("Condition") or {}).items():
        others = {}
        for key, value in keys.items():
            if operator in {"Bool", "BoolIfExists"} and key.lower() == _KEY:
                if str(value).lower() == "false":
                    return None
            else:
                others[key] = value
        if others:
            conditions[operator] = others
    kept = {name: value for name, value in statement.items() if name != "Condition"}
    return {**kept, "Condition": conditions} if conditions else kept


PATCHES = (wrapped(FakeBucket, "get_permission", _secure, "takes every request for plain HTTP"),)
