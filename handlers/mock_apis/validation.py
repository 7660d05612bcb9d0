"""The mock validation API: with `demoFailures`, a package id that ends in 0 fails."""

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
    """Answer `POST /validation`."""
    return answer(event, "validation", partial(validate, on_demand=demo_failures()))


@dataclass(frozen=True, kw_only=True)
class Validated(Decision):
    """FAILED with the failed packages, which stops the workflow; or SUCCESS."""

    status: Literal["SUCCESS", "FAILED"]
    packageIds: list[str]  # noqa: N815 - the contract's name
    failedPackageIds: list[str]  # noqa: N815 - as above


def validate(release: Release, *, on_demand: bool) -> Validated:
    """Answer whether the packages of a release may be deployed; `on_demand` lets ids ask for a failure."""
    failed = [package for package in release.packageIds if on_demand and package.endswith("0")]
    message = f"Validation failed for {named(failed)}" if failed else "All packages are valid"
    return Validated(
        status="FAILED" if failed else "SUCCESS",
        message=message,
        jiraStoryId=release.jiraStoryId,
        packageIds=release.packageIds[:MAX_NAMED],
        failedPackageIds=failed[:MAX_NAMED],
    )
