"""Bad values of every key of the configuration, and what the error of each says is allowed."""

from collections.abc import Mapping
from typing import Any

SCHEMA_TYPES = {str: "string", int: "integer", bool: "boolean", list: "array", dict: "object"}

BAD = [
    ("projectName", "Has Capitals", "should match pattern"),
    ("projectName", "a-name-of-twenty-one-ch", "should match pattern"),
    ("environment", "with-hyphen", "should match pattern"),
    ("lambdaRuntime", "python3.9", "'python3.13'"),
    ("lambdaArchitecture", "riscv", "'arm64' or 'x86_64'"),
    ("lambdaMemorySize", 64, "greater than or equal to 128"),
    ("lambdaMemorySize", "much", "valid integer"),
    ("lambdaTimeout", 901, "less than or equal to 900"),
    ("logRetentionDays", 8, "must be one of 1, 3, 5, 7"),
    ("logExecutionData", "perhaps", "valid boolean"),
    ("stateMachineTimeoutSeconds", 0, "greater than or equal to 1"),
    ("callbackTimeoutSeconds", 10**9, "less than or equal to 31536000"),
    ("reminderAfterSeconds", -1, "greater than or equal to 0"),
    ("reminders", ["after 0"], "should match pattern"),
    ("ordersApprovalAbove", -1, "greater than or equal to 0"),
    ("reminderEmail", "qa", "should match pattern"),
    ("alarmEmail", "ops@example", "should match pattern"),
    ("runbookBaseUrl", "git.example.com/runbooks", "should match pattern"),
    ("serviceErrorThreshold", 0, "greater than or equal to 1"),
    ("inputPrefix", "inputs", "should match pattern"),
    ("inputPrefix", "in*/", "should match pattern"),
    ("inputPrefix", "logs/in/", "must not begin with logs/, which is logPrefix"),
    ("outputPrefix", "a/../b/", "must not have . or .. between slashes"),
    ("outputPrefix", "/outputs/", "should match pattern"),
    ("logPrefix", "./", "must not have . or .. between slashes"),
    ("resultRetentionDays", -1, "greater than or equal to 0"),
    ("oldVersionDays", 0, "greater than or equal to 1"),
    ("storyRetentionDays", 0, "greater than or equal to 1"),
    ("pointInTimeRecoveryDays", 36, "less than or equal to 35"),
    ("backupSchedule", "daily", "should match pattern"),
    ("backupCopyVaultArn", "holdpoint-copies", "should match pattern"),
    ("backupKeepDays", 0, "greater than or equal to 1"),
    ("vpcCidr", "10.42.0.0/28", "must be a private range of /16 to /27"),
    ("vpcCidr", "8.8.0.0/16", "must be a private range"),
    ("vpcCidr", "10.42.0.1/24", "has host bits set"),
    ("subnetIds", ["mine"], "should match pattern"),
    ("securityGroupIds", ["mine"], "should match pattern"),
    ("tableCapacity", "some", "'on-demand' or 'provisioned'"),
    ("tableCapacityMin", 101, "must not be more than tableCapacityMax, so at most 100"),
    ("tableCapacityMax", 40_001, "less than or equal to 40000"),
    ("tableCapacityTarget", 91, "less than or equal to 90"),
    ("logLevel", "TRACE", "'INFO'"),
    ("functions", {"hold-callbak": {}}, "did you mean hold-callback?"),
    ("orderServices", {"paymnt": {}}, "did you mean payment?"),
    ("mockDelaySeconds", 26, "less than or equal to 25"),
    ("mockDelaySeconds", True, "valid integer"),
    ("ordersEventBusName", "a bus", "should match pattern"),
    ("paymentFailureRate", "1.5", "should match pattern"),
    ("inventoryFailureRate", "half", "should match pattern"),
    ("jiraDoneStatuses", [], "at least 1 item"),
    ("jiraFailedStatuses", "Rejected", "valid list"),
    ("jiraFailedStatuses", [], "at least 1 item"),
    ("corsAllowedOrigins", ["*"], "https://ops.example.com"),
    ("corsAllowedOrigins", ["https://*.example.com"], "https://ops.example.com"),
    ("corsAllowedOrigins", ["https://ops.example.com/"], "without wildcard or path"),
    ("throttleRateLimit", 0, "greater than or equal to 1"),
    ("throttleBurstLimit", 5001, "less than or equal to 5000"),
    ("inputBuckets", ["Not_A_Bucket"], "should match pattern"),
    ("kmsKeyArn", "alias/mine", "should match pattern"),
    ("approvalLinks", "yes", "valid boolean"),
    ("approvalLinkSeconds", -1, "greater than or equal to 0"),
    ("rollout", "blue-green", "'all-at-once', 'canary' or 'linear'"),
    ("rolloutPauseMinutes", 0, "greater than or equal to 1"),
    ("tokenGeneration", 0, "greater than or equal to 1"),
    ("protectData", "yes", "valid boolean"),
    ("orders", "none", "valid boolean"),
    ("monitoring", "none", "valid boolean"),
    ("mockApis", "none", "valid boolean"),
    ("demoFailures", "none", "valid boolean"),
]

ELSEWHERE = {
    "apis": [{"name": "Security"}],
    "apiTokens": {"validation": "two words"},
    "approvalPolicies": {"shipping": {}},
    "approvalGroups": {"Deciders": ["zoe@example.com"]},
}
"""Keys whose bad values are in test_api_settings.py and test_approval_settings.py, with one of each."""


def refused_values(schema: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return for every key a value that the engine takes, because it has the key's type, and the program refuses."""
    fitting = {key: value for key, value, _ in reversed(BAD) if SCHEMA_TYPES[type(value)] == schema[key]["type"]}
    return {key: value for key, value in {**fitting, **ELSEWHERE}.items() if schema[key]["type"] != "boolean"}
