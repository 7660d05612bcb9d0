"""Facts on which definitions, functions, components and the operator's tools have to agree.

Standard library only: every package may import this module, and the Lambda bundle holds it.
"""

CALLBACK_FAILURE = "JiraCallbackFailure"
"""The error of a wait that a rejection ends; its cause is the message of the decision."""

SUBJECT_PATTERN = "[A-Za-z0-9._:@-]+"
"""The format of a hold's subject, as a regular expression of Python, JSONata and JSON Schema. ASCII only, so that two
texts that look the same are the same key. No white space and no slash: a subject fits in a log line, a URL and the
subject of an
email. Every Jira issue key and every order's id has this format."""

MAX_SUBJECT_LENGTH = 255
"""Characters of the longest subject: the length of the longest Jira issue key (`handlers/issue_key.py`)."""

RECORDED_DECISION = {
    "callbackStatus": "status",
    "callbackMessage": "message",
    "callbackDecider": "decider",
    "callbackChannel": "channel",
    "callbackIdentity": "identity",
    "callbackAt": "completedAt",
}
"""The fields of `error.json` that record the decision on a release, each with its name in the decision."""

OPEN_ORDER = "order"
"""The attribute `open` of an order without an outcome: the key of the sparse index of open orders."""

LIVE_ALIAS = "live"
"""The alias through which executions of a state machine start, and through which rules and APIs call functions."""

WAITING_INDEX = "waiting"
"""The sparse index of the table of stories: those that wait, oldest first."""

OPEN_INDEX = "open"
"""The sparse index of the table of orders: those without an outcome, oldest first."""

HELD_INDEX = "held"
"""The sparse index of the table of reservations: those that hold stock, the next to expire first."""

METRICS_NAMESPACE = "Holdpoint"
"""The CloudWatch namespace of the metrics that the functions publish."""

SWEEP_MINUTES = 5
EXPIRE_MINUTES = 5
FINISH_MINUTES = 15
CATCH_UP_MINUTES = 60
"""Minutes between two runs of the functions that a schedule starts."""

LINK_KEY = "approvalLinkKey"
"""The field of the secret with the key that signs links to the approval page, if the stack has one."""

STACK_TOKENS = ("callback", "callbackSigningKey")
"""Fields of the secret with tokens of the stack itself. Every other field has the name of an API of a release."""
