"""No key of the configuration is dead: each changes what the program registers."""

import re
from typing import Any

import pytest

from sandbox.stack import load
from tests.unit.components.builders import KEY_ARN
from tests.unit.recorded_program import FEATURES, ROOT, recorded

CHANGES: dict[str, Any] = {
    "projectName": "zebra",
    "environment": "quartz",
    "lambdaRuntime": "python3.12",
    "lambdaArchitecture": "x86_64",
    "lambdaMemorySize": 1111,
    "lambdaTimeout": 43,
    "logRetentionDays": 3288,
    "logExecutionData": True,
    "stateMachineTimeoutSeconds": 100_003,
    "callbackTimeoutSeconds": 70_001,
    "reminderAfterSeconds": 3613,
    "reminders": ["after 3617", "before 3623 arn:aws:sns:us-east-1:123456789012:managers"],
    "reminderEmail": "qa@example.com",
    "runbookBaseUrl": "https://git.example.com/runbooks",
    "alarmEmail": "ops@example.com",
    "serviceErrorThreshold": 37,
    "mockDelaySeconds": 3,
    "apis": [
        {"name": "validation"},
        {"name": "security", "url": "https://api.example.com/security", "required": False},
    ],
    "apiTokens": {"security": "given-security", "validation": "given-validation"},
    "orderServices": {
        "payment": {"timeoutSeconds": 53, "maxAttempts": 1, "retryIntervalSeconds": 3, "backoffRate": 1.61}
    },
    "jiraDoneStatuses": ["Shipped"],
    "jiraFailedStatuses": ["Binned"],
    "corsAllowedOrigins": ["https://ops.example.com"],
    "throttleRateLimit": 777,
    "throttleBurstLimit": 888,
    "inputPrefix": "releases/in/",
    "inputBuckets": ["their-bucket"],
    "kmsKeyArn": KEY_ARN,
    "ordersEventBusName": "theirs",
    "ordersApprovalAbove": 54_321,
    "paymentFailureRate": "0.53",
    "inventoryFailureRate": "0.57",
    "approvalLinks": True,
    "approvalLinkSeconds": 7211,
    "approvalPolicies": {"release": {"approvers": ["deciders", "yves@example.com"], "approvals": 2}},
    "approvalGroups": {"deciders": ["zoe@example.com"]},
    "rollout": "canary",
    "rolloutPauseMinutes": 173,
    "tokenGeneration": 2917,
    "protectData": True,
    "outputPrefix": "releases/out/",
    "logPrefix": "releases/told/",
    "resultRetentionDays": 1471,
    "oldVersionDays": 1483,
    "storyRetentionDays": 1487,
    "pointInTimeRecoveryDays": 23,
    "backupSchedule": "cron(7 2 * * ? *)",
    "backupKeepDays": 1489,
    "backupCopyVaultArn": "arn:aws:backup:eu-central-1:123456789012:backup-vault:copies",
    "vpcCidr": "10.97.0.0/24",
    "subnetIds": ["subnet-0a1b2c"],
    "securityGroupIds": ["sg-0d1e2f"],
    "tableCapacity": "provisioned",
    "tableCapacityMin": 41,
    "tableCapacityMax": 4243,
    "tableCapacityTarget": 59,
    "logLevel": "WARNING",
    "functions": {"hold-callback": {"memorySize": 2053, "timeoutSeconds": 19, "reservedConcurrency": 431}},
    "orders": False,
    "monitoring": False,
    "mockApis": False,
    "demoFailures": False,
}
"""For every key a value that the stack `dev` does not have, and that nothing else in its resources looks like."""

SEEN_ALONE = {"reminders", "logExecutionData", "protectData", "mockDelaySeconds", "approvalLinks", "vpcCidr", *FEATURES}
"""Keys that are tried one at a time: a switch has no value to look for, and a short delay looks like other numbers."""

SEEN_BY = {
    "apis": "https://api.example.com/security",
    "apiTokens": "given-security",
    "tableCapacity": "PROVISIONED",
    "storyRetentionDays": 70_001 + 1487 * 24 * 3600,
    "functions": 431,
    "approvalPolicies": "yves@example.com",
    "approvalGroups": "zoe@example.com",
    "orderServices": 1.61,
    "logLevel": "'POWERTOOLS_LOG_LEVEL': 'WARNING'",
    "pointInTimeRecoveryDays": "'recoveryPeriodInDays': 23",
}
"""The part to look for of keys that hold objects, and what others become."""


def _comparable(inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs, with an archive as its path."""
    return {key: getattr(value, "path", value) for key, value in inputs.items()}


def test_there_is_a_change_for_every_key() -> None:
    prefix = "holdpoint:"
    assert {f"{prefix}{key}" for key in CHANGES} == {key for key in load(ROOT, "dev").config if key.startswith(prefix)}


def _inputs(**config: Any) -> str:
    """The inputs of all resources, as text."""
    return "\n".join(
        f"{each.type} {each.name} {_comparable(each.inputs)}" for each in recorded("dev", **config).resources
    )


@pytest.mark.parametrize("key", CHANGES)
def test_every_key_is_effective(key: str) -> None:
    changed = CHANGES[key]
    assert load(ROOT, "dev").config[f"holdpoint:{key}"] != load(ROOT, "dev", {key: changed}).config[f"holdpoint:{key}"]
    if key in SEEN_ALONE:
        more = FEATURES.get(key, {})
        assert _inputs(**{key: changed}, **more) != _inputs(**more)
        return
    # How long links are good matters where there are links.
    together = {name: value for name, value in CHANGES.items() if name not in SEEN_ALONE - {"approvalLinks"}}
    part = SEEN_BY.get(key) or (changed[0] if isinstance(changed, list) else changed)
    value = re.compile(rf"(?<![\w.]){re.escape(str(part))}(?![\w.])")
    assert not value.search(_inputs()), f"{key}: choose a value that the stack does not have already"
    assert value.search(_inputs(**together))
