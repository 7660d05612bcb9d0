"""The calls that the release state machine makes to S3 and DynamoDB: arguments, result and retries of each."""

from asl.release import document, log
from asl.release.targets import Targets
from asl.states import (
    CONDITION_FAILED,
    QUERY_FAILED,
    TOO_MUCH_DATA,
    State,
    jsonata,
    literal,
    never_retry,
    retry,
    retry_sdk_call,
    sdk_call,
)
from asl.states import sdk_call_and_wait as call_and_wait

CALLBACK_FAILURE = "JiraCallbackFailure"
"""The error that the callback handler sends for a story that failed."""

STORY_RETENTION_SECONDS = 30 * 24 * 3600
"""How long the item of a story outlives its wait (DynamoDB's TTL), so that a late duplicate still gets an answer."""

MISSING_OBJECT = ("S3.NoSuchKeyException", "S3.NoSuchBucketException")

_EXECUTION = "$states.context.Execution.Name"

# Execution names may be `.` and `..`, which many clients of S3 take for folders. No name may hold a per cent sign.
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
_FOLDER = f"({_EXECUTION} in ['.', '..'] ? $replace({_EXECUTION}, '.', '%2E') : {_EXECUTION})"

MAX_MESSAGE_LENGTH = 10_000
"""Of the callback's message in what is written down, in characters; the story's item has the whole of it."""

_CALLBACK_MESSAGE = f"$substring($callback.message, 0, {MAX_MESSAGE_LENGTH})"

_NOW = {"S": jsonata("$now()")}
_STORY_KEY = {"jiraStoryId": {"S": jsonata("$story")}, "executionName": {"S": jsonata(_EXECUTION)}}


def bucket(targets: Targets) -> str:
    """The bucket of the document, as a JSONata expression: the input's own, or ours."""
    return f"($exists($states.input.bucket) ? $string($states.input.bucket) : {literal(targets.bucket_name)})"


def key_is_under_prefix(targets: Targets) -> str:
    """Tell, as JSONata, whether the document is not one of the results and logs that our bucket holds as well."""
    prefix = targets.input_prefix
    begins = f"$substring($states.input.inputFile, 0, {len(prefix)}) = {literal(prefix)}"
    return f"({bucket(targets)} = {literal(targets.bucket_name)} ? {begins} : true)"


def read_input(targets: Targets) -> State:
    """Read and parse the document; what is wrong with it stands in `problems`."""
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


def register_story(targets: Targets, *, callback_timeout_seconds: int) -> State:
    """Put the item on which the callback will find this execution.

    The first use of the document is also where a bad one is refused: a Choice would cost every good one a transition.
    `$error` fails the state with `States.QueryEvaluationError` before anything is called.
    """
    lifetime = callback_timeout_seconds + STORY_RETENTION_SECONDS
    arguments = {
        "TableName": targets.stories_table_name,
        "Item": {
            "jiraStoryId": {"S": jsonata("$count($problems) = 0 ? $story : $error($join($problems, '; '))")},
            "executionName": {"S": jsonata(_EXECUTION)},
            "executionArn": {"S": jsonata("$states.context.Execution.Id")},
            "registeredAt": _NOW,
            "expiresAt": {"N": jsonata(f"$string($floor($millis() / 1000) + {lifetime})")},
        },
        "ConditionExpression": "attribute_not_exists(jiraStoryId)",
    }
    return {
        **sdk_call("dynamodb", "putItem", arguments, retries=retry_sdk_call(CONDITION_FAILED)),
        "Assign": log.visited("Register story"),
        "Output": {},
    }


def await_story(targets: Targets, *, callback_timeout_seconds: int) -> State:
    """Put the task token on the item if no callback is there yet, and wait for the token to come back.

    The callback handler writes the callback on the same item if none is there yet: of these two conditional writes,
    whichever comes second sees the first, so exactly one side resumes the execution.
    """
    arguments = {
        "TableName": targets.stories_table_name,
        "Key": _STORY_KEY,
        "UpdateExpression": "SET taskToken = :token, waitingSince = :now, waiting = :story REMOVE endedAt, endReason",
        "ConditionExpression": "attribute_exists(jiraStoryId) AND attribute_not_exists(callback)",
        "ExpressionAttributeValues": {
            ":token": {"S": jsonata("$states.context.Task.Token")},
            ":now": _NOW,
            ":story": {"S": "story"},
        },
    }
    retries = [
        never_retry(QUERY_FAILED, CONDITION_FAILED, CALLBACK_FAILURE),
        retry(("States.TaskFailed",), interval_seconds=1, max_attempts=4),
    ]
    return {
        **call_and_wait("dynamodb", "updateItem", arguments, timeout_seconds=callback_timeout_seconds, retries=retries),
        "Assign": {"callback": jsonata("$states.result"), **log.visited("Await story")},
        "Output": {},
    }


def take_parked_callback(targets: Targets) -> State:
    """Read the callback that came before the wait, and mark it as used in the same call."""
    arguments = {
        "TableName": targets.stories_table_name,
        "Key": _STORY_KEY,
        "UpdateExpression": "SET resumedAt = :now REMOVE taskToken, waiting",
        "ConditionExpression": "attribute_exists(callback)",
        "ExpressionAttributeValues": {":now": _NOW},
        "ReturnValues": "ALL_NEW",
    }
    fields = ("message", "status", "jiraStoryId", "completedAt")
    return {
        **sdk_call("dynamodb", "updateItem", arguments, retries=retry_sdk_call(CONDITION_FAILED)),
        "Assign": {
            "callback": {name: jsonata(f"$states.result.Attributes.callback.M.{name}.S") for name in fields},
            **log.visited("Take parked callback"),
        },
        "Output": {},
    }


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
        "completedAt": jsonata("$now()"),
    }
    return {
        **_put_object(targets, "outputs", "result.json", "application/json", result),
        "Assign": log.visited("Write result"),
    }


def write_log(targets: Targets) -> State:
    """Write `logs/{execution}/execution.log`.

    AWS JSON-encodes a string body. The recorder function replaces this object with plain text when the execution has
    ended; what stands here is there even if no function ever runs.
    """
    address = f"'s3://' & {literal(targets.bucket_name)}"
    return {
        **_put_object(
            targets, "logs", "execution.log", "application/json", log.text(callback_message=_CALLBACK_MESSAGE)
        ),
        "Output": {
            "executionId": jsonata(_EXECUTION),
            "jiraStoryId": jsonata("$story"),
            "callbackStatus": jsonata("$callback.status"),
            "callbackMessage": jsonata(_CALLBACK_MESSAGE),
            "result": jsonata(f"{address} & '/outputs/' & {_FOLDER} & '/result.json'"),
            "log": jsonata(f"{address} & '/logs/' & {_FOLDER} & '/execution.log'"),
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
        "occurredAt": jsonata("$now()"),
    }
    return _put_object(targets, "logs", "error.json", "application/json", error)


def close_story(targets: Targets) -> State:
    """Say on the story's item that nobody waits for it any more, and take the token away."""
    arguments = {
        "TableName": targets.stories_table_name,
        "Key": _STORY_KEY,
        "UpdateExpression": "SET endedAt = :now, endReason = :reason REMOVE taskToken, waiting",
        # A document refused before its story was registered has no item, and must not make one.
        "ConditionExpression": "attribute_exists(jiraStoryId)",
        "ExpressionAttributeValues": {":now": _NOW, ":reason": {"S": jsonata("$failure.error")}},
    }
    return {**sdk_call("dynamodb", "updateItem", arguments, retries=retry_sdk_call(CONDITION_FAILED)), "Output": {}}


def _put_object(targets: Targets, folder: str, file: str, content_type: str, body: State | str) -> State:
    arguments = {
        "Bucket": targets.bucket_name,
        "Key": jsonata(f"'{folder}/' & {_FOLDER} & '/{file}'"),
        "ContentType": content_type,
        "Body": body,
    }
    return {**sdk_call("s3", "putObject", arguments, retries=retry_sdk_call()), "Output": {}}
