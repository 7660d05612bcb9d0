"""Errors in a stack's configuration, in words that name the key and what is allowed."""

from difflib import get_close_matches
from typing import get_origin

import pulumi
from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel


class ConfigError(pulumi.RunError):
    """The stack's configuration has to be corrected; Pulumi prints this without a stack trace."""


def explain(error: ValidationError, model: type[BaseModel], *, namespace: str) -> str:
    """Describe every error of a configuration that the model refuses; `namespace` is the project's name."""
    lines = ["The stack's configuration has to be corrected:"]
    for detail in error.errors(include_url=False):
        key = ".".join(map(str, detail["loc"]))
        said = detail["msg"].removeprefix("Value error, ")
        if detail["type"] == "extra_forbidden":
            # Its value is not shown: it may be a secret.
            lines.append(f"  {namespace}:{key} is no key of this program{_meant(key, model, namespace)}")
        elif detail["type"] == "missing":
            lines.append(f"  {namespace}:{key} is missing (Pulumi.yaml declares it with a default)")
        elif key:
            value = "(not shown)" if key.endswith("Token") else repr(detail["input"])
            lines.append(f"  {namespace}:{key} is {value}: {said}")
        else:
            lines.append(f"  {namespace}: {said}")
    lines.append("Correct it in Pulumi.<stack>.yaml or by: pulumi config set <key> <value>")
    if any(detail["loc"] and _is_list(str(detail["loc"][0]), model) for detail in error.errors()):
        lines.append("An item of a list: pulumi config set --path '<key>[0]' <value>")
    return "\n".join(lines)


def _meant(key: str, model: type[BaseModel], namespace: str) -> str:
    close = get_close_matches(key, [to_camel(name) for name in model.model_fields], n=1)
    return f": did you mean {namespace}:{close[0]}?" if close else " (Pulumi.yaml declares them)"


def _is_list(key: str, model: type[BaseModel]) -> bool:
    return any(to_camel(name) == key and get_origin(f.annotation) is list for name, f in model.model_fields.items())
