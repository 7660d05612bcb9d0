"""The schemas of requests and answers, from the handlers' own models."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from handlers.answers import Answer

Schema = dict[str, Any]

_SAYS_NOTHING = ("title", "default")
"""Keywords of a property that add nothing to its name and type; an answer always has its default."""


def reference(kind: type) -> Schema:
    """Return the schema of a model by its name."""
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def any_of(kinds: Iterable[type]) -> Schema:
    """Return the schema of a value of any of these types."""
    references = [reference(kind) for kind in kinds]
    return references[0] if len(references) == 1 else {"anyOf": references}


def schemas(requests: Iterable[type[BaseModel]], answers: Iterable[type[Answer]]) -> dict[str, Schema]:
    """Return the schemas of these types and of the types that they contain, by name."""
    sent = list(answers)
    wanted: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        *((kind.__name__, "validation", TypeAdapter(kind)) for kind in requests),
        *((kind.__name__, "serialization", TypeAdapter(kind)) for kind in sent),
    ]
    _, found = TypeAdapter.json_schemas(wanted, ref_template="#/components/schemas/{model}")
    known: dict[str, Schema] = found["$defs"]
    for kind in sent:
        schema = known[kind.__name__]
        # An answer always has all its fields: a default is for our code, not for readers of the document.
        schema["required"] = list(schema["properties"])
        schema["description"] = inspect.getdoc(kind)
    return {name: _plain(schema) for name, schema in sorted(known.items())}


def words(schema: Schema) -> list[str]:
    """Return the possible values of `status`; none if an answer has no such field."""
    status = schema["properties"].get("status", {"enum": []})
    return [status["const"]] if "const" in status else list(status["enum"])


def _plain(schema: Mapping[str, Any]) -> Schema:
    """Return the schema without the keys in `_SAYS_NOTHING`; properties keep any name."""
    plain = {key: value for key, value in schema.items() if key not in _SAYS_NOTHING}
    if "description" in plain:
        plain["description"] = " ".join(plain["description"].split())
    if "properties" in plain:
        plain["properties"] = {name: _plain(each) for name, each in plain["properties"].items()}
    return plain
