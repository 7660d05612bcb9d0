"""Versions and aliases of Lambda functions: each version keeps code and settings, each qualified ARN has a policy.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html and
https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
"""

import copy
import random
import re
from collections import Counter
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaAlias, LambdaBackend, LambdaFunction, LambdaStorage
from moto.awslambda.policy import Policy
from moto.awslambda.responses import LambdaResponse

from sandbox.patches import replaced, wrapped

_NO_CONTENT = ("FunctionArn", "Version", "LastModified", "Description")
"""Parts of a configuration whose change makes no new version."""

_NAME_IN_PATH = re.compile(r"(?<=/functions/)[^/?]+")


class _InUseError(LambdaClientError):
    """An alias routes to the version."""

    def __init__(self, names: list[str]) -> None:
        message = f"Unable to delete version because the following aliases reference it: [{', '.join(names)}]"
        super().__init__("ResourceConflictException", message)
        self.code = 409


def unqualified(function: LambdaFunction) -> LambdaFunction:
    """Return the function of a version, which has the reserved concurrency of all versions."""
    found: LambdaFunction = function.__dict__.get("published_from", function)
    return found


def publish(storage: LambdaStorage, name_or_arn: str, description: str = "") -> LambdaFunction:
    """Publish the function's current code and settings as a version and return it: the last one if nothing changed.

    No number is used twice, even if a function is deleted and created again.
    """
    latest = storage.get_function_by_name_or_arn_forbid_qualifier(name_or_arn)
    versions: list[LambdaFunction] = storage._functions[latest.function_name]["versions"]
    if versions and _content(versions[-1]) == _content(latest):
        return versions[-1]
    numbers: Counter[str] = storage.__dict__.setdefault("version_numbers", Counter())
    numbers[latest.function_name] += 1
    version = copy.copy(latest)
    version.code = dict(latest.code)
    # Its statements get the function's own ARN and the qualifier of the call.
    version.policy = Policy(latest)
    version.event_invoke_config = []
    version.__dict__["published_from"] = latest
    version.set_version(numbers[latest.function_name])
    version.description = description or latest.description
    versions.append(version)
    storage._arns[version.function_arn] = version
    return version


def publish_created(storage: LambdaStorage, created: LambdaFunction) -> LambdaFunction:
    """Publish the first version of a function; return the answer to its creation: the function's ARN and the version.

    UpdateFunctionCode and PublishVersion, by contrast, answer with the version's ARN.
    """
    answer = copy.copy(created)
    answer.version = publish(storage, created.function_name).version
    return answer


def _content(function: LambdaFunction) -> dict[str, Any]:
    return {name: value for name, value in function.get_configuration().items() if name not in _NO_CONTENT}


def _find(original: Any, self: LambdaStorage, name: str, qualifier: str | None = None) -> LambdaFunction:
    """Return the function that a call of that name runs; for an alias, a version with the alias's ARN and policy."""
    found: LambdaFunction = original(self, name, qualifier)
    named = name.partition(":")[2] or qualifier or ""
    alias = self._aliases.get(unqualified(found).function_arn, {}).get(named)
    if alias is None:
        return found
    if (chosen := _choose(alias)) != str(found.version):
        found = original(self, found.function_name, chosen)
    called = copy.copy(found)
    called.function_arn = alias.arn
    called.policy = alias.__dict__.setdefault("policy", Policy(unqualified(found)))
    called.event_invoke_config = alias.__dict__.setdefault("event_invoke_config", [])
    return called


def _shares(alias: LambdaAlias) -> dict[str, float]:
    """Return the versions that an alias routes to, each with its share of the invocations."""
    routing: Any = alias.routing_config or {}
    others: dict[str, float] = routing.get("AdditionalVersionWeights") or {}
    return {alias.function_version: 1 - sum(others.values()), **others}


def _choose(alias: LambdaAlias) -> str:
    shares = _shares(alias)
    # Not for secrets.
    (version,) = random.choices(list(shares), list(shares.values()))  # noqa: S311
    return version


def _update_code(self: LambdaBackend, function_name: str, _qualifier: str, body: dict[str, Any]) -> dict[str, Any]:
    function = self.get_function(function_name)
    if "Architectures" in body and not body.get("DryRun"):
        function.architectures = body["Architectures"]
    updated = function.update_function_code(body)
    if body.get("Publish") and not body.get("DryRun"):
        return publish(self._lambdas, function_name).get_configuration()
    return updated


def _delete(original: Any, self: LambdaStorage, name_or_arn: str, qualifier: str | None = None) -> None:
    deleted = self.get_function_by_name_or_arn_with_qualifier(name_or_arn, qualifier)
    version = str(deleted.version)
    routed = [alias.name for alias in self.list_aliases(deleted.function_name) if version in _shares(alias)]
    if version != "$LATEST" and routed:
        raise _InUseError(routed)
    original(self, name_or_arn, qualifier)


def _of_qualifier(original: Any, self: LambdaResponse) -> Any:
    """Append the qualifier to the name in the path, where moto reads it."""
    qualifier = self._get_param("Qualifier")
    if qualifier:
        self.path = _NAME_IN_PATH.sub(lambda name: f"{name[0]}:{qualifier}", self.path)
    return original(self)


def _forget_invoke_config(self: LambdaBackend, function_name: str) -> None:
    self.get_function_event_invoke_config(function_name)
    self.get_function(function_name).event_invoke_config.clear()


PATCHES = (
    replaced(LambdaStorage, "publish_version", publish, "uses numbers twice, and shares policies between versions"),
    replaced(
        LambdaBackend,
        "update_function_code",
        _update_code,
        "changes the version that it has just published, and drops Architectures",
    ),
    wrapped(LambdaStorage, "get_function_by_name_with_qualifier", _find, "knows no weights and policies of aliases"),
    wrapped(LambdaStorage, "del_function", _delete, "deletes a version that an alias routes to"),
    replaced(
        LambdaBackend, "delete_function_event_invoke_config", _forget_invoke_config, "leaves that of an alias in place"
    ),
    *(
        wrapped(LambdaResponse, name, _of_qualifier, "ignores the qualifier")
        for name in (
            "remove_permission",
            "put_function_event_invoke_config",
            "update_function_event_invoke_config",
            "get_function_event_invoke_config",
            "delete_function_event_invoke_config",
        )
    ),
)
