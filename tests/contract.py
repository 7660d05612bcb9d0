"""docs/openapi.json as a contract: checks requests and answers."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from tests.unit.recorded_program import ROOT


@cache
def document() -> dict[str, Any]:
    """Return the committed document."""
    written: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    return written


def check_answer(path: str, code: int, headers: Mapping[str, str], body: Any) -> None:
    """Assert that `POST {path}` may answer like this; unknown fields are refused."""
    responses = document()["paths"][path]["post"]["responses"]
    assert str(code) in responses, f"docs/openapi.json knows no {code} of {path}: run `make docs`"
    known = _fitting(responses[str(code)]["content"]["application/json"]["schema"], body)
    assert known, f"docs/openapi.json knows no such {code} of {path}: {body}"
    assert any(body.keys() == each["properties"].keys() for each in known), f"{path} answers {body.keys()}"
    if "status" in body:
        sent = {name.lower() for name in headers}
        assert set(responses[str(code)].get("headers", {})) <= sent, f"{code} of {path} has {sent}"


def takes(path: str, body: Any) -> bool:
    """Return whether the document accepts the body."""
    content = document()["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    return bool(_fitting(content["schema"], body))


def _fitting(schema: Mapping[str, Any], value: Any) -> list[dict[str, Any]]:
    """Return the schemas, of those that are named, that the value fits."""
    references = [each["$ref"] for each in schema.get("anyOf", [schema])]
    return [_named(reference) for reference in references if _validator(reference).is_valid(value)]


def _named(reference: str) -> dict[str, Any]:
    schema: dict[str, Any] = document()["components"]["schemas"][reference.rpartition("/")[2]]
    return schema


@cache
def _validator(reference: str) -> Any:
    # OpenAPI 3.1 speaks this draft: https://spec.openapis.org/oas/v3.1.0#schema-object
    # The references inside begin at the document's root.
    return Draft202012Validator({"$ref": reference, "components": document()["components"]})
