"""The release workflow: read a document, call three APIs, wait for a Jira story, write the result.

Variables that live through an execution: `problems`, `story`, `packageIds` and `metadata` (from the document),
`apis` (what each API answered), `callback` (what Jira said), and `failure` on every path that ends in `Fail`.
"""

from asl import release_apis, release_document, release_tasks
from asl.release_targets import Targets
from asl.states import CONDITION_FAILED, QUERY_FAILED, State, Statement, allow, jsonata, write_with_key

INVALID_INPUT = "InvalidInput"

_CAUSE = "($exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : '')"
_REJECTION = f"$apis[api in {list(release_apis.REQUIRED)} and status = 'FAILED'][0]"


def definition(targets: Targets, *, timeout_seconds: int, callback_timeout_seconds: int) -> State:
    """Build the state machine.

    Args:
        targets: the resources it calls.
        timeout_seconds: of the whole execution.
        callback_timeout_seconds: how long it waits for the story.

    Returns:
        The definition as JSON values. Its success path enters 10 states, 12 where the callback came before the wait.
    """
    apis = targets.apis
    address = f"'s3://' & {release_tasks.bucket(targets)} & '/' & $states.input.inputFile"
    return {
        "Comment": "Calls the release APIs, waits for a Jira story, writes the result to S3",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": timeout_seconds,
        "StartAt": "Read input",
        "States": {
            "Read input": {
                **release_tasks.read_input(targets),
                "Catch": [
                    _fail(
                        "Read input",
                        QUERY_FAILED,
                        error=INVALID_INPUT,
                        cause=jsonata(
                            f"{release_document.INPUT_FILE_IS_A_KEY}"
                            f" ? ({release_document.BUCKET_IS_A_NAME} ? {address} & ' is not valid JSON'"
                            " : 'bucket must be the name of an S3 bucket')"
                            ' : \'The execution input must name a document: {"inputFile": "<key>"}\''
                        ),
                        story=None,
                    ),
                    _fail(
                        "Read input",
                        *release_tasks.MISSING_OBJECT,
                        error=INVALID_INPUT,
                        cause=jsonata(f"{address} & ' does not exist'"),
                        story=None,
                    ),
                    _fail(
                        "Read input",
                        "States.ALL",
                        # An empty object has no byte 0 (416), and a bucket that the caller names may be closed to us.
                        error=jsonata(
                            f"$exists($states.input.bucket) or $contains({_CAUSE}, 'Status Code: 416')"
                            f" ? '{INVALID_INPUT}' : $states.errorOutput.Error"
                        ),
                        cause=jsonata(f"{address} & ' cannot be read. ' & {_CAUSE}"),
                        story=None,
                    ),
                ],
                "Next": "Register story",
            },
            "Register story": {
                **release_tasks.register_story(targets, callback_timeout_seconds=callback_timeout_seconds),
                "Catch": [
                    # A first try worked and its answer was lost: the item, perhaps with a callback on it, is there.
                    _go_on(CONDITION_FAILED, next_state="Call APIs"),
                    _fail(
                        "Read input",
                        QUERY_FAILED,
                        error=INVALID_INPUT,
                        cause=jsonata(f"$count($problems) = 0 ? {_CAUSE} : $join($problems, '; ')"),
                    ),
                    _fail("Register story", "States.ALL"),
                ],
                "Next": "Call APIs",
            },
            "Call APIs": {
                "Type": "Parallel",
                "Branches": [
                    release_apis.required("validation", apis["validation"], interval_seconds=2, max_attempts=3),
                    release_apis.required("deployment", apis["deployment"], interval_seconds=3, max_attempts=2),
                    release_apis.optional("notification", apis["notification"], interval_seconds=2, max_attempts=3),
                ],
                "Assign": {"apis": jsonata("$states.result")},
                "Output": {},
                "Catch": [_fail("Call APIs", "States.ALL")],
                "Next": "Approved?",
            },
            "Approved?": {
                "Type": "Choice",
                "Choices": [
                    {
                        "Comment": "validation or deployment said FAILED",
                        "Condition": jsonata(f"$exists({_REJECTION})"),
                        "Assign": _failure(
                            "Call APIs",
                            # The name of the API with a capital: ValidationFailed, DeploymentFailed.
                            error=jsonata(
                                f"$uppercase($substring({_REJECTION}.api, 0, 1)) & $substring({_REJECTION}.api, 1)"
                                " & 'Failed'"
                            ),
                            cause=jsonata(f"'The ' & {_REJECTION}.api & ' API said FAILED: ' & {_REJECTION}.message"),
                        ),
                        "Next": "Write error",
                    }
                ],
                "Default": "Await story",
            },
            "Await story": {
                **release_tasks.await_story(targets, callback_timeout_seconds=callback_timeout_seconds),
                "Catch": [
                    _go_on(CONDITION_FAILED, next_state="Take parked callback"),
                    _fail(
                        "Await story",
                        "States.Timeout",
                        cause=jsonata(
                            f"'No callback for ' & $story & ' came within {callback_timeout_seconds} seconds'"
                        ),
                    ),
                    _fail("Await story", "States.ALL"),
                ],
                "Next": "Write result",
            },
            "Take parked callback": {
                **release_tasks.take_parked_callback(targets),
                "Catch": [_fail("Take parked callback", "States.ALL")],
                "Next": "Parked as failed?",
            },
            "Parked as failed?": {
                "Type": "Choice",
                "Choices": [
                    {
                        "Comment": "the story failed",
                        "Condition": jsonata("$not($callback.status = 'success')"),
                        "Assign": _failure(
                            "Await story", error=release_tasks.CALLBACK_FAILURE, cause=jsonata("$callback.message")
                        ),
                        "Next": "Write error",
                    }
                ],
                "Default": "Write result",
            },
            "Write result": {
                **release_tasks.write_result(targets),
                "Catch": [_fail("Write result", "States.ALL")],
                "Next": "Write log",
            },
            "Write log": {
                **release_tasks.write_log(targets),
                "Catch": [_fail("Write log", "States.ALL")],
                "End": True,
            },
            "Write error": {
                **release_tasks.write_error(targets),
                # The recorder function writes the file when it learns of the failed execution.
                "Catch": [_go_on("States.ALL", next_state="Story known?")],
                "Next": "Story known?",
            },
            "Story known?": {
                "Type": "Choice",
                # What was refused as invalid input was never registered.
                "Choices": [
                    {
                        "Comment": "it was registered",
                        "Condition": jsonata(f"$type($story) = 'string' and $not($failure.error = '{INVALID_INPUT}')"),
                        "Next": "Close story",
                    }
                ],
                "Default": "Release failed",
            },
            "Close story": {
                **release_tasks.close_story(targets),
                # The recorder function closes what could not be closed here.
                "Catch": [_go_on("States.ALL", next_state="Release failed")],
                "Next": "Release failed",
            },
            "Release failed": {"Type": "Fail", "Error": jsonata("$failure.error"), "Cause": jsonata("$failure.cause")},
        },
    }


def permissions(targets: Targets) -> list[Statement]:
    """What the state machine's role may do, apart from calling the APIs (see `http_permissions`)."""
    return [
        allow(["s3:GetObject"], [f"{arn}/*" for arn in (targets.bucket_arn, *targets.input_bucket_arns)]),
        # Without it S3 answers 403 instead of 404 for an object that does not exist.
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        allow(["s3:ListBucket"], [targets.bucket_arn, *targets.input_bucket_arns]),
        allow(["s3:PutObject"], [f"{targets.bucket_arn}/outputs/*", f"{targets.bucket_arn}/logs/*"]),
        allow(["dynamodb:PutItem", "dynamodb:UpdateItem"], [targets.stories_table_arn]),
        allow(["events:RetrieveConnectionCredentials"], [api.connection_arn for api in targets.apis.values()]),
        allow(
            ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            [api.connection_secret_arn for api in targets.apis.values()],
        ),
        *write_with_key(targets.kms_key_arn),
    ]


def http_permissions(targets: Targets, state_machine_arn: str) -> list[Statement]:
    """The right to call the URLs of the APIs, which IAM ties to the state machine that calls.

    https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html#connect-http-task-permissions
    """
    urls = [api.url for api in targets.apis.values()]
    condition = {"StringEquals": {"states:HTTPMethod": "POST", "states:HTTPEndpoint": urls}}
    return [allow(["states:InvokeHTTPEndpoint"], [state_machine_arn], condition=condition)]


def _failure(state: str, *, error: str, cause: str) -> State:
    return {"failure": {"error": error, "cause": cause, "state": state}}


def _fail(state: str, *errors: str, error: str = "", cause: str = "", **assign: None) -> State:
    """Catch the errors, remember them as `failure`, and go the way that ends in `Fail`."""
    failure = _failure(state, error=error or jsonata("$states.errorOutput.Error"), cause=cause or jsonata(_CAUSE))
    return {"ErrorEquals": list(errors), "Assign": {**failure, **assign}, "Next": "Write error"}


def _go_on(*errors: str, next_state: str) -> State:
    """Catch errors after which there is something left to do."""
    return {"ErrorEquals": list(errors), "Output": {}, "Next": next_state}
