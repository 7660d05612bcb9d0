"""Explanations of errors in a stack's configuration: the key, the allowed values, and the command that corrects it."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel

from components.api_settings import ApiSettings
from components.approval_settings import PolicySettings
from components.function_settings import FunctionSettings
from components.order_service_settings import OrderServiceSettings

APIS, TOKENS = "apis", "apiTokens"

_PARTS: Mapping[str, tuple[str, type[BaseModel]]] = {
    APIS: ("an API", ApiSettings),
    "functions": ("a function", FunctionSettings),
    "approvalPolicies": ("a policy", PolicySettings),
    "orderServices": ("an order service", OrderServiceSettings),
}
"""Keys that hold objects with fields, what each object is, and its model."""


def explain(error: ValidationError, model: type[BaseModel], *, namespace: str) -> str:
    """Describe every error of a configuration that the model refused; `namespace` is the project's name."""
    lines = ["The stack's configuration has to be corrected:"]
    for detail in error.errors(include_url=False):
        where, said = detail["loc"], detail["msg"].removeprefix("Value error, ")
        if detail["type"] == "model_type":
            said = f"must be an object with the fields {_fields(str(where[0]))}"
            if detail["input"] is None and where[0] == APIS:
                # If the stack has no list, `pulumi config set --path 'apis[3].name'` makes one filled with nulls.
                said += ", because the stack's list takes the place of the one in Pulumi.yaml and has to repeat it"
        key = _path(where)
        if not where:
            # Errors that concern several keys: one line for each error, which begins with a key.
            lines.extend(f"  {namespace}:{line}" for line in said.splitlines())
        elif detail["type"] == "extra_forbidden":
            # Its value is not shown: it may be a secret.
            lines.append(f"  {namespace}:{key} {_unknown(where, model, namespace)}")
        elif detail["type"] == "missing" and len(where) == 1:
            lines.append(f"  {namespace}:{key} is missing (Pulumi.yaml declares it with a default)")
        elif detail["type"] == "missing":
            lines.append(f"  {namespace}:{key} is missing{_command(where)}")
        else:
            lines.append(f"  {namespace}:{key} is {_shown(where, detail['input'])}: {said}{_command(where)}")
    lines.append("Correct it in Pulumi.<stack>.yaml or by: pulumi config set <key> <value>")
    if any(detail["loc"] and _is_list(str(detail["loc"][0]), model) for detail in error.errors()):
        lines.append(
            "An item of a list that is in Pulumi.<stack>.yaml: pulumi config set --path '<key>[0]' <value>, "
            "a field of one: '<key>[0].<field>'"
        )
    return "\n".join(lines)


def _path(where: Sequence[int | str]) -> str:
    """Render a location as a path for `pulumi config set --path`: `apis[3].url`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where).removeprefix(".")


def _command(where: Sequence[int | str]) -> str:
    """Return the command for a part of a value; the last line of the text has the one for a whole value."""
    if where[0] == TOKENS:
        return (
            f"; by pulumi config set --secret --path '{_path(where) if len(where) > 1 else 'apiTokens.<name>'}' <token>"
        )
    if len(where) == 1:
        return ""
    field = ".name' <name>" if where[0] == APIS and len(where) == 2 else "' <value>"
    return f"; by pulumi config set --path '{_path(where)}{field}"


def _shown(where: Sequence[int | str], value: Any) -> str:
    # The list of APIs, or a URL, may contain a token by mistake.
    is_hidden = where[0] == TOKENS or (where[0] == APIS and (len(where) == 1 or "@" in str(value)))
    return "(not shown)" if is_hidden else repr(value)


def _unknown(where: Sequence[int | str], model: type[BaseModel], namespace: str) -> str:
    *place, name = where
    if not place:
        return f"is no key of this program{_meant(str(name), model, f'{namespace}:') or ' (Pulumi.yaml declares them)'}"
    remove = f"; by pulumi config rm --path '{_path(where)}'"
    if name == "token":
        give = "pulumi config set --secret --path 'apiTokens.<name>' <token>"
        return f"is no field of an API, because tokens are secrets of their own{remove} and {give}"
    kind, part = _PARTS.get(str(where[0]), _PARTS[APIS])
    return f"is no field of {kind}{_meant(str(name), part, '') or f' ({_fields(str(where[0]))})'}{remove}"


def _fields(key: str) -> str:
    return ", ".join(map(to_camel, _PARTS.get(key, _PARTS[APIS])[1].model_fields))


def _meant(key: str, model: type[BaseModel], before: str) -> str:
    close = get_close_matches(key, [to_camel(name) for name in model.model_fields], n=1)
    return f": did you mean {before}{close[0]}?" if close else ""


def _is_list(key: str, model: type[BaseModel]) -> bool:
    return any(to_camel(name) == key and get_origin(f.annotation) is list for name, f in model.model_fields.items())
