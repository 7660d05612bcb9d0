"""The graph of a hold: its states, their transitions, and the permissions that they need."""

from collections.abc import Callable, Sequence

from asl.failures import fail, failure, go_on
from asl.hold import calls
from asl.hold.arguments import Hold, Table
from asl.states import CONDITION_FAILED, State, Statement, allow, jsonata, read_with_key
from facts import CALLBACK_FAILURE


def states(
    hold: Hold,
    *,
    next_state: str,
    failed_state: str,
    registered_state: str = "",
    failure_state: str = "",
    checked_subject: str = "",
    refused: Sequence[State] = (),
    leaving: Callable[[str], State] = lambda _state: {},
) -> dict[str, State]:
    """Build the states of a hold, to merge into the `States` of a definition.

    The workflow enters at `hold.names.register`. Each state passes its input on. A timeout, a rejection that fails, and
    a failed call assign the variable `failure` (`error`, `cause`, `state`). The state that closes the item also
    assigns the hold's variable: the decision that rejected, or null.

    Args:
        hold: the wait.
        next_state: follows the decision.
        failed_state: follows a failure, after the item is closed.
        registered_state: follows the registration, after which no decision is lost. Default: the wait. A workflow with
            work to do in between leads to `hold.names.wait` itself.
        failure_state: follows a failure immediately. Default: the state that closes the item. A workflow with other
            work to do after a failure leads to `hold.names.close` itself.
        checked_subject: the subject at its registration, as a JSONata expression that calls `$error` for a bad one.
            Default: the check that the subject has the format that the callback API accepts.
        refused: catches of the registration before the hold's own.
        leaving: returns the variables that a state assigns when it ends, by the state's name.
    """
    names = hold.names
    failure_state = failure_state or names.close

    def caught(state: str, *errors: str, cause: str = "") -> State:
        return {**fail(state, *errors, next_state=failure_state, cause=cause), "Output": calls.PASSED_ON}

    def continued(error: str, next_state: str, left: str) -> State:
        return {**go_on(error, next_state=next_state, assign=leaving(left) or None), "Output": calls.PASSED_ON}

    continuing = [continued(CALLBACK_FAILURE, names.take, names.wait)]
    on_rejection = continuing if hold.rejection == "go-on" else []
    found: dict[str, State] = {
        names.register: {
            **calls.register(hold, checked_subject or calls.checked(hold.subject)),
            **_assign(leaving(names.register)),
            "Catch": [
                # The first attempt succeeded and its answer was lost: the item exists, perhaps with a decision.
                continued(CONDITION_FAILED, registered_state or names.wait, names.register),
                *refused,
                caught(names.register, "States.ALL"),
            ],
            "Next": registered_state or names.wait,
        },
        names.wait: {
            **calls.wait(hold),
            **_assign({hold.variable: calls.given(), **leaving(names.wait)}),
            "Catch": [
                continued(CONDITION_FAILED, names.take, names.wait),
                *on_rejection,
                caught(names.wait, "States.Timeout", cause=jsonata(_too_late(hold))),
                caught(names.wait, "States.ALL"),
            ],
            "Next": next_state,
        },
        names.take: {
            **calls.take(hold),
            **_assign({hold.variable: calls.taken(), **leaving(names.take)}),
            "Catch": [caught(names.take, "States.ALL")],
            "Next": names.check if hold.rejection == "fail" else next_state,
        },
    }
    if hold.rejection == "fail":
        found[names.check] = _check(hold, next_state, failure_state, leaving(names.check))
    found[names.close] = {
        **calls.close(hold),
        **_assign({hold.variable: calls.closed()}),
        # The recorder function closes what could not be closed here.
        "Catch": [{**go_on("States.ALL", next_state=failed_state), "Output": calls.PASSED_ON}],
        "Next": failed_state,
    }
    return found


def permissions(table: Table) -> list[Statement]:
    """Return the permissions that the states of a hold need in the role of their state machine."""
    return [
        allow(["dynamodb:PutItem", "dynamodb:UpdateItem"], [table.arn]),
        *read_with_key(table.kms_key_arn, "dynamodb"),
    ]


def _check(hold: Hold, next_state: str, failure_state: str, leaving: State) -> State:
    rejected = failure(hold.names.wait, error=CALLBACK_FAILURE, cause=jsonata(f"${hold.variable}.message"))
    return {
        "Type": "Choice",
        "Choices": [
            {
                "Comment": "it was rejected",
                "Condition": jsonata(f"$not(${hold.variable}.status = 'success')"),
                "Assign": rejected,
                "Next": failure_state,
            }
        ],
        **_assign(leaving),
        "Default": next_state,
    }


def _too_late(hold: Hold) -> str:
    return f"'No callback for ' & {hold.subject} & ' came within {hold.timeout_seconds} seconds'"


def _assign(variables: State) -> State:
    return {"Assign": variables} if variables else {}
