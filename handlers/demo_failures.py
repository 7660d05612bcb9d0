"""The switch for failures on demand: the setting `demoFailures` of the stack."""

import os


def demo_failures() -> bool:
    """Return whether ids and failure rates may make a service or a mock fail."""
    return os.environ["DEMO_FAILURES"] == "true"
