"""The calls that a hold makes to its table: arguments, result and retries of each."""

from collections.abc import Iterator

from asl.hold.arguments import Hold
from asl.hold.policy import attributes
from asl.states import (
    CONDITION_FAILED,
    QUERY_FAILED,
    State,
    jsonata,
    never_retry,
    retry,
    retry_sdk_call,
    sdk_call,
    sdk_call_and_wait,
)
from facts import CALLBACK_FAILURE, MAX_SUBJECT_LENGTH, SUBJECT_PATTERN

DAY_SECONDS = 24 * 3600

DECISION_FIELDS = ("message", "status", "jiraStoryId", "completedAt")
"""The fields that every decision has, all of them texts. `status` is `success` or `failure`."""

RECORD_FIELDS = ("channel", "decider", "identity")
"""The fields that are null if unknown."""

_STORED = "$states.result.Attributes.callback.M"
"""The decision in the item that an update returned."""

PASSED_ON = jsonata("$states.input")
"""The output of each state of a hold: its input, so a hold fits between any two states."""

_WRONG_SUBJECT = f"The subject of a hold must be a text of 1 to {MAX_SUBJECT_LENGTH} letters, digits and . _ : @ -"

_EXECUTION = "$states.context.Execution"
_NOW = {"S": jsonata("$now()")}


def register(hold: Hold, subject: str) -> State:
    """Write the item by which the decision finds this execution."""
    shown = {"title": hold.title, "details": hold.details}
    lifetime = hold.timeout_seconds + hold.table.retention_days * DAY_SECONDS
    arguments = {
        "TableName": hold.table.name,
        "Item": {
            "jiraStoryId": {"S": jsonata(subject)},
            "executionName": {"S": jsonata(f"{_EXECUTION}.Name")},
            "executionArn": {"S": jsonata(f"{_EXECUTION}.Id")},
            "registeredAt": _NOW,
            "expiresAt": {"N": jsonata(f"$string($floor($millis() / 1000) + {lifetime})")},
            **{name: {"S": jsonata(expression)} for name, expression in shown.items() if expression},
            **attributes(hold.policy),
        },
        "ConditionExpression": "attribute_not_exists(jiraStoryId)",
    }
    return _call("putItem", arguments)


def checked(subject: str) -> str:
    """Return the subject as a JSONata expression that fails if no callback could name it.

    The first match must be the whole text: in some regex engines `$` also matches before a final newline.
    """
    return f"""(
    $subject := ({subject});
    $type($subject) = 'string'
    and $match($substring($subject, 0, {MAX_SUBJECT_LENGTH}), /{SUBJECT_PATTERN}/)[0].match = $subject
    ? $subject : $error('{_WRONG_SUBJECT}')
)"""


def wait(hold: Hold) -> State:
    """Write the task token onto the item if it has no decision yet, and wait until a caller returns the token."""
    arguments = {
        "TableName": hold.table.name,
        "Key": _key(hold),
        "UpdateExpression": "SET taskToken = :token, waitingSince = :now, endsAt = :end, waiting = :story"
        " REMOVE endedAt, endReason",
        "ConditionExpression": "attribute_exists(jiraStoryId) AND attribute_not_exists(callback)",
        "ExpressionAttributeValues": {
            ":token": {"S": jsonata("$states.context.Task.Token")},
            ":now": _NOW,
            ":end": {"S": jsonata(f"$fromMillis($millis() + {hold.timeout_seconds * 1000})")},
            ":story": {"S": "story"},
        },
    }
    retries = [
        never_retry(QUERY_FAILED, CONDITION_FAILED, CALLBACK_FAILURE),
        retry(("States.TaskFailed",), interval_seconds=1, max_attempts=4),
    ]
    call = sdk_call_and_wait("dynamodb", "updateItem", arguments, timeout_seconds=hold.timeout_seconds, retries=retries)
    return {**call, "Output": PASSED_ON}


def take(hold: Hold) -> State:
    """Read the decision on the item and mark it as used, in the same call."""
    arguments = {
        "TableName": hold.table.name,
        "Key": _key(hold),
        "UpdateExpression": "SET resumedAt = :now REMOVE taskToken, waiting",
        "ConditionExpression": "attribute_exists(callback)",
        "ExpressionAttributeValues": {":now": _NOW},
        "ReturnValues": "ALL_NEW",
    }
    return {
        **sdk_call("dynamodb", "updateItem", arguments, retries=retry_sdk_call(CONDITION_FAILED)),
        "Output": PASSED_ON,
    }


def taken() -> State:
    """Return the decision that came before the wait, or that rejected it."""
    return {name: jsonata(expression) for name, expression in _stored_fields()}


def _stored_fields() -> Iterator[tuple[str, str]]:
    """Yield the name of each field of the decision on the item, with its expression."""
    for name in DECISION_FIELDS:
        yield name, f"{_STORED}.{name}.S"
    for name in RECORD_FIELDS:
        yield name, f"$exists({_STORED}.{name}) ? {_STORED}.{name}.S : null"


def closed() -> str:
    """Return the decision on the item at the end of the wait, such as the rejection; null for none."""
    fields = ", ".join(f"'{name}': {expression}" for name, expression in _stored_fields())
    return jsonata(f"$exists({_STORED}) ? {{{fields}}} : null")


def given() -> str:
    """Return the decision that ended the wait."""
    unknown = ", ".join(f"'{name}': null" for name in RECORD_FIELDS)
    # An operator may have ended the wait by hand, with any value.
    result = "$states.result"
    return jsonata(f"$type({result}) = 'object' ? $merge([{{{unknown}}}, {result}]) : {result}")


def close(hold: Hold) -> State:
    """Remove the task token from the item and mark its wait as over."""
    arguments = {
        "TableName": hold.table.name,
        "Key": _key(hold),
        "UpdateExpression": "SET endedAt = :now, endReason = :reason REMOVE taskToken, waiting",
        # An execution that fails before its registration has no item, and must not create one.
        "ConditionExpression": "attribute_exists(jiraStoryId)",
        "ExpressionAttributeValues": {":now": _NOW, ":reason": {"S": jsonata("$failure.error")}},
        "ReturnValues": "ALL_NEW",
    }
    return {
        **sdk_call("dynamodb", "updateItem", arguments, retries=retry_sdk_call(CONDITION_FAILED)),
        "Output": PASSED_ON,
    }


def _call(operation: str, arguments: State) -> State:
    retries = retry_sdk_call(CONDITION_FAILED)
    return {**sdk_call("dynamodb", operation, arguments, retries=retries), "Output": PASSED_ON}


def _key(hold: Hold) -> State:
    return {"jiraStoryId": {"S": jsonata(hold.subject)}, "executionName": {"S": jsonata(f"{_EXECUTION}.Name")}}
