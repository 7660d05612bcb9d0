"""The release workflow: read a document, call APIs, wait for a Jira story, write the result.

Variables of the whole execution: `problems`, `story`, `packageIds` and `metadata` (from the document), `apis`
(the APIs' answers), `callback` (the decision), `timeline` (the states so far, for the log), and `failure` on every
path that ends in `Fail`.
"""

import json

from asl import hold
from asl.failures import CAUSE, failure, go_on
from asl.hold import Policy, Table
from asl.http_tasks import may_call
from asl.release import apis as release_apis
from asl.release import log, tasks
from asl.release.failures import INVALID_INPUT, RESULT_TOO_LARGE, fail, unread
from asl.release.targets import Targets
from asl.states import (
    QUERY_FAILED,
    TOO_MUCH_DATA,
    State,
    Statement,
    allow,
    cut_cause,
    cut_error,
    jsonata,
    read_with_key,
    write_with_key,
)

MAX_RECORD_BYTES = 219_000
"""Bytes of document, answers and warnings, as JSON. The result holds them and the decision, and the input of a state is
limited to 256 KiB. A release with more data fails before people decide, not after.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""

# A character that is not ASCII counts as four bytes, the most that UTF-8 uses. The expression removes whole runs
# of ASCII at once: a match for each character would take a regular expression engine too long.
_RECORD = "$string([$packageIds, $metadata, $apis, $apis[status != 'SUCCESS'].message])"
_RECORD_BYTES = rf"($length({_RECORD}) + 3 * $length($replace({_RECORD}, /[\x00-\x7F]+/, '')))"


def definition(
    targets: Targets, *, timeout_seconds: int, callback_timeout_seconds: int, policy: Policy | None = None
) -> State:
    """Build the state machine.

    Args:
        targets: the resources it calls.
        timeout_seconds: of the whole execution.
        callback_timeout_seconds: of the wait for the story.
        policy: who may decide; None for every authenticated caller.

    Returns:
        The definition as JSON values. Its success path enters 7 states and one for each API, and two more if
        the callback came before the wait.
    """
    wait = tasks.hold(targets, callback_timeout_seconds=callback_timeout_seconds, policy=policy or Policy())
    required = [name for name, api in targets.apis.items() if api.required]
    rejection = f"$apis[api in {json.dumps(required)} and status = 'FAILED'][0]"
    rejection_errors = json.dumps({name: release_apis.rejection_error(name) for name in required})
    return {
        "Comment": "Calls the release APIs, waits for a Jira story, writes the result to S3",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": timeout_seconds,
        "StartAt": "Read input",
        "States": {
            "Read input": {
                **tasks.read_input(targets),
                "Catch": unread("Read input", targets),
                "Next": "Register story",
            },
            "Call APIs": {
                "Type": "Parallel",
                "Branches": [release_apis.branch(name, api) for name, api in targets.apis.items()],
                "Assign": {"apis": jsonata(log.WITHOUT_VISITS), **log.WITH_BRANCHES},
                "Output": {},
                "Catch": [fail("Call APIs", TOO_MUCH_DATA), fail("Call APIs", "States.ALL")],
                "Next": "Approved?",
            },
            "Approved?": {
                "Type": "Choice",
                "Choices": [
                    {
                        "Comment": "a required API said FAILED",
                        "Condition": jsonata(f"$exists({rejection})"),
                        "Assign": failure(
                            "Call APIs",
                            error=jsonata(f"$lookup({rejection_errors}, {rejection}.api)"),
                            cause=jsonata(f"'The ' & {rejection}.api & ' API said FAILED: ' & {rejection}.message"),
                        ),
                        "Next": "Story known?",
                    },
                    {
                        "Comment": "more than the result can hold",
                        "Condition": jsonata(f"{_RECORD_BYTES} > {MAX_RECORD_BYTES}"),
                        "Assign": failure(
                            "Call APIs",
                            error=RESULT_TOO_LARGE,
                            cause=jsonata(
                                f"'The document and what the APIs answered have ' & $string({_RECORD_BYTES}) & '"
                                f" bytes; the result holds {MAX_RECORD_BYTES}. Release fewer packages at once,"
                                " or let the APIs answer less'"
                            ),
                        ),
                        "Next": "Story known?",
                    },
                ],
                "Assign": log.visited("Approved?"),
                "Default": "Await story",
            },
            **hold.states(
                wait,
                next_state="Write result",
                failed_state="Write error",
                registered_state="Call APIs",
                checked_subject=tasks.CHECKED_STORY,
                refused=[
                    fail(
                        "Read input",
                        QUERY_FAILED,
                        error=INVALID_INPUT,
                        cause=jsonata(f"$count($problems) = 0 ? {CAUSE} : $join($problems, '; ')"),
                    )
                ],
                leaving=log.visited,
            ),
            "Write result": {
                **tasks.write_result(targets),
                "Catch": [fail("Write result", "States.ALL")],
                "Next": "Write log",
            },
            "Write log": {
                **tasks.write_log(targets),
                "Catch": [fail("Write log", "States.ALL")],
                "End": True,
            },
            "Story known?": {
                "Type": "Choice",
                # Invalid input is refused before the story is registered. Close the story before error.json is written:
                # its reader may send a callback, which must find the wait over. Closing also reads who rejected it.
                "Choices": [
                    {
                        "Comment": "it was registered",
                        "Condition": jsonata(f"$type($story) = 'string' and $not($failure.error = '{INVALID_INPUT}')"),
                        "Next": "Close story",
                    }
                ],
                "Default": "Write error",
            },
            "Write error": {
                **tasks.write_error(targets),
                # The recorder function writes the file when it learns of the failed execution.
                "Catch": [go_on("States.ALL", next_state="Release failed")],
                "Next": "Release failed",
            },
            "Release failed": {
                "Type": "Fail",
                "Error": jsonata(cut_error("$failure.error")),
                "Cause": jsonata(cut_cause("$failure.cause")),
            },
        },
    }


def permissions(targets: Targets, state_machine_arn: str) -> list[Statement]:
    """Return the permissions of the role of the state machine with that ARN."""
    apis = targets.apis.values()
    written = [f"{targets.bucket_arn}/{prefix}*" for prefix in (targets.output_prefix, targets.log_prefix)]
    return [
        allow(
            ["s3:GetObject"],
            [f"{targets.bucket_arn}/{targets.input_prefix}*", *(f"{arn}/*" for arn in targets.input_bucket_arns)],
        ),
        # Without it S3 answers 403 instead of 404 for an object that does not exist.
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        allow(["s3:ListBucket"], [targets.bucket_arn, *targets.input_bucket_arns]),
        allow(["s3:PutObject"], written),
        *hold.permissions(Table(name=targets.stories_table_name, arn=targets.stories_table_arn)),
        may_call([api.url for api in apis], state_machine_arn),
        allow(["events:RetrieveConnectionCredentials"], [api.connection_arn for api in apis]),
        allow(
            ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            [api.connection_secret_arns for api in apis],
        ),
        *write_with_key(targets.kms_key_arn, "s3"),
        *read_with_key(targets.kms_key_arn, "dynamodb", "secretsmanager"),
    ]
