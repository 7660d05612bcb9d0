"""A stack's configuration, merged as by the Pulumi engine: project defaults, stack file, overrides."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# PyYAML comes with Pulumi; its type information would be one more package to pin for two calls.
import yaml  # type: ignore[import-untyped]

from sandbox import clients

DEFAULT_TAGS = "aws:defaultTags"
REGION = "aws:region"

# Only the real provider needs these. The sandbox has one endpoint, one account and one credential.
CONNECTION_KEYS = frozenset(
    {
        "aws:accessKey",
        "aws:allowedAccountIds",
        "aws:assumeRoles",
        "aws:endpoints",
        "aws:profile",
        "aws:s3UsePathStyle",
        "aws:secretKey",
        "aws:skipCredentialsValidation",
        "aws:skipMetadataApiCheck",
        "aws:skipRegionValidation",
        "aws:skipRequestingAccountId",
    }
)

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "number": (int, float),
    "array": list,
    "object": dict,
}


# Without --path, Pulumi stores the text.
_BY_PATH = {
    "array": " (pulumi config set --path 'key[0]' value)",
    "object": " (pulumi config set --path 'key.name' value)",
}


class StackError(Exception):
    """The stack's configuration cannot be used."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One stack of one project."""

    project: str
    name: str
    config: Mapping[str, str] = field(default_factory=dict)
    """Full key -> text, as Pulumi's runtime takes it: JSON for a value that is not a string."""

    @property
    def default_tags(self) -> dict[str, str]:
        """Return the tags that the provider adds to every taggable resource."""
        settings = json.loads(self.config.get(DEFAULT_TAGS, "{}"))
        return {key: str(value) for key, value in settings.get("tags", {}).items()}


def load(root: Path, name: str, overrides: Mapping[str, Any] | None = None, *, encrypted: str | None = None) -> Stack:
    """Read `Pulumi.yaml` and `Pulumi.{name}.yaml` in `root`; `overrides` win, as `pulumi up --config` does.

    A key without a namespace belongs to the project. An override may be text, as on a command line (then JSON for
    what is not a string), or a value of the declared type. `encrypted` replaces every encrypted value of the stack
    file, for callers that read a stack and do not deploy it.

    Raises:
        StackError: a file is missing, a key of another namespace is not known, or a value is encrypted, missing or of
            the wrong type. Keys that the project does not declare reach the program, as in the engine.
    """
    project_file, stack_file = root / "Pulumi.yaml", root / f"Pulumi.{name}.yaml"
    project = _read(project_file)
    namespace = str(project["name"])
    if not stack_file.exists():
        known = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in root.glob("Pulumi.*.yaml"))
        raise StackError(f"there is no stack '{name}' ({stack_file.name} is missing); there are: {', '.join(known)}")
    schema = {_full(key, namespace): _declared(value) for key, value in (project.get("config") or {}).items()}
    values = {key: declared["value"] for key, declared in schema.items() if "value" in declared}
    values |= {key: declared["default"] for key, declared in schema.items() if "default" in declared}
    given = {_full(key, namespace): value for key, value in (overrides or {}).items()}
    stack_config = _read(stack_file).get("config") or {}
    for key, value in stack_config.items():
        full = _full(key, namespace)
        if full not in given:
            opened = _open(value, f"{key} in {stack_file.name}", encrypted)
            values[full] = _scalar(opened, schema.get(full, {}))
    values |= {key: _parse(value, schema.get(key, {})) for key, value in given.items()}
    _check(values, schema, namespace, name)
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    return Stack(project=namespace, name=name, config=texts)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StackError(f"{path} is missing: run this in the folder of the Pulumi project") from None
    except yaml.YAMLError as error:
        raise StackError(f"{path} is not valid YAML: {error}") from error
    return content if isinstance(content, dict) else {}


def _full(key: str, namespace: str) -> str:
    return key if ":" in key else f"{namespace}:{key}"


def _declared(value: Any) -> dict[str, Any]:
    # A plain value is short for {value: ...}; a schema has a type, a default or a description.
    if isinstance(value, dict) and value.keys() & {"type", "default", "value", "description", "items", "secret"}:
        return value
    return {"value": value}


def _open(value: Any, where: str, encrypted: str | None) -> Any:
    """Return the value, with `encrypted` in place of each encrypted part."""
    if isinstance(value, dict) and set(value) == {"secure"}:
        if encrypted is not None:
            return encrypted
        raise StackError(
            f"{where} is encrypted, and the sandbox has no key: use a stack without secrets here, "
            "or give the value by --config"
        )
    if isinstance(value, dict):
        return {key: _open(item, f"{where}, {key}", encrypted) for key, item in value.items()}
    if isinstance(value, list):
        return [_open(item, where, encrypted) for item in value]
    return value


def _scalar(value: Any, declared: Mapping[str, Any]) -> Any:
    """Return a value of a stack file as its declared type; `pulumi config set` writes numbers and booleans as text."""
    return _parse(value, declared) if declared.get("type") in {"integer", "number", "boolean"} else value


def _parse(value: Any, declared: Mapping[str, Any]) -> Any:
    """Return an override as its declared type; a value of another type stays text, so that the check reports it."""
    if declared.get("type") == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        # Pulumi has no type for fractional numbers: they are declared as text.
        return str(value)
    if not isinstance(value, str) or declared.get("type", "string") == "string":
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _check(values: Mapping[str, Any], schema: Mapping[str, Mapping[str, Any]], namespace: str, name: str) -> None:
    problems = [
        f"{key} is missing: give it in Pulumi.{name}.yaml or by --config" for key in schema if key not in values
    ]
    if values.get(REGION, clients.REGION) != clients.REGION:
        problems.append(f"{REGION} is {values[REGION]}: the sandbox has {clients.REGION} only, so give that or nothing")
    for key, value in values.items():
        is_own = key.startswith(f"{namespace}:")
        if not is_own and key not in {REGION, DEFAULT_TAGS} and key not in CONNECTION_KEYS:
            known = ", ".join(sorted(k.removeprefix(f"{namespace}:") for k in schema))
            problems.append(f"{key} is not a known key; Pulumi.yaml declares: {known}")
            continue
        expected = schema.get(key, {}).get("type")
        if expected and not _is(value, expected):
            # Objects hold secrets.
            shown = "not" if expected == "object" else f"{value!r}: it must be"
            problems.append(f"{key} is {shown} of type {expected}{_BY_PATH.get(expected, '')}")
    if problems:
        raise StackError("\n".join([f"the configuration of stack '{name}' has to be corrected:", *problems]))


def _is(value: Any, expected: str) -> bool:
    if expected in {"integer", "number"} and isinstance(value, bool):
        return False
    return isinstance(value, _TYPES.get(expected, object))
