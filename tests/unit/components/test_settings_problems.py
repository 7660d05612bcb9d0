"""Messages about contradictory settings and settings of single functions name the key and say what to do."""

from typing import Any

import pytest

from components.config_errors import ConfigError
from components.function_settings import FUNCTIONS
from components.settings import Settings
from tests.unit.components.test_settings import configure
from tests.unit.recorded_program import recorded


@pytest.mark.parametrize("environment", ["prod", "prodeu", "production", "live"])
def test_failures_on_demand_are_refused_in_production(environment: str) -> None:
    configure(environment=environment, demoFailures=True)
    with pytest.raises(ConfigError, match=f"demoFailures is true: must be false in the environment {environment}"):
        Settings.load()


@pytest.mark.parametrize("key", ["paymentFailureRate", "inventoryFailureRate"])
def test_failure_rate_needs_failures_on_demand(key: str) -> None:
    configure(demoFailures=False, **{key: "0.5"})
    with pytest.raises(ConfigError, match=f"{key} is 0.5: works with demoFailures only"):
        Settings.load()


def test_copies_of_backups_need_backups() -> None:
    configure(backupCopyVaultArn="arn:aws:backup:eu-central-1:123456789012:backup-vault:copies")
    with pytest.raises(ConfigError, match=r"backupCopyVaultArn is .*: there is nothing to copy without backupSchedule"):
        Settings.load()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"subnetIds": ["subnet-1"]}, "securityGroupIds is missing: must be given with subnetIds"),
        ({"securityGroupIds": ["sg-1"]}, "subnetIds is missing: must be given with securityGroupIds"),
        (
            {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"], "vpcCidr": "10.42.0.0/24"},
            "vpcCidr is 10.42.0.0/24: must be empty with subnetIds",
        ),
    ],
)
def test_network_is_a_new_one_or_one_that_exists(values: dict[str, Any], error: str) -> None:
    configure(**values)
    with pytest.raises(ConfigError, match=error):
        Settings.load()


def test_mail_of_alarms_needs_monitoring() -> None:
    configure(monitoring=False, alarmEmail="ops@example.com")
    with pytest.raises(ConfigError, match=r"alarmEmail is ops@example.com: there are no alarms without monitoring"):
        Settings.load()


@pytest.mark.parametrize(
    ("reminders", "error"),
    [
        (["after 60", "after 59"], r"reminders\[0\] is 'after 60': must be within callbackTimeoutSeconds.* 60"),
        (["before 60"], r"reminders\[0\] is 'before 60': must be within callbackTimeoutSeconds"),
    ],
)
def test_reminders_come_during_the_wait(reminders: list[str], error: str) -> None:
    configure(reminders=reminders, callbackTimeoutSeconds=60)
    with pytest.raises(ConfigError, match=error):
        Settings.load()


def test_reminders_have_one_form() -> None:
    configure(reminders=["after 7"], reminderAfterSeconds=8)
    with pytest.raises(ConfigError, match=r"reminderAfterSeconds is 8: reminders takes its place.*\[after 8\]"):
        Settings.load()


def test_approval_of_orders_needs_orders() -> None:
    configure(orders=False, ordersApprovalAbove=500)
    with pytest.raises(ConfigError, match=r"ordersApprovalAbove is 500: there are no orders without orders"):
        Settings.load()


def test_without_mocks_every_api_needs_a_url() -> None:
    configure(mockApis=False)
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    for index, name in enumerate(("validation", "deployment", "notification")):
        missing = (
            f"holdpoint:apis[{index}].url is missing: without mockApis there are no mocks, so give the API {name} its"
        )
        assert f"{missing} URL by pulumi config set --path 'apis[{index}].url' <url>" in str(caught.value)


def test_two_prefixes_must_not_be_the_same() -> None:
    configure(outputPrefix="files/", logPrefix="files/")
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    assert str(caught.value).count("must not begin with files/") == 1


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"memorySize": 64}, r"functions.hold-callback.memorySize is 64: .*greater than or equal to 128"),
        ({"timeoutSeconds": 901}, r"functions.hold-callback.timeoutSeconds is 901: .*less than or equal to 900"),
        ({"reservedConcurrency": 901}, r"functions.hold-callback.reservedConcurrency is 901: .*equal to 900"),
        ({"memory": 512}, r"functions.hold-callback.memory is no field of a function: did you mean memorySize"),
        (7, r"functions.hold-callback is 7: must be an object with the fields memorySize, timeoutSeconds, reserved"),
    ],
)
def test_invalid_setting_of_a_function_is_reported(settings: Any, error: str) -> None:
    configure(functions={"hold-callback": settings})
    with pytest.raises(ConfigError, match=error):
        Settings.load()


def test_settings_of_functions_name_every_function() -> None:
    functions = recorded("dev").all("lambda/function:Function")
    assert sorted(each.name for each in functions) == sorted(FUNCTIONS)
