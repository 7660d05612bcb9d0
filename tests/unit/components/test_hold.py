"""Holds: the table, and functions that can resume the named state machines only."""

import json
from typing import Any

import pulumi
import pytest

from asl.hold import Table
from components.function import Runtime
from components.hold import Hold, HoldArgs
from tests.unit.components.builders import ACCOUNT_ARN, KEY_ARN, SECRET_ARN, known
from tests.unit.components.recording import Recording, actions, key_uses

MACHINES = [f"arn:aws:states:{ACCOUNT_ARN}:stateMachine:holdpoint-test-{name}" for name in ("expenses", "travel")]
EXECUTIONS = [f"{arn.replace(':stateMachine:', ':execution:')}:*" for arn in MACHINES]


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _hold(runtime: Runtime, name: str = "hold", **options: Any) -> Hold:
    args = HoldArgs(runtime=runtime, workflows=["expenses", "travel"], **{"timeout_seconds": 600, **options})
    return Hold(name, args)


@pulumi.runtime.test
def test_decisions_reach_the_named_workflows_only(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        for function in ("hold-callback", "hold-sweeper"):
            allowed = actions(seen.statements(f"{function}-policy"))
            assert allowed["states:SendTaskSuccess"] == allowed["states:SendTaskFailure"] == MACHINES
            assert allowed["states:DescribeExecution"] == EXECUTIONS

    return recording.settled(_hold(runtime)).apply(check)


@pulumi.runtime.test
def test_table_has_an_index_of_waiting_subjects(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        table = seen.one("dynamodb/table:Table")
        assert table["billingMode"] == "PAY_PER_REQUEST"
        assert (table["hashKey"], table["rangeKey"]) == ("jiraStoryId", "executionName")
        assert table["ttl"] == {"attributeName": "expiresAt", "enabled": True}
        assert table["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 35}
        assert table["serverSideEncryption"] == {"enabled": False}
        (index,) = table["globalSecondaryIndexes"]
        assert (index["name"], index["hashKey"], index["rangeKey"]) == ("waiting", "waiting", "waitingSince")
        assert "taskToken" not in index["nonKeyAttributes"]

    return recording.settled(_hold(runtime)).apply(check)


@pulumi.runtime.test
def test_targets_name_the_table_and_its_key(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    hold = _hold(runtime, kms_key_arn=KEY_ARN)

    def check(found: list[Any]) -> None:
        seen, table = found
        arn = f"arn:aws:dynamodb:{ACCOUNT_ARN}:hold-stories"
        assert (table.name, table.arn, table.kms_key_arn) == ("holdpoint-test-hold-stories", arn, KEY_ARN)
        assert seen.one("dynamodb/table:Table")["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": KEY_ARN}

    return pulumi.Output.all(recording.settled(hold), hold.table).apply(check)


@pytest.mark.parametrize("protect", [True, False])
@pulumi.runtime.test
def test_pulumi_refuses_to_delete_a_protected_table(
    recording: Recording, runtime: Runtime, protect: bool
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("dynamodb/table:Table")["deletionProtectionEnabled"] is protect
        assert seen.protected == ({"hold-stories", "hold-tokens-secret"} if protect else set())

    return recording.settled(_hold(runtime, protect=protect)).apply(check)


@pytest.mark.parametrize("given", [None, SECRET_ARN], ids=["its own", "a given one"])
@pulumi.runtime.test
def test_hold_uses_the_given_secret_or_creates_one(
    recording: Recording, runtime: Runtime, given: str | None
) -> pulumi.Output[None]:
    hold = _hold(runtime, secret_arn=known(given) if given else None)

    def check(found: list[Any]) -> None:
        seen, arn = found
        variables = seen.one("lambda/function:Function", "hold-callback")["environment"]["variables"]
        assert variables["SECRET_ARN"] == arn == (given or f"arn:aws:secretsmanager:{ACCOUNT_ARN}:hold-tokens-secret")
        secrets = {each.name for each in seen.resources if each.type.endswith(":RandomPassword")}
        assert secrets == (set() if given else {"hold-tokens-callback", "hold-tokens-callbackSigningKey"})

    return pulumi.Output.all(recording.settled(hold), hold.secret_arn).apply(check)


@pytest.mark.parametrize("links", [True, False])
@pulumi.runtime.test
def test_links_have_a_page_and_a_key_where_there_are_any(
    recording: Recording, runtime: Runtime, links: bool
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        routes = {each.inputs["routeKey"] for each in seen.all("apigatewayv2/route:Route")}
        assert routes == {"POST /callback", *(["ANY /callback/holds/{token}"] if links else [])}
        variables = seen.one("lambda/function:Function", "hold-callback")["environment"]["variables"]
        assert variables.get("APPROVAL_LINK_SECONDS") == ("60" if links else None)
        secrets = {each.name for each in seen.resources if each.type.endswith(":RandomPassword")}
        assert ("hold-tokens-approvalLinkKey" in secrets) is links

    return recording.settled(_hold(runtime, approval_links=links, approval_link_seconds=60)).apply(check)


@pytest.mark.parametrize("approvers", [[], ["ann@example.com", "bob@example.com"]], ids=["anyone", "approvers"])
@pulumi.runtime.test
def test_reminders_carry_links_where_there_are_any(
    recording: Recording, runtime: Runtime, approvers: list[str]
) -> pulumi.Output[None]:
    topic = "arn:aws:sns:us-east-1:123456789012:hold-approvers-links"

    def check(seen: Recording) -> None:
        variables = seen.one("lambda/function:Function", "hold-sweeper")["environment"]["variables"]
        assert variables["APPROVAL_ENDPOINT"] == "https://hold-callback-api.example.com/callback"
        assert variables["SECRET_ARN"] == SECRET_ARN
        assert variables.get("APPROVERS_TOPIC_ARN") == (topic if approvers else None)
        statements = seen.statements("hold-sweeper-policy")
        allowed = actions(statements)
        assert allowed["secretsmanager:GetSecretValue"] == [SECRET_ARN]
        reminders = "arn:aws:sns:us-east-1:123456789012:hold-sweeper-reminders"
        assert allowed["sns:Publish"] == [reminders, *([topic] if approvers else [])]
        assert key_uses(statements, KEY_ARN)["secretsmanager"] == {"Decrypt"}
        subscriptions = [each.inputs for each in seen.all("sns/topicSubscription:TopicSubscription")]
        assert [each["endpoint"] for each in subscriptions if each["protocol"] == "email"] == approvers
        for each in subscriptions:
            assert json.loads(each["filterPolicy"]) == {"approver": [each["endpoint"]]}

    hold = _hold(runtime, approval_links=True, approvers=approvers, secret_arn=SECRET_ARN, kms_key_arn=KEY_ARN)
    return recording.settled(hold).apply(check)


@pytest.mark.parametrize("approval_links", [False, True])
@pulumi.runtime.test
def test_approvers_are_subscribed_to_nothing_without_links(
    recording: Recording, runtime: Runtime, approval_links: bool
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert bool(seen.all("sns/topicSubscription:TopicSubscription")) is approval_links

    hold = _hold(runtime, approval_links=approval_links, approvers=["ann@example.com"])
    return recording.settled(hold).apply(check)


@pytest.mark.parametrize(
    ("given", "timeout", "expected"),
    [
        (0, 600, [(100, None), (None, 25)]),
        (7, 600, [(7, None), (None, 25)]),
        (0, 86_400, [(14_400, None), (None, 3_600)]),
        (0, 5, [(1, None), (None, 1)]),
        (59, 60, [(59, None)]),
    ],
)
@pulumi.runtime.test
def test_sweeper_gets_timeout_and_reminder_time(
    recording: Recording, runtime: Runtime, given: int, timeout: int, expected: list[tuple[int | None, int | None]]
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        variables = seen.one("lambda/function:Function", "hold-sweeper")["environment"]["variables"]
        assert variables["CALLBACK_TIMEOUT_SECONDS"] == str(timeout)
        assert [(each["after"], each["before"]) for each in json.loads(variables["REMINDERS"])] == expected

    hold = _hold(runtime, timeout_seconds=timeout, reminder_after_seconds=given)
    return recording.settled(hold).apply(check)


@pulumi.runtime.test
def test_stack_can_have_two_holds(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    holds = [_hold(runtime, name) for name in ("hold", "other")]

    def check(seen: Recording) -> None:
        keys = [(each.type, each.name) for each in seen.resources]
        assert len(keys) == len(set(keys))
        names = [(each.type, each.inputs["name"]) for each in seen.resources if each.inputs.get("name")]
        own = [key for key in names if key[1] not in ("permissions", "$default", "live")]
        assert len(own) == len(set(own))

    return pulumi.Output.all(*map(recording.settled, holds)).apply(lambda seen: check(seen[0]))


@pytest.mark.parametrize(("links", "linked"), [(True, ("ann@example.com",)), (False, ())], ids=["page", "no page"])
@pytest.mark.usefixtures("recording")
@pulumi.runtime.test
def test_definition_gets_the_longest_wait_and_the_linked_addresses(
    runtime: Runtime, links: bool, linked: tuple[str, ...]
) -> pulumi.Output[None]:
    hold = _hold(runtime, timeout_seconds=60, approval_links=links, approvers=["ann@example.com"])

    def check(table: Table) -> None:
        assert (table.timeout_seconds, table.linked) == (60, linked)

    return hold.table.apply(check)
