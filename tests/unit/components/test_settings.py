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
from tests.unit.components.bad_settings import BAD, ELSEWHERE, SCHEMA_TYPES, refused_values

ROOT = Path(__file__).parents[3]


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
    assert {key for key, _, _ in BAD} | ELSEWHERE.keys() == set(_schema())
    booleans = {key for key, declared in _schema().items() if declared["type"] == "boolean"}
    assert refused_values(_schema()).keys() == set(_schema()) - booleans


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
