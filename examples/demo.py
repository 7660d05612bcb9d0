"""`make demo`: runs the workflows on this machine, as their users do, and shows the results."""

import sys
import time

import sandbox
from examples import orders, release
from examples.printing import DemoError, say


def main() -> int:
    """Run the demonstration. Return the exit code: 0 if every workflow ended as expected."""
    started = time.monotonic()
    say("Starting the sandbox and deploying the program onto it ...")
    try:
        with sandbox.running(stack="dev") as aws:
            say(f"{len(aws.resources)} resources at {aws.endpoint_url} after {time.monotonic() - started:.1f} s")
            release.show(aws)
            orders.show(aws)
    except DemoError as error:
        print(f"\nThe demonstration failed: {error}", file=sys.stderr)
        return 1
    say(f"\nAll as it should be, after {time.monotonic() - started:.1f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
