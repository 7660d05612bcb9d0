"""Versions and aliases of state machines, by which executions start and are listed.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html and
https://docs.aws.amazon.com/step-functions/latest/apireference/API_PublishStateMachineVersion.html
"""

import copy
import random
from collections.abc import Mapping, Sequence
from typing import Any, cast

from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions.exceptions import StateMachineDoesNotExist
from moto.stepfunctions.models import StateMachine, StepFunctionBackend
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.patches import MOTO_ISSUES, added, wrapped
from sandbox.qualified_arns import split


class ConflictError(AWSError):
    """The version is in use, or the alias exists with another routing."""

    TYPE = "ConflictException"


class VersionDoesNotExistError(AWSError):
    """An alias cannot route to a version that does not exist."""

    TYPE = "ResourceNotFound"


def associations(execution: Any) -> dict[str, str | None]:
    """Return the version and the alias through which an execution was started."""
    machine = execution.state_machine
    return {
        "stateMachineVersionArn": getattr(machine, "version_arn", None),
        "stateMachineAliasArn": getattr(machine, "alias_arn", None),
    }


def is_associated(execution: Any, arn: str) -> bool:
    """Return whether ListExecutions lists the execution for this state machine, version or alias."""
    return not split(arn)[1] or arn in associations(execution).values()


def choose(routes: Sequence[Mapping[str, Any]]) -> str:
    """Choose a version by the weights of an alias."""
    # Not for secrets.
    (arn,) = random.choices(  # noqa: S311
        [route["stateMachineVersionArn"] for route in routes], [route["weight"] for route in routes]
    )
    return str(arn)


def _describe(original: Any, self: Any, arn: str) -> Any:
    """Return a state machine; for a qualified ARN a view of it with the definition of the version."""
    own, qualifier = split(arn)
    if not qualifier:
        return original(self, arn)
    machine = original(self, own)
    alias = machine.aliases.get(qualifier)
    version_arn = choose(alias.routing_configuration) if alias else arn
    version = next((each for each in machine.versions.values() if each.arn == version_arn), None)
    if version is None:
        raise StateMachineDoesNotExist(f"State Machine Does Not Exist: '{arn}'")
    # The view shares the list of executions, and an execution copies the rest when it starts.
    view = copy.copy(machine)
    for name in (*_CONFIGURATION, "creation_date", "description"):
        setattr(view, name, getattr(version, name))
    view.versions, view.aliases = {}, {}
    view.version_arn, view.alias_arn = version_arn, alias.arn if alias else None
    return view


_CONFIGURATION = ("definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration")


def _answer_describe(original: Any, self: Any, state_machine_arn: str) -> ActionResult:
    answer: ActionResult = original(self, state_machine_arn)
    if not split(state_machine_arn)[1].isnumeric():
        return answer
    return ActionResult({**cast("dict[str, Any]", answer.result), "stateMachineArn": state_machine_arn})


def _publish(original: Any, self: Any, description: str | None) -> None:
    """Publish the current revision, unless its version exists."""
    latest = self.latest_version
    if latest is None or any(getattr(latest, name) != getattr(self, name) for name in _CONFIGURATION):
        original(self, description)


def _list_versions(self: Any) -> ActionResult:
    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    versions = [
        {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}
        for _, version in sorted(machine.versions.items(), reverse=True)
    ]
    return ActionResult({"stateMachineVersions": versions})


def _answer_publish(self: Any) -> ActionResult:
    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    machine.publish(self._get_param("description"))
    version = machine.latest_version
    return ActionResult({"stateMachineVersionArn": version.arn, "creationDate": version.creation_date})


def _answer_delete_version(self: Any) -> EmptyResult:
    arn = self._get_param("stateMachineVersionArn")
    own, number = split(arn)
    machine = self.stepfunction_backend.describe_state_machine(own)
    users = [
        alias.name
        for alias in machine.aliases.values()
        if arn in (route["stateMachineVersionArn"] for route in alias.routing_configuration)
    ]
    if users:
        raise ConflictError(f"Version to be deleted must not be referenced by an alias. Current aliases: {users}")
    machine.versions.pop(int(number), None)
    machine.latest_version = machine.versions.get(max(machine.versions, default=0))
    return EmptyResult()


def _create_alias(original: Any, self: Any, name: str, routes: list[dict[str, Any]], description: str | None) -> Any:
    _require_versions(self, routes)
    machine = self.describe_state_machine(split(routes[0]["stateMachineVersionArn"])[0])
    existing = machine.aliases.get(name)
    if existing is None:
        return original(self, name, routes, description)
    if (existing.routing_configuration, existing.description) != (routes, description):
        raise ConflictError(f"Failed to create alias because an alias with the same name exists: '{existing.arn}'")
    return existing


def _update_alias(
    original: Any, self: Any, arn: str, description: str | None, routing_configuration: list[dict[str, Any]] | None
) -> Any:
    _require_versions(self, routing_configuration or [])
    return original(self, arn=arn, description=description, routing_configuration=routing_configuration)


def _require_versions(backend: Any, routes: Sequence[Mapping[str, Any]]) -> None:
    for route in routes:
        arn = route["stateMachineVersionArn"]
        own, number = split(arn)
        machine = next((each for each in backend.state_machines if each.arn == own), None)
        if machine is None or not number.isnumeric() or int(number) not in machine.versions:
            raise VersionDoesNotExistError(f"Resource Not Found: '{arn}'")


PATCHES = (
    wrapped(StepFunctionBackend, "describe_state_machine", _describe, "starts no execution by a version or an alias"),
    wrapped(
        StepFunctionResponse, "_describe_state_machine", _answer_describe, "answers with another ARN than a version's"
    ),
    wrapped(StateMachine, "publish", _publish, "publishes a revision twice"),
    added(
        StepFunctionResponse,
        "list_state_machine_versions",
        _list_versions,
        "lacks ListStateMachineVersions",
        f"{MOTO_ISSUES}/10106",
    ),
    added(StepFunctionResponse, "publish_state_machine_version", _answer_publish, "lacks PublishStateMachineVersion"),
    added(
        StepFunctionResponse, "delete_state_machine_version", _answer_delete_version, "lacks DeleteStateMachineVersion"
    ),
    wrapped(
        StepFunctionBackend, "create_state_machine_alias", _create_alias, "overwrites an alias that exists already"
    ),
    wrapped(StepFunctionBackend, "update_state_machine_alias", _update_alias, "routes to versions that do not exist"),
)
