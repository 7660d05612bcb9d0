"""The release definition: timeouts, retries, errors and exact permissions."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from asl import release
from asl.http_tasks import HTTP_TASK_LIMIT_SECONDS, MAX_HTTP_CALL_TIMEOUT_SECONDS
from asl.release import apis as release_apis
from asl.release.targets import API_TIMEOUT_SECONDS, Api, Targets
from asl.states import MAX_CAUSE_LENGTH, MAX_ERROR_LENGTH, sdk_call_and_wait
from sandbox.interpreter import jsonata
from tests.unit.asl.graph import states, tasks, texts

BUCKET = "arn:aws:s3:::bucket"
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/stories"
SECRETS = "arn:aws:secretsmanager:us-east-1:123456789012:secret"
PASSING = ("AuthInProgress", "ConcurrentModification", "InternalError", "InvalidConnectionState")
"""Connection errors while a connection is updated.
https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html"""


def api(name: str, **more: Any) -> Api:
    """Return an API target of that name; `more` are its other fields."""
    return Api(
        url=f"https://api.example.com/{name}",
        connection_name=name,
        connection_arn=f"arn:aws:events:us-east-1:123456789012:connection/{name}/1",
        **more,
    )


TARGETS = Targets(
    bucket_name="bucket",
    bucket_arn=BUCKET,
    stories_table_name="stories",
    stories_table_arn=TABLE,
    apis={
        "validation": api("validation"),
        "deployment": api("deployment", max_attempts=2, retry_interval_seconds=3, backoff_rate=1.5, timeout_seconds=20),
        "notification": api("notification", required=False),
    },
    input_bucket_arns=("arn:aws:s3:::other",),
)
MACHINE = release.definition(TARGETS, timeout_seconds=90000, callback_timeout_seconds=86400)
STATE_MACHINE_ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:release"
STATEMENTS = release.permissions(TARGETS, STATE_MACHINE_ARN)


def test_waits_for_the_story_without_a_heartbeat() -> None:
    waiting = [state for state in tasks(MACHINE).values() if state["Resource"].endswith(".waitForTaskToken")]
    assert [state["TimeoutSeconds"] for state in waiting] == [86400]
    assert "HeartbeatSeconds" not in json.dumps(MACHINE)


def test_http_calls_time_out_before_the_limit_of_step_functions() -> None:
    assert API_TIMEOUT_SECONDS <= MAX_HTTP_CALL_TIMEOUT_SECONDS < HTTP_TASK_LIMIT_SECONDS


def test_only_transient_failures_of_apis_are_retried() -> None:
    for name in ("Validation", "Deployment", "Notification"):
        (retrier,) = states(MACHINE)[name]["Retry"]
        assert retrier["JitterStrategy"] == "FULL"
        assert retrier["BackoffRate"] == (1.5 if name == "Deployment" else 2)
        assert set(retrier["ErrorEquals"]) == {
            *(f"States.Http.StatusCode.{code}" for code in (429, 500, 502, 503, 504)),
            "States.Http.Socket",
            "States.Timeout",
            *(f"Events.ConnectionResource.{name}" for name in PASSING),
        }


def test_required_api_fails_the_release_with_its_own_error() -> None:
    branches = MACHINE["States"]["Call APIs"]["Branches"]
    endings = {branch["StartAt"].lower(): branch["States"][f"{branch['StartAt']} unavailable"] for branch in branches}
    required = [name for name, ending in endings.items() if ending["Type"] == "Fail"]
    assert required == ["validation", "deployment"]
    choice, _ = MACHINE["States"]["Approved?"]["Choices"]
    for name in required:
        apis = [{"api": each, "status": "FAILED" if each == name else "SUCCESS", "message": "no"} for each in endings]
        assert _evaluate(choice["Condition"], {"apis": apis}) is True
        assert _evaluate(choice["Assign"]["failure"]["error"], {"apis": apis}) == f"{name.capitalize()}Failed"


@pytest.mark.parametrize("name", TARGETS.apis)
@pytest.mark.parametrize(
    ("error", "is_told"),
    [
        ("States.Http.StatusCode.401", True),
        ("States.Http.StatusCode.407", True),
        ("Events.ConnectionResource.InvalidConnectionState", True),
        ("States.Http.StatusCode.403", False),
        ("States.Timeout", False),
    ],
)
def test_authorization_error_names_the_connection_and_runbook(name: str, error: str, is_told: bool) -> None:
    unavailable = states(MACHINE)[f"{name.capitalize()} {'warning' if name == 'notification' else 'unavailable'}"]
    text = unavailable["Cause"] if unavailable["Type"] == "Fail" else unavailable["Output"]["message"]
    said = _evaluate(text, {"states": {"input": {"Error": error, "Cause": "as AWS says it"}}})
    assert said.startswith(f"The {name} API did not answer as it should: {error}")
    assert said.endswith("as AWS says it")
    assert (f"connection {TARGETS.apis[name].connection_name}" in said) is is_told
    assert (release_apis.RUNBOOK in said) is is_told


def test_error_and_cause_are_cut_to_the_limits_of_step_functions() -> None:
    long = {"Error": "E" * 300, "Cause": "C" * 40_000}
    failed = {"Release failed": {"failure": {"error": long["Error"], "cause": long["Cause"]}}}
    for name, state in states(MACHINE).items():
        if state["Type"] == "Fail":
            variables = failed.get(name, {"states": {"input": long}})
            assert len(_evaluate(state["Error"], variables)) == MAX_ERROR_LENGTH, name
            assert len(_evaluate(state["Cause"], variables)) == MAX_CAUSE_LENGTH, name


def test_data_limit_error_is_caught_by_name_and_not_retried() -> None:
    read = states(MACHINE)["Read input"]
    assert any(catch["ErrorEquals"] == ["States.DataLimitExceeded"] for catch in read["Catch"])
    assert read["Retry"][0]["MaxAttempts"] == 0
    assert "States.DataLimitExceeded" in read["Retry"][0]["ErrorEquals"]


def test_rejected_story_is_not_retried() -> None:
    shadowed = states(MACHINE)["Await story"]["Retry"][0]
    assert shadowed["MaxAttempts"] == 0
    assert "JiraCallbackFailure" in shadowed["ErrorEquals"]


def test_every_failing_path_sets_error_cause_and_state() -> None:
    for name, state in states(MACHINE).items():
        for edge in [*state.get("Catch", []), *state.get("Choices", [])]:
            if edge["Next"] == "Story known?" or (edge["Next"] == "Close story" and name != "Story known?"):
                assert set(edge["Assign"]["failure"]) == {"error", "cause", "state"}, name


def test_definition_contains_no_lambda_and_no_token() -> None:
    text = json.dumps(MACHINE).lower()
    assert "lambda" not in text
    assert "authorization" not in text
    assert "bearer" not in text


def test_names_are_quoted_in_expressions() -> None:
    odd = Targets(**{**TARGETS.__dict__, "bucket_name": "a\"b'c"})
    bucket = release.definition(odd, timeout_seconds=1, callback_timeout_seconds=1)["States"]["Read input"][
        "Arguments"
    ]["Bucket"]
    assert json.dumps("a\"b'c") in bucket


# What each integration asks for, from the service authorization reference of its service.
NEEDS: dict[str, list[tuple[str, str]]] = {
    "aws-sdk:s3:getObject": [
        ("s3:GetObject", f"{BUCKET}/inputs/key"),
        ("s3:GetObject", "arn:aws:s3:::other/key"),
        ("s3:ListBucket", BUCKET),
        ("s3:ListBucket", "arn:aws:s3:::other"),
    ],
    "aws-sdk:dynamodb:putItem": [("dynamodb:PutItem", TABLE)],
    "aws-sdk:dynamodb:updateItem": [("dynamodb:UpdateItem", TABLE)],
}


def _evaluate(text: str, variables: dict[str, Any]) -> Any:
    return jsonata.evaluate(text.removeprefix("{% ").removesuffix(" %}"), variables)


def _needs(state: dict[str, Any]) -> list[tuple[str, str]]:
    integration = state["Resource"].removeprefix("arn:aws:states:::").removesuffix(".waitForTaskToken")
    if integration == "aws-sdk:s3:putObject":
        folder = next(text for text in texts(state["Arguments"]["Key"])).split("'")[1]
        return [("s3:PutObject", f"{BUCKET}/{folder}execution/file")]
    if integration == "http:invoke":
        target = next(each for each in TARGETS.apis.values() if each.url == state["Arguments"]["ApiEndpoint"])
        assert state["Arguments"]["Authentication"]["ConnectionArn"] == target.connection_arn
        # The one of today, and the one that an update after a de-authorization may make.
        secrets = [f"events!connection/{target.connection_name}/{each}-AbCdEf" for each in ("1", "2")]
        return [
            ("states:InvokeHTTPEndpoint", STATE_MACHINE_ARN),
            ("events:RetrieveConnectionCredentials", target.connection_arn),
            *(("secretsmanager:GetSecretValue", f"{SECRETS}:{name}") for name in secrets),
            *(("secretsmanager:DescribeSecret", f"{SECRETS}:{name}") for name in secrets),
        ]
    return NEEDS[integration]


def _granted() -> list[tuple[str, str]]:
    return [
        (action, resource)
        for statement in STATEMENTS
        for action in statement["Action"]
        for resource in statement["Resource"]
    ]


def test_every_call_is_permitted() -> None:
    for name, state in tasks(MACHINE).items():
        for action, resource in _needs(state):
            assert any(granted == action and fnmatchcase(resource, pattern) for granted, pattern in _granted()), (
                f"{name} needs {action} on {resource}"
            )


def test_every_permission_is_needed() -> None:
    needed = [need for state in tasks(MACHINE).values() for need in _needs(state)]
    for action, pattern in _granted():
        assert any(action == need and fnmatchcase(resource, pattern) for need, resource in needed), (action, pattern)


def test_http_permission_is_limited_to_method_and_urls() -> None:
    (statement,) = [each for each in STATEMENTS if "states:InvokeHTTPEndpoint" in each["Action"]]
    assert statement["Condition"] == {
        "StringEquals": {
            "states:HTTPMethod": "POST",
            "states:HTTPEndpoint": [each.url for each in TARGETS.apis.values()],
        }
    }


def test_machine_reads_only_documents_of_its_own_bucket() -> None:
    elsewhere = Targets(**{**TARGETS.__dict__, "input_prefix": "in/"})
    granted = [each["Resource"] for each in release.permissions(elsewhere, "") if each["Action"] == ["s3:GetObject"]]
    assert granted == [[f"{BUCKET}/in/*", "arn:aws:s3:::other/*"]]


def test_permissions_include_the_kms_key_of_encrypted_storage() -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/1"
    with_key = release.permissions(Targets(**{**TARGETS.__dict__, "kms_key_arn": key}), STATE_MACHINE_ARN)
    uses = [(each["Action"], each["Condition"]["StringLike"]) for each in with_key if each["Resource"] == [key]]
    assert uses == [
        (["kms:Decrypt", "kms:GenerateDataKey"], {"kms:ViaService": ["s3.*.amazonaws.com"]}),
        (["kms:Decrypt"], {"kms:ViaService": ["dynamodb.*.amazonaws.com", "secretsmanager.*.amazonaws.com"]}),
    ]
    assert "kms:" not in json.dumps(STATEMENTS)


def test_wait_without_a_task_token_is_an_error() -> None:
    with pytest.raises(ValueError, match="do not pass the token on"):
        sdk_call_and_wait("dynamodb", "updateItem", {"Key": "x"}, timeout_seconds=1, retries=[])
