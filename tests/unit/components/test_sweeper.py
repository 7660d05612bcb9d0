"""The sweeper: its schedule, its time limit, and rights to resume and end waits and remind people."""

import json
from collections.abc import Sequence

import pulumi
import pytest

from components.function import Runtime
from components.reminders import Reminder
from components.sweeper import Sweeper, SweeperArgs
from handlers.sweeper.sweep import RESERVE_MILLISECONDS
from tests.unit.components.builders import EVERY_FUNCTION_MAY, EXECUTIONS_ARN, KEY_ARN, MACHINE_ARN, TABLE_ARN, known
from tests.unit.components.recording import Recording, actions, key_uses

INDEX_ARN = f"{TABLE_ARN}/index/waiting"
TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:sweeper-reminders"


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _sweeper(
    runtime: Runtime,
    *,
    timeout: int = 60,
    kms_key_arn: str | None = None,
    email: str | None = None,
    reminders: Sequence[Reminder] = (),
) -> Sweeper:
    return Sweeper(
        "sweeper",
        SweeperArgs(
            runtime=runtime,
            timeout=timeout,
            callback_timeout_seconds=300,
            reminder_after_seconds=50,
            reminder_email=email,
            reminders=reminders,
            state_machine_arns=[known(MACHINE_ARN)],
            stories_table_name=known("stories"),
            stories_table_arn=known(TABLE_ARN),
            waiting_index="waiting",
            waiting_index_arn=known(INDEX_ARN),
            kms_key_arn=kms_key_arn,
        ),
    )


@pulumi.runtime.test
def test_runs_every_five_minutes(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        rule = seen.one("cloudwatch/eventRule:EventRule")
        assert rule["scheduleExpression"] == "rate(5 minutes)"
        assert "eventPattern" not in rule

    return recording.settled(_sweeper(runtime)).apply(check)


@pulumi.runtime.test
def test_function_environment_names_table_index_topic_and_times(
    recording: Recording, runtime: Runtime
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        function = seen.one("lambda/function:Function")
        assert function["handler"] == "handlers.sweeper.sweep.handler"
        variables = function["environment"]["variables"]
        assert (variables["STORIES_TABLE"], variables["WAITING_INDEX"]) == ("stories", "waiting")
        assert variables["CALLBACK_TIMEOUT_SECONDS"] == "300"
        assert json.loads(variables["REMINDERS"]) == [
            {"after": 50, "before": None, "topic": TOPIC_ARN},
            {"after": None, "before": 12, "topic": TOPIC_ARN},
        ]
        assert function["deadLetterConfig"]["targetArn"].endswith(":sweeper-dead-letters")

    return recording.settled(_sweeper(runtime)).apply(check)


@pytest.mark.parametrize(("timeout", "expected"), [(1, 30), (30, 30), (60, 60)])
@pulumi.runtime.test
def test_timeout_is_longer_than_the_reserve(
    recording: Recording, runtime: Runtime, timeout: int, expected: int
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        function = seen.one("lambda/function:Function")
        assert function["timeout"] == expected
        assert expected * 1000 > RESERVE_MILLISECONDS

    return recording.settled(_sweeper(runtime, timeout=timeout)).apply(check)


@pulumi.runtime.test
def test_permissions_match_the_code_of_the_function(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        allowed = actions(seen.statements("sweeper-policy"))
        own = {action: arns for action, arns in allowed.items() if action not in EVERY_FUNCTION_MAY}
        assert own == {
            "dynamodb:Query": [INDEX_ARN],
            "dynamodb:GetItem": [TABLE_ARN],
            "dynamodb:UpdateItem": [TABLE_ARN],
            "states:SendTaskSuccess": [MACHINE_ARN],
            "states:SendTaskFailure": [MACHINE_ARN],
            "states:DescribeExecution": [EXECUTIONS_ARN],
            "sns:Publish": [TOPIC_ARN],
            "sqs:SendMessage": ["arn:aws:sqs:us-east-1:123456789012:sweeper-dead-letters"],
        }

    return recording.settled(_sweeper(runtime)).apply(check)


@pulumi.runtime.test
def test_function_may_use_the_key_for_table_and_topic(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert key_uses(seen.statements("sweeper-policy"), KEY_ARN) == {
            "dynamodb": {"Decrypt"},
            "sns": {"Decrypt", "GenerateDataKey"},
            "states": {"Decrypt", "GenerateDataKey"},
            "sqs": {"Decrypt", "GenerateDataKey"},
        }

    return recording.settled(_sweeper(runtime, kms_key_arn=KEY_ARN)).apply(check)


@pytest.mark.parametrize(("kms_key_arn", "expected"), [(None, "alias/aws/sns"), (KEY_ARN, KEY_ARN)])
@pulumi.runtime.test
def test_reminders_name_stories_and_are_encrypted(
    recording: Recording, runtime: Runtime, kms_key_arn: str | None, expected: str
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        topic = seen.one("sns/topic:Topic")
        assert (topic["name"], topic["kmsMasterKeyId"]) == ("holdpoint-test-sweeper-reminders", expected)

    return recording.settled(_sweeper(runtime, kms_key_arn=kms_key_arn)).apply(check)


@pulumi.runtime.test
def test_reminder_email_is_subscribed(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        subscription = seen.one("sns/topicSubscription:TopicSubscription")
        assert (subscription["protocol"], subscription["endpoint"]) == ("email", "qa@example.com")
        assert subscription["topic"] == TOPIC_ARN

    return recording.settled(_sweeper(runtime, email="qa@example.com")).apply(check)


@pulumi.runtime.test
def test_reminders_go_to_the_topics_that_they_name(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    other = "arn:aws:sns:us-east-1:123456789012:managers"
    reminders = [Reminder(after_seconds=10), Reminder.parse(f"before 20 {other}")]

    def check(seen: Recording) -> None:
        variables = seen.one("lambda/function:Function")["environment"]["variables"]
        assert json.loads(variables["REMINDERS"]) == [
            {"after": 10, "before": None, "topic": TOPIC_ARN},
            {"after": None, "before": 20, "topic": other},
        ]
        assert actions(seen.statements("sweeper-policy"))["sns:Publish"] == [TOPIC_ARN, other]

    return recording.settled(_sweeper(runtime, reminders=reminders)).apply(check)


def test_reminder_has_one_time() -> None:
    for seconds in (None, 1):
        with pytest.raises(ValueError, match="after_seconds or before_seconds"):
            Reminder(after_seconds=seconds, before_seconds=seconds)
