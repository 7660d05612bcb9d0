"""Errors for a person at the command line, and their exit codes."""

DONE = 0
FAILED = 1
USAGE = 2
TARGET = 3
INTERRUPTED = 130
"""128 and the number of SIGINT, as shells count."""


class OpsError(Exception):
    """An error for people, with what is wrong and what to do. It is printed without a traceback."""

    exit_code = FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class FailedError(OpsError):
    """The requested action failed: a workflow, a callback, a function."""

    exit_code = FAILED


class UsageError(OpsError):
    """An argument is wrong: an option, a document, the name of an execution or a story."""

    exit_code = USAGE


class TargetError(OpsError):
    """The stack cannot be used: not found, out of reach, no credentials, no permission."""

    exit_code = TARGET
