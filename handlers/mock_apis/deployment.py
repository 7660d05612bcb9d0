"""The mock deployment API: with `demoFailures`, a package id that ends in 5 deploys with a warning."""

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.demo_failures import demo_failures
from handlers.http_api import Response
from handlers.mock_apis.answering import MAX_NAMED, Decision, Release, answer, named
from handlers.telemetry import logged


@logged
def handler(event: dict[str, Any], _context: LambdaContext) -> Response:
    """Answer `POST /deployment`."""
    return answer(event, "deployment", partial(deploy, on_demand=demo_failures()))


@dataclass(frozen=True, kw_only=True)
class Deployed(Decision):
    """WARNING with the packages to check, or SUCCESS. The same release gets the same `deploymentId`."""

    status: Literal["SUCCESS", "WARNING"]
    packageIds: list[str]  # noqa: N815 - the contract's name
    warnedPackageIds: list[str]  # noqa: N815 - as above
    deploymentId: str  # noqa: N815 - as above
    environment: str | None


def deploy(release: Release, *, on_demand: bool) -> Deployed:
    """Answer whether the packages of a release are deployed; `on_demand` lets ids ask for a warning."""
    warned = [package for package in release.packageIds if on_demand and package.endswith("5")]
    message = f"Deployed with warnings for {named(warned)}" if warned else "All packages are deployed"
    identity = json.dumps(release.model_dump(), sort_keys=True).encode()
    environment = release.metadata.get("environment")
    return Deployed(
        status="WARNING" if warned else "SUCCESS",
        message=message,
        jiraStoryId=release.jiraStoryId,
        packageIds=release.packageIds[:MAX_NAMED],
        warnedPackageIds=warned[:MAX_NAMED],
        deploymentId=f"deployment-{hashlib.sha256(identity).hexdigest()[:12]}",
        environment=environment if isinstance(environment, str) else None,
    )
