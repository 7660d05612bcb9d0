"""The release workflow: definition and permissions of `asl.release`, and connections with the tokens."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi.runtime import rpc

from asl import release
from asl.release.targets import Api, Targets
from components.api_settings import MAX_APIS, MAX_NAME_LENGTH, MAX_URLS_LENGTH
from components.release import ApiArgs, Release, ReleaseArgs
from tests.unit.components.builders import BUCKET_ARN, KEY_ARN, TABLE_ARN, known
from tests.unit.components.recording import Recording, actions

APIS = ("validation", "deployment", "notification")
URLS = {name: f"https://api.example.com/{name}" for name in APIS}

CONNECTION_NAME_LENGTH = 64
"""https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html"""

ROLE_POLICIES_LENGTH = 10_240
"""The limit for all inline policies of a role, without blanks.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""


CALLED: dict[str, dict[str, Any]] = {
    "validation": {},
    "deployment": {"timeout_seconds": 20, "max_attempts": 2, "retry_interval_seconds": 3, "backoff_rate": 1.5},
    "notification": {"required": False},
}


def _api(name: str) -> Api:
    connection = f"holdpoint-test-release-{name}"
    arn = f"arn:aws:events:us-east-1:123456789012:connection/{connection}/1"
    url = f"https://api.example.com/{name}"
    return Api(url=url, connection_name=connection, connection_arn=arn, **CALLED.get(name, {}))


MACHINE_ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:holdpoint-test-release"


TARGETS = Targets(
    bucket_name="files",
    bucket_arn=BUCKET_ARN,
    stories_table_name="stories",
    stories_table_arn=TABLE_ARN,
    apis={name: _api(name) for name in APIS},
)


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _release(
    *,
    prefix: str = "holdpoint-test",
    generation: int = 1,
    kms_key_arn: str | None = None,
    input_buckets: tuple[str, ...] = (),
    urls: Mapping[str, str] | None = None,
) -> Release:
    def api(name: str, url: str) -> ApiArgs:
        token = pulumi.Output.secret(f"token-of-{name}")
        return ApiArgs(url=known(url), token=token, **CALLED.get(name, {}))

    return Release(
        "release",
        ReleaseArgs(
            prefix=prefix,
            bucket_name=known("files"),
            bucket_arn=known(BUCKET_ARN),
            stories_table_name=known("stories"),
            stories_table_arn=known(TABLE_ARN),
            apis={name: api(name, url) for name, url in (urls or URLS).items()},
            timeout_seconds=900,
            callback_timeout_seconds=300,
            log_retention_days=14,
            log_execution_data=False,
            token_generation=generation,
            input_buckets=input_buckets,
            kms_key_arn=kms_key_arn,
        ),
    )


@pulumi.runtime.test
def test_definition_is_that_of_asl_with_resolved_values(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        text = seen.one("sfn/stateMachine:StateMachine")["definition"]
        # What Pulumi writes where an Output was put into a string.
        assert "__str__" not in text
        assert "[Output" not in text
        expected = release.definition(TARGETS, timeout_seconds=900, callback_timeout_seconds=300)
        assert json.loads(text) == expected

    return recording.settled(_release()).apply(check)


@pulumi.runtime.test
def test_role_has_the_permissions_of_asl(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        allowed = actions(seen.statements("release-policy"))
        for statement in release.permissions(TARGETS, MACHINE_ARN):
            for action in statement["Action"]:
                assert allowed.pop(action) == statement["Resource"]
        assert {action.split(":")[0] for action in allowed} == {"logs", "xray"}
        (call,) = [each for each in seen.statements("release-policy") if "Condition" in each]
        assert (call["Action"], call["Resource"]) == (["states:InvokeHTTPEndpoint"], [MACHINE_ARN])
        assert call["Condition"]["StringEquals"] == {
            "states:HTTPMethod": "POST",
            "states:HTTPEndpoint": [f"https://api.example.com/{name}" for name in APIS],
        }

    return recording.settled(_release()).apply(check)


@pulumi.runtime.test
def test_permissions_include_further_buckets_and_the_key(recording: Recording) -> pulumi.Output[None]:
    targets = replace(TARGETS, input_bucket_arns=("arn:aws:s3:::theirs",), kms_key_arn=KEY_ARN)

    def check(seen: Recording) -> None:
        statements, expected = seen.statements("release-policy"), release.permissions(targets, MACHINE_ARN)
        assert statements[: len(expected)] == expected
        assert actions(statements)["s3:ListBucket"] == [BUCKET_ARN, "arn:aws:s3:::theirs"]

    return recording.settled(_release(kms_key_arn=KEY_ARN, input_buckets=("theirs",))).apply(check)


@pulumi.runtime.test
def test_higher_generation_updates_every_connection(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        for connection in seen.all("cloudwatch/eventConnection:EventConnection"):
            assert "generation 7" in connection.inputs["description"]

    return recording.settled(_release(generation=7)).apply(check)


@pulumi.runtime.test
def test_each_connection_holds_its_token_as_a_secret(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        for name in APIS:
            connection = seen.one("cloudwatch/eventConnection:EventConnection", f"release-{name}-connection")
            assert connection["name"] == f"holdpoint-test-release-{name}"
            assert connection["authorizationType"] == "API_KEY"
            header = {"key": "Authorization", "value": f"Bearer token-of-{name}"}
            assert connection["authParameters"] == {"apiKey": header}
        for resource in seen.all("cloudwatch/eventConnection:EventConnection"):
            assert rpc.is_rpc_secret(resource.sent["authParameters"])
        assert all("token-of" not in resource.public for resource in seen.resources)

    return recording.settled(_release()).apply(check)


@pulumi.runtime.test
def test_policy_of_ten_apis_with_longest_names_fits_the_limit(
    recording: Recording,
) -> pulumi.Output[None]:
    names = [f"{'a' * (MAX_NAME_LENGTH - 1)}{number}" for number in range(MAX_APIS)]
    urls = {name: f"https://{'x' * (MAX_URLS_LENGTH // MAX_APIS - 8)}" for name in names}
    release = _release(prefix=f"{'p' * 20}-{'e' * 12}", urls=urls, kms_key_arn=KEY_ARN, input_buckets=("b" * 63,))

    def check(seen: Recording) -> None:
        connections = seen.all("cloudwatch/eventConnection:EventConnection")
        assert len(connections) == MAX_APIS
        assert max(len(connection.inputs["name"]) for connection in connections) <= CONNECTION_NAME_LENGTH
        policy = json.dumps(seen.statements("release-policy"), separators=(",", ":"))
        assert sum(map(len, urls.values())) == MAX_URLS_LENGTH
        assert len(policy) < ROLE_POLICIES_LENGTH

    return recording.settled(release).apply(check)


@pulumi.runtime.test
def test_output_has_the_start_command() -> pulumi.Output[None]:
    def check(command: str) -> None:
        assert command.startswith("aws stepfunctions start-execution --state-machine-arn arn:aws:states:")
        (_, text, _) = command.split("'")
        assert json.loads(text) == {"inputFile": "inputs/workflow-input.json"}

    return _release().example_command.apply(check)
