"""`doctor`: finds problems, and says how to fix them."""

from ops.command import Session

EXAMPLES = ("doctor", "doctor --stack dev", "doctor --json")


def doctor(session: Session) -> None:
    """Check this machine, the credentials, and every resource of the stack.

    Exit code 1: something is wrong. It changes nothing.
    """
    from ops.doctor.visit import diagnose

    found = diagnose(session)
    session.terminal.show(found.as_json(), found.print)
    found.check()
