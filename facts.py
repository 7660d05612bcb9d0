"""Facts on which definitions, functions, components and the operator's tools have to agree.

Standard library only: every package may import this module, and the Lambda bundle holds it.
"""

CALLBACK_FAILURE = "JiraCallbackFailure"
"""The error of a wait that a rejection ends; its cause is the message of the decision."""

OPEN_ORDER = "order"
"""The attribute `open` of an order without an outcome: the key of the sparse index of open orders."""

WAITING_INDEX = "waiting"
"""The sparse index of the table of stories: who waits, longest first."""

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

STACK_TOKENS = ("callback", "callbackSigningKey")
"""Fields of the secret with tokens of the stack itself. Every other field has the name of an API of a release."""
