"""The configuration: schema and program agree; a bad value fails with its key and the allowed values."""

import json
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin

import pulumi
import pytest

# PyYAML comes with Pulumi; its type information would be one more package to pin for one call.
import yaml  # type: ignore[import-untyped]
from pydantic.alias_generators import to_camel

from components.config_errors import ConfigError
from components.settings import WRAP_UP_SECONDS, Settings
from sandbox.stack import load

ROOT = Path(__file__).parents[3]

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

ELSEWHERE = {"apis", "apiTokens", "approvalPolicies", "approvalGroups"}
"""Keys whose bad values are in test_api_settings.py and test_approval_settings.py."""


def _schema() -> dict[str, dict[str, Any]]:
    schema: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    return schema


def configure(**values: Any) -> None:
    """Set the configuration of the stack `dev`, with these values in place of its own."""
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    config = dict(load(ROOT, "dev").config)
    pulumi.runtime.settings.configure(pulumi.runtime.settings.Settings(project="holdpoint", stack="dev"))
    pulumi.runtime.set_all_config({**config, **{f"holdpoint:{key}": text for key, text in texts.items()}})


def _type_of(annotation: Any) -> str:
    kind = get_origin(annotation) or annotation
    if kind in SCHEMA_TYPES:
        return SCHEMA_TYPES[kind]
    # A literal has the type of its values.
    (of_values,) = {type(value) for value in get_args(annotation)} - {NoneType}
    return SCHEMA_TYPES[of_values]


def test_schema_has_exactly_the_settings() -> None:
    assert set(_schema()) == {to_camel(name) for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_schema_gives_type_default_and_description(name: str) -> None:
    declared = _schema()[to_camel(name)]
    assert declared["type"] == _type_of(Settings.model_fields[name].annotation)
    assert len(declared["description"]) > 20
    assert declared["description"].endswith(".")
    assert "default" in declared


def test_only_the_schema_has_defaults() -> None:
    assert all(field.is_required() for field in Settings.model_fields.values())


def test_the_defaults_load() -> None:
    configure()
    settings = Settings.load()
    # What the stack `dev` has otherwise.
    own = {"ordersEventBusName": "default", "demoFailures": True, "pointInTimeRecoveryDays": 7}
    for key, declared in _schema().items():
        loaded = settings.model_dump(by_alias=True, exclude_unset=True)[key]
        assert loaded == own.get(key, declared["default"])
    assert settings.prefix == "holdpoint-dev"


def test_every_key_has_a_bad_value_here() -> None:
    assert {key for key, _, _ in BAD} | ELSEWHERE == set(_schema())


@pytest.mark.parametrize(("key", "value", "allowed"), BAD)
def test_error_of_a_bad_value_names_key_and_allowed_values(key: str, value: Any, allowed: str) -> None:
    configure(**{key: value})
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    (told,) = [line for line in str(caught.value).splitlines() if f"holdpoint:{key}" in line]
    shown = next(iter(value)) if isinstance(value, list | dict) and value else value
    assert str(shown) in told
    assert allowed in told


def test_all_bad_values_are_reported_together() -> None:
    configure(lambdaTimeout=0, logRetentionDays=8, environment="X")
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    first, *problems, last = str(caught.value).splitlines()
    assert first == "The stack's configuration has to be corrected:"
    assert [problem.split()[0] for problem in problems] == [
        "holdpoint:environment",
        "holdpoint:lambdaTimeout",
        "holdpoint:logRetentionDays",
    ]
    assert "pulumi config set" in last


@pytest.mark.parametrize(
    ("key", "way"),
    [("lambdaMemorysize", "did you mean holdpoint:lambdaMemorySize"), ("zzz", "Pulumi.yaml declares them")],
)
def test_error_of_an_unknown_key_hides_its_value(key: str, way: str) -> None:
    configure(**{key: "open-sesame"})
    with pytest.raises(ConfigError, match=f"holdpoint:{key} is no key of this program.*{way}") as caught:
        Settings.load()
    assert "open-sesame" not in str(caught.value)


def test_unknown_key_in_the_form_of_the_engine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    config = dict(load(ROOT, "dev").config)
    pulumi.runtime.set_all_config({})
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({**config, "holdpoint:unknown": "1", "other:unknown": "1"}))
    with pytest.raises(ConfigError, match="holdpoint:unknown is no key") as caught:
        Settings.load()
    assert "other:unknown" not in str(caught.value)


@pytest.mark.parametrize(("key", "is_list"), [("jiraDoneStatuses", True), ("lambdaTimeout", False)])
def test_error_of_a_list_shows_the_command_that_fixes_it(key: str, is_list: bool) -> None:
    configure(**{key: "x"})
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    # A plain `pulumi config set` would store text, which the engine refuses for an array.
    assert ("--path '<key>[0]'" in str(caught.value)) is is_list


def test_missing_value_is_reported() -> None:
    pulumi.runtime.set_all_config({"holdpoint:environment": "dev"})
    with pytest.raises(ConfigError, match="holdpoint:projectName is missing"):
        Settings.load()


def test_execution_timeout_shorter_than_the_wait_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warnings.append)
    apis = [{"name": "validation", "timeoutSeconds": 10, "maxAttempts": 5}, {"name": "deployment", "maxAttempts": 0}]
    # The longest API has six calls of 10 s, and waits 2, 4, 8, 16 and 30 s between them.
    enough = 3600 + (60 + 60) + WRAP_UP_SECONDS
    configure(callbackTimeoutSeconds=3600, stateMachineTimeoutSeconds=enough, apis=apis)
    assert Settings.load().state_machine_timeout_seconds == enough
    assert warnings == []
    configure(callbackTimeoutSeconds=3600, stateMachineTimeoutSeconds=enough - 1, apis=apis)
    assert Settings.load().state_machine_timeout_seconds == enough - 1
    (warning,) = warnings
    assert f"stateMachineTimeoutSeconds is {enough - 1}" in warning
    assert f"{enough} or more" in warning


def test_reminder_must_precede_the_timeout() -> None:
    configure(reminderAfterSeconds=60, callbackTimeoutSeconds=60)
    with pytest.raises(ConfigError, match=r"reminderAfterSeconds is 60: must be less than callbackTimeoutSeconds.* 60"):
        Settings.load()


def test_status_is_either_done_or_failed() -> None:
    configure(jiraDoneStatuses=["Done", "Gepru\u0308ft"], jiraFailedStatuses=["GEPR\u00dcFT"])
    with pytest.raises(ConfigError, match="jiraDoneStatuses and jiraFailedStatuses share gepru\u0308ft"):
        Settings.load()
