"""The smallest function."""


def handler(event: dict[str, object], _context: object) -> dict[str, object]:
    """Say what came in."""
    return {"statusCode": 200, "body": str(event.get("body"))}
