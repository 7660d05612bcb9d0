"""The calls that the release state machine makes to S3, and the wait for its story."""

from dataclasses import replace

from asl.hold import Hold, Names, Policy, Table
from asl.release import document, log
from asl.release.targets import Targets
from asl.states import TOO_MUCH_DATA, State, jsonata, literal, retry_sdk_call, sdk_call
from facts import RECORDED_DECISION

MISSING_OBJECT = ("S3.NoSuchKeyException", "S3.NoSuchBucketException")

_EXECUTION = "$states.context.Execution.Name"

# An execution may be named `.` or `..`, which many S3 clients treat as folders. No name may have a percent sign.
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
_FOLDER = f"({_EXECUTION} in ['.', '..'] ? $replace({_EXECUTION}, '.', '%2E') : {_EXECUTION})"

MAX_MESSAGE_LENGTH = 10_000
"""Characters of the callback's message in the files of a release. The story's item keeps the whole message."""

_CALLBACK_MESSAGE = f"$substring($callback.message, 0, {MAX_MESSAGE_LENGTH})"

_WHO_DECIDED = {
    "callbackDecider": jsonata("$callback.decider"),
    "callbackChannel": jsonata("$callback.channel"),
    "callbackIdentity": jsonata("$exists($callback.identity) ? $callback.identity : null"),
    "callbackAt": jsonata("$exists($callback.completedAt) ? $callback.completedAt : null"),
}

MAX_TITLE_LENGTH = 200
"""In characters: enough for a list of waits. The document has every package."""

STORY = Names(
    register="Register story",
    wait="Await story",
    take="Take parked callback",
    check="Parked as failed?",
    close="Close story",
)

# The notes are left out: they were not written to be sent by email.
_DETAILS = (
    "($type($metadata.environment) = 'string'"
    f" ? $substring('Environment: ' & $metadata.environment, 0, {MAX_TITLE_LENGTH}) : '')"
)

_REQUESTER = "($type($metadata.requestedBy) = 'string' ? $metadata.requestedBy : '')"

CHECKED_STORY = "$count($problems) = 0 ? $story : $error($join($problems, '; '))"
"""The state that first uses the document also refuses a bad one: a Choice would cost every release a transition.
`$error` fails the state with `States.QueryEvaluationError` before anything is called."""


def bucket(targets: Targets) -> str:
    """Return the bucket of the document as a JSONata expression: the one in the input, or the stack's own."""
    return f"($exists($states.input.bucket) ? $string($states.input.bucket) : {literal(targets.bucket_name)})"


def key_is_under_prefix(targets: Targets) -> str:
    """Return, as JSONata, whether the key is one of a document: our bucket also holds results and logs."""
    prefix = targets.input_prefix
    begins = f"$substring($states.input.inputFile, 0, {len(prefix)}) = {literal(prefix)}"
    return f"({bucket(targets)} = {literal(targets.bucket_name)} ? {begins} : true)"


def read_input(targets: Targets) -> State:
    """Read and parse the document, and list its errors in `problems`."""
    arguments = {
        "Bucket": jsonata(f"{document.BUCKET_IS_A_NAME} ? {bucket(targets)} : $error('no bucket')"),
        "Key": jsonata(
            f"{document.INPUT_FILE_IS_A_KEY} and {key_is_under_prefix(targets)}"
            " ? $states.input.inputFile : $error('no inputFile')"
        ),
        "Range": document.RANGE,
    }
    return {
        **sdk_call("s3", "getObject", arguments, retries=retry_sdk_call(*MISSING_OBJECT, TOO_MUCH_DATA)),
        "Assign": {
            "problems": document.PROBLEMS,
            "story": document.STORY,
            "packageIds": document.PACKAGE_IDS,
            "metadata": document.METADATA,
            **log.BEGUN,
        },
        "Output": {},
    }


def hold(targets: Targets, *, callback_timeout_seconds: int, policy: Policy) -> Hold:
    """Build the hold that waits for the story.

    A name in a document does not restrict callbacks. If the policy names approvers, the document's
    `requestedBy` is left out.
    """
    return Hold(
        table=Table(
            name=targets.stories_table_name,
            arn=targets.stories_table_arn,
            retention_days=targets.story_retention_days,
        ),
        subject="$story",
        timeout_seconds=callback_timeout_seconds,
        names=STORY,
        title=f"$substring('Release of ' & $join($packageIds, ', '), 0, {MAX_TITLE_LENGTH})",
        details=_DETAILS,
        policy=replace(policy, requester=_REQUESTER) if policy.approvers else policy,
        variable="callback",
    )


def write_result(targets: Targets) -> State:
    """Write `outputs/{execution}/result.json`."""
    result = {
        "executionId": jsonata(_EXECUTION),
        "jiraStoryId": jsonata("$story"),
        "packageIds": jsonata("$packageIds"),
        "metadata": jsonata("$metadata"),
        "parallelResults": jsonata("$apis"),
        "warnings": jsonata("[$apis[status != 'SUCCESS'].(api & ': ' & message)]"),
        "callbackMessage": jsonata(_CALLBACK_MESSAGE),
        "callbackStatus": jsonata("$callback.status"),
        **_WHO_DECIDED,
        "completedAt": jsonata("$now()"),
    }
    return {
        **_put_object(targets, targets.output_prefix, "result.json", "application/json", result),
        "Assign": log.visited("Write result"),
    }


def write_log(targets: Targets) -> State:
    """Write `logs/{execution}/execution.log`.

    AWS JSON-encodes a string body. The recorder function replaces this object with plain text when the execution has
    ended; this version exists even if no function ever runs.
    """
    text = log.text(callback_message=_CALLBACK_MESSAGE)
    address = f"'s3://' & {literal(targets.bucket_name)}"
    return {
        **_put_object(targets, targets.log_prefix, "execution.log", "application/json", text),
        "Output": {
            "executionId": jsonata(_EXECUTION),
            "jiraStoryId": jsonata("$story"),
            "callbackStatus": jsonata("$callback.status"),
            "callbackMessage": jsonata(_CALLBACK_MESSAGE),
            **_WHO_DECIDED,
            "result": jsonata(f"{address} & '/{targets.output_prefix}' & {_FOLDER} & '/result.json'"),
            "log": jsonata(f"{address} & '/{targets.log_prefix}' & {_FOLDER} & '/execution.log'"),
        },
    }


def write_error(targets: Targets) -> State:
    """Write `logs/{execution}/error.json`."""
    error = {
        "executionName": jsonata(_EXECUTION),
        "executionArn": jsonata("$states.context.Execution.Id"),
        "error": jsonata("$failure.error"),
        "cause": jsonata("$failure.cause"),
        "state": jsonata("$failure.state"),
        "jiraStoryId": jsonata("$story"),
        **{name: _of_decision(field) for name, field in RECORDED_DECISION.items()},
        "occurredAt": jsonata("$now()"),
    }
    return _put_object(targets, targets.log_prefix, "error.json", "application/json", error)


def _of_decision(field: str) -> str:
    """Return a field of the decision that approved or rejected the release; null without one."""
    value = f"$callback.{field}"
    cut = f"$substring({value}, 0, {MAX_MESSAGE_LENGTH})" if field == "message" else value
    return jsonata(f"$exists({value}) ? {cut} : null")


def _put_object(targets: Targets, prefix: str, file: str, content_type: str, body: State | str) -> State:
    arguments = {
        "Bucket": targets.bucket_name,
        "Key": jsonata(f"'{prefix}' & {_FOLDER} & '/{file}'"),
        "ContentType": content_type,
        "Body": body,
    }
    return {**sdk_call("s3", "putObject", arguments, retries=retry_sdk_call()), "Output": {}}
