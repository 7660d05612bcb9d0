"""The text of `execution.log` of a release that succeeds: `Key: value` lines, then the timeline of its states.

The state machine keeps the timeline in the variable `timeline`, one line for each state that it left. So the
recorder need not read the history of a successful release: an account may read 20 histories a second.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html

The layout is that of `handlers/recorder/execution_log.py`, which writes the log of a failed release.
"""

from asl.states import State, jsonata, literal

_EXECUTION = "$states.context.Execution"
_STATE = "$states.context.State"

_GAP = r"'\u0020\u0020'"
"""Two blanks: `jsonata` collapses consecutive blanks."""

_SECONDS_SINCE = "$formatNumber(($millis() - $toMillis({start})) / 1000, '0.000') & ' s'"

# No value contains a line break. The recorder adds further escapes, and cuts long values.
_LINES = r"""(
    $line := function($key, $value) { $key & ': ' & $join($split($string($value), '\n'), '\\n') };
    $join([
        $line('Execution', EXECUTION.Name),
        $line('Execution ARN', EXECUTION.Id),
        'Status: SUCCEEDED',
        $line('Story', $story),
        'Started: ' & EXECUTION.StartTime,
        'Stopped: ' & $now(),
        'Duration: ' & DURATION,
        $line('Packages', $join($packageIds, ', ')),
        $apis.(
            $name := $uppercase($substring(api, 0, 1)) & $substring(api, 1);
            $line($name & ' status', status)
                & ($type(message) = 'string' ? '\n' & $line($name & ' message', message) : '')
        ),
        $line('Callback status', $callback.status),
        $line('Callback message', CALLBACK_MESSAGE),
        $line('Callback decider', $callback.decider ? $callback.decider : 'unknown'),
        $line('Callback channel', $callback.channel ? $callback.channel : 'unknown'),
        $line('Callback identity', $callback.identity ? $callback.identity : 'unknown'),
        $line('Callback time', $callback.completedAt ? $callback.completedAt : 'unknown'),
        '',
        'Timeline:',
        $append($timeline, LAST)
    ], '\n')
)"""


def text(*, callback_message: str) -> str:
    """Build the whole text as JSONata, for the state that writes it, which is the last of the timeline.

    Args:
        callback_message: an expression for the message, already cut to its maximum length.
    """
    values = {
        "EXECUTION": _EXECUTION,
        "DURATION": _SECONDS_SINCE.format(start=f"{_EXECUTION}.StartTime"),
        "CALLBACK_MESSAGE": callback_message,
        "LAST": f"{_GAP} & {_STATE}.EnteredTime & {_GAP} & {_STATE}.Name & ' (end)'",
    }
    lines = _LINES
    for name, value in values.items():
        lines = lines.replace(name, value)
    return jsonata(lines)


def visit(state: str) -> str:
    """Describe the visit of a state that is ending, as a JSONata expression: entry, duration and retries."""
    retries = f"{_STATE}.RetryCount"
    return (
        f"{_GAP} & {_STATE}.EnteredTime & {_GAP} & {literal(state)} & ' ('"
        f" & {_SECONDS_SINCE.format(start=f'{_STATE}.EnteredTime')}"
        f" & ({retries} > 0 ? ', ' & {retries} & ({retries} = 1 ? ' retry' : ' retries') : '') & ')'"
    )


def visited(state: str) -> State:
    """Assign the timeline with one more line."""
    return {"timeline": jsonata(f"$append($timeline, {visit(state)})")}


BEGUN = {"timeline": [jsonata(visit("Read input"))]}
"""The timeline after the first state."""

WITHOUT_VISITS = "[$map($states.result, function($r) { $sift($r, function($v, $k) { $k != 'visits' }) })]"
"""The results of the APIs' branches, as JSONata, without the lines that each branch adds to the timeline. The brackets
keep a list of one API a list."""

WITH_BRANCHES = {"timeline": jsonata(f"$append($timeline, $append({visit('Call APIs')}, $states.result.visits))")}
"""The timeline after the Parallel state of the APIs."""
