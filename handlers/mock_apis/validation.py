"""The mock validation API: a package id that ends in 0 fails."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.http_api import Response
from handlers.mock_apis.answering import Release, respond
from handlers.telemetry import logged


@logged
def handler(event: dict[str, Any], _context: LambdaContext) -> Response:
    """Answer `POST /validation`."""
    return respond(event, "validation", validate)


def validate(release: Release) -> dict[str, Any]:
    """FAILED with the packages that failed, or SUCCESS."""
    failed = [package for package in release.packageIds if package.endswith("0")]
    message = f"Validation failed for {', '.join(failed)}" if failed else "All packages are valid"
    return {
        "status": "FAILED" if failed else "SUCCESS",
        "message": message,
        "jiraStoryId": release.jiraStoryId,
        "packageIds": release.packageIds,
        "failedPackageIds": failed,
    }
