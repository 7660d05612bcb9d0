"""Failure paths of a release: the catches, and the variable `failure` that leads to `Fail`."""

from asl.failures import CAUSE
from asl.failures import fail as remember
from asl.release import document, tasks
from asl.release.targets import Targets
from asl.states import QUERY_FAILED, TOO_MUCH_DATA, State, jsonata, literal

INVALID_INPUT = "InvalidInput"
RESULT_TOO_LARGE = "ResultTooLarge"


def fail(state: str, *errors: str, error: str = "", cause: str = "", **assign: None) -> State:
    """Catch the errors, assign `failure`, and take the path that ends in `Fail`."""
    return remember(state, *errors, next_state="Story known?", error=error, cause=cause, **assign)


def unread(state: str, targets: Targets) -> list[State]:
    """Catch the errors of reading the document, after which no story is known."""
    address = f"'s3://' & {tasks.bucket(targets)} & '/' & $states.input.inputFile"
    outside = literal(f" is outside of {targets.input_prefix}, where the bucket's documents lie: put it there")
    not_json = (
        f"$not({document.INPUT_FILE_IS_A_KEY})"
        ' ? \'The execution input must name a document: {"inputFile": "<key>"}\''
        f" : $not({document.BUCKET_IS_A_NAME}) ? 'bucket must be the name of an S3 bucket'"
        f" : $not({tasks.key_is_under_prefix(targets)}) ? {address} & {outside}"
        f" : {address} & ' is not valid JSON: ' & {CAUSE}"
    )
    too_much = f"{address} & ' is {document.TOO_MUCH_ONCE_ESCAPED}'"
    # An empty object has no byte 0 (416), and the caller may name a bucket to which the role has no access.
    empty = f"$contains({CAUSE}, 'Status Code: 416')"
    error = f"$exists($states.input.bucket) or {empty} ? '{INVALID_INPUT}' : $states.errorOutput.Error"
    unreadable = f"{address} & ({empty} ? ' is empty' : ' cannot be read. ' & {CAUSE})"
    missing = tasks.MISSING_OBJECT
    return [
        fail(state, QUERY_FAILED, error=INVALID_INPUT, cause=jsonata(not_json), story=None),
        fail(state, TOO_MUCH_DATA, error=INVALID_INPUT, cause=jsonata(too_much), story=None),
        fail(state, *missing, error=INVALID_INPUT, cause=jsonata(f"{address} & ' does not exist'"), story=None),
        fail(state, "States.ALL", error=jsonata(error), cause=jsonata(unreadable), story=None),
    ]
