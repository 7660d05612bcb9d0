"""The mock deployment API: a package id that ends in 5 deploys with a warning."""

import hashlib
import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.http_api import Response
from handlers.mock_apis.answering import Release, respond
from handlers.telemetry import logged


@logged
def handler(event: dict[str, Any], _context: LambdaContext) -> Response:
    """Answer `POST /deployment`."""
    return respond(event, "deployment", deploy)


def deploy(release: Release) -> dict[str, Any]:
    """WARNING with the packages to look at, or SUCCESS; the same release gets the same `deploymentId`."""
    warned = [package for package in release.packageIds if package.endswith("5")]
    message = f"Deployed with warnings for {', '.join(warned)}" if warned else "All packages are deployed"
    identity = json.dumps(release.model_dump(), sort_keys=True).encode()
    environment = release.metadata.get("environment")
    return {
        "status": "WARNING" if warned else "SUCCESS",
        "message": message,
        "jiraStoryId": release.jiraStoryId,
        "packageIds": release.packageIds,
        "warnedPackageIds": warned,
        "deploymentId": f"deployment-{hashlib.sha256(identity).hexdigest()[:12]}",
        "environment": environment if isinstance(environment, str) else None,
    }
