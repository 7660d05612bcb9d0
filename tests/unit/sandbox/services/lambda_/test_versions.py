"""Versions and aliases of Lambda functions: what a call by each name runs, and who may call it."""

from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.sandbox.services.aws import Aws, archive, until

SOURCE = """
import os
def handler(event, context):
    return ["{code}", os.environ.get("A"), context.function_version, context.invoked_function_arn]
"""


def _versions(aws: Aws, name: str) -> tuple[Any, str]:
    """Make a function with a version 1 of old code and settings, and a version 2; return the client and its ARN."""
    arn = aws.function(name, SOURCE.format(code="old"), Environment={"Variables": {"A": "1"}}, Publish=True)
    client = aws.client("lambda")
    client.update_function_configuration(FunctionName=name, Environment={"Variables": {"A": "2"}}, Timeout=11)
    code = archive({"app.py": SOURCE.format(code="new")})
    client.update_function_code(FunctionName=name, ZipFile=code, Publish=True)
    return client, arn


def _error(call: Any, **options: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**options)
    return str(error.value.response["Error"]["Code"])


def _has_policy(client: Any, name: str) -> bool:
    with suppress(ClientError):
        return bool(client.get_policy(FunctionName=name)["Policy"])
    return False


def test_version_keeps_its_code_and_settings(aws: Aws) -> None:
    client, arn = _versions(aws, "kept")
    client.create_alias(FunctionName="kept", Name="live", FunctionVersion="1")
    assert aws.invoke("kept:1")["Payload"] == ["old", "1", "1", f"{arn}:1"]
    assert aws.invoke("kept", Qualifier="2")["Payload"] == ["new", "2", "2", f"{arn}:2"]
    assert aws.invoke(f"{arn}:live")["Payload"] == ["old", "1", "1", f"{arn}:live"]
    assert aws.invoke("kept")["Payload"] == ["new", "2", "$LATEST", arn]
    assert aws.invoke("kept", Qualifier="live")["ExecutedVersion"] == "1"

    timeouts = [client.get_function_configuration(FunctionName="kept", Qualifier=each)["Timeout"] for each in "12"]
    assert timeouts == [10, 11]
    locations = {client.get_function(FunctionName=f"kept:{each}")["Code"]["Location"] for each in "12"}
    assert len(locations) == 2
    listed = client.list_versions_by_function(FunctionName="kept")["Versions"]
    assert [each["FunctionArn"].removeprefix(arn) for each in listed] == [":$LATEST", ":1", ":2"]


def test_alias_moves_to_another_version(aws: Aws) -> None:
    client, arn = _versions(aws, "moved")
    client.create_alias(FunctionName="moved", Name="live", FunctionVersion="1")
    client.update_alias(FunctionName="moved", Name="live", FunctionVersion="2")
    assert aws.invoke("moved:live")["Payload"] == ["new", "2", "2", f"{arn}:live"]
    assert _error(client.update_alias, FunctionName="moved", Name="live", FunctionVersion="9").startswith("ResourceNot")
    assert [each["AliasArn"] for each in client.list_aliases(FunctionName="moved")["Aliases"]] == [f"{arn}:live"]
    assert _error(aws.invoke, name="moved:other") == "ResourceNotFoundException"


def test_alias_splits_invocations_by_its_weights(aws: Aws) -> None:
    client, _ = _versions(aws, "split")
    weights = {"AdditionalVersionWeights": {"2": 0.5}}
    client.create_alias(FunctionName="split", Name="live", FunctionVersion="1", RoutingConfig=weights)
    seen: set[str] = set()

    def both() -> bool:
        seen.add(aws.invoke("split:live")["ExecutedVersion"])
        return seen == {"1", "2"}

    until(both)
    client.update_alias(FunctionName="split", Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 1.0}})
    assert {aws.invoke("split:live")["ExecutedVersion"] for _ in range(5)} == {"2"}


def test_number_of_a_version_is_never_used_again(aws: Aws) -> None:
    arn = aws.function("numbers", SOURCE, Publish=True)
    assert arn.endswith(":numbers")
    client = aws.client("lambda")
    unchanged = client.publish_version(FunctionName="numbers")
    assert (unchanged["Version"], unchanged["FunctionArn"]) == ("1", f"{arn}:1")
    client.update_function_configuration(FunctionName="numbers", MemorySize=256)
    assert client.publish_version(FunctionName="numbers", Description="larger")["Version"] == "2"
    assert client.publish_version(FunctionName="numbers")["Version"] == "2"
    client.delete_function(FunctionName="numbers", Qualifier="2")
    assert client.publish_version(FunctionName="numbers")["Version"] == "3"
    client.delete_function(FunctionName="numbers")
    aws.function("numbers", SOURCE, Publish=True)
    listed = client.list_versions_by_function(FunctionName="numbers")["Versions"]
    assert [each["Version"] for each in listed] == ["$LATEST", "4"]


def test_version_that_an_alias_routes_to_stays(aws: Aws) -> None:
    client, _ = _versions(aws, "routed")
    client.create_alias(FunctionName="routed", Name="live", FunctionVersion="1")
    delete = {"FunctionName": "routed", "Qualifier": "1"}
    assert _error(client.delete_function, **delete) == "ResourceConflictException"
    client.update_alias(FunctionName="routed", Name="live", FunctionVersion="2")
    client.delete_function(**delete)
    assert _error(aws.invoke, name="routed:1") == "ResourceNotFoundException"
    assert aws.invoke("routed:live")["ExecutedVersion"] == "2"


def test_reserved_concurrency_of_the_function_holds_for_its_versions(aws: Aws) -> None:
    client, _ = _versions(aws, "none-at-once")
    client.put_function_concurrency(FunctionName="none-at-once", ReservedConcurrentExecutions=0)
    assert _error(aws.invoke, name="none-at-once:1") == "TooManyRequestsException"


def test_every_qualified_arn_has_a_policy_of_its_own(aws: Aws) -> None:
    client, arn = _versions(aws, "policies")
    client.create_alias(FunctionName="policies", Name="live", FunctionVersion="1")
    allow = {"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
    added = client.add_permission(FunctionName="policies", Qualifier="live", **allow)
    assert f'"Resource": "{arn}:live"' in added["Statement"]
    assert [_has_policy(client, f"policies{each}") for each in (":live", "", ":1", ":2")] == [True, False, False, False]
    client.remove_permission(FunctionName="policies", StatementId="s", Qualifier="live")
    assert not _has_policy(client, "policies:live")


def test_alias_has_its_own_asynchronous_configuration(aws: Aws) -> None:
    client, arn = _versions(aws, "async")
    client.create_alias(FunctionName="async", Name="live", FunctionVersion="1")
    of_alias = {"FunctionName": "async", "Qualifier": "live"}
    client.put_function_event_invoke_config(**of_alias, MaximumRetryAttempts=0)
    assert client.get_function_event_invoke_config(**of_alias)["FunctionArn"] == f"{arn}:live"
    assert _error(client.get_function_event_invoke_config, FunctionName="async") == "ResourceNotFoundException"
    client.delete_function_event_invoke_config(**of_alias)
    assert _error(client.get_function_event_invoke_config, **of_alias) == "ResourceNotFoundException"
