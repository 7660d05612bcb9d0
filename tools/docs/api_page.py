"""docs/api.md: docs/openapi.json in human-readable form."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tools.docs import api_schemas, openapi
from tools.docs.templates import render

MAX_WIDTH = 100
"""Characters; longer JSON is written on several lines."""


def page() -> str:
    """Return the whole page."""
    document = openapi.document()
    known = document["components"]["schemas"]
    repeated: dict[str, list[str]] = {}
    shown: dict[str, Any] = {}
    for path, item in document["paths"].items():
        responses = item["post"]["responses"]
        repeated[path] = [code for code, response in responses.items() if response == shown.get(code)]
        shown |= responses
    return render(
        "api.md.j2",
        paths=document["paths"],
        schemes=document["components"]["securitySchemes"],
        known=known,
        repeated=repeated,
        fields=lambda schema: _fields(schema, known),
        answers=lambda response: _answers(response, known),
        examples=_examples_shown,
        dumps=json.dumps,
        json=_json,
        cell=lambda text: text.replace("|", "\\|"),
    )


def _fields(schema: Mapping[str, Any], known: Mapping[str, Any], within: str = "") -> Iterator[dict[str, str]]:
    """Yield the fields of a schema, including those of nested objects."""
    for name, field in schema["properties"].items():
        (kind,) = [each for each in field.get("anyOf", [field]) if each.get("type") != "null"]
        needed = "required" if name in schema.get("required", []) else "optional"
        inner = known[kind["$ref"].rpartition("/")[2]] if "$ref" in kind else None
        yield {"name": f"{within}{name}", "needed": needed, "limits": "object" if inner else _limits(kind)}
        if inner:
            yield from _fields(inner, known, f"{within}{name}.")


def _limits(kind: Mapping[str, Any]) -> str:
    if kind["type"] == "array":
        least = f"at least {kind['minItems']}: " if "minItems" in kind else ""
        return f"list of {least}{_limits(kind['items'])}"
    said = [kind["type"]]
    if "minLength" in kind:
        said.append(f"at least {kind['minLength']:,} character")
    if "maxLength" in kind:
        said.append(f"at most {kind['maxLength']:,} characters")
    if "pattern" in kind:
        said.append(f"matches `{kind['pattern']}`")
    return ", ".join(said)


def _answers(response: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the kinds of answers of a response, with status and description."""
    for kind in _kinds(response):
        words = ", ".join(f"`{word}`" for word in api_schemas.words(known[kind]))
        yield {"words": words, "when": _examples(response).get(kind, {}).get("summary", known[kind]["description"])}


def _examples_shown(response: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the examples of a response with their headers."""
    for name, example in _examples(response).items():
        headers = response.get("headers", {}) if name != openapi.GATEWAY_SCHEMA else {}
        yield {
            "word": name.split()[0],
            "headers": " and ".join(f"`{header}`" for header in headers),
            "value": example["value"],
        }


def _kinds(response: Mapping[str, Any]) -> list[str]:
    schema = response["content"]["application/json"]["schema"]
    return [each["$ref"].rpartition("/")[2] for each in schema.get("anyOf", [schema])]


def _examples(response: Mapping[str, Any]) -> Mapping[str, Any]:
    examples: Mapping[str, Any] = response["content"]["application/json"]["examples"]
    return examples


def _json(value: Any) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    return flat if len(flat) <= MAX_WIDTH else json.dumps(value, indent=2, ensure_ascii=False)
