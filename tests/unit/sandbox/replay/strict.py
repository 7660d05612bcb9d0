"""Looks at AWS's JSON answers as strictly as the provider's SDK does; boto3 forgives a number that is sent as text.

https://github.com/aws/aws-sdk-go-v2: a member of another JSON type than its shape fails the whole call.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from botocore.model import OperationModel

_JSON_PROTOCOLS = {"json", "rest-json"}
_ISO_8601 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "character": str,
    "blob": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "list": list,
    "map": dict,
    "structure": dict,
}


class StrictReader:
    """Collects what another SDK could not read, and which calls it has seen; watch() a client to begin."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.seen: set[str] = set()

    def watch(self, client: Any) -> None:
        """Look at every answer that `client` gets from now on."""
        client.meta.events.register("before-parse", self._read, unique_id="strict-reader")

    def _read(self, operation_model: OperationModel, response_dict: dict[str, Any], **_: Any) -> None:
        service, shape = operation_model.service_model, operation_model.output_shape
        is_json = service.resolved_protocol in _JSON_PROTOCOLS
        if shape is None or not is_json or not response_dict["body"] or response_dict["status_code"] >= 300:
            return
        payload = shape.serialization.get("payload")
        if payload is None:
            where = f"{service.service_name}.{operation_model.name}"
            self.seen.add(where)
            self.problems += _problems(json.loads(response_dict["body"]), shape, where)


# The members of a shape are there or not by its type, which botocore's stubs cannot say.
def _problems(value: Any, shape: Any, where: str) -> Iterator[str]:
    if value is None:
        return
    if shape.type_name == "timestamp":
        if not _is_timestamp(value, shape.serialization.get("timestampFormat")):
            yield f"{where} is {value!r}, which is no timestamp"
        return
    expected: Any = _PYTHON_TYPES[shape.type_name]
    # JSON's true and false are not numbers, but Python's are.
    is_wrong_bool = isinstance(value, bool) and shape.type_name != "boolean"
    if is_wrong_bool or not isinstance(value, expected):
        yield f"{where} is {value!r}, which is no {shape.type_name}"
        return
    if shape.type_name == "list":
        for index, item in enumerate(value):
            yield from _problems(item, shape.member, f"{where}[{index}]")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _problems(item, shape.value, f"{where}.{key}")
    elif shape.type_name == "structure":
        for name, member in shape.members.items():
            if member.serialization.get("location") is None:
                yield from _problems(value.get(member.serialization.get("name", name)), member, f"{where}.{name}")


def _is_timestamp(value: Any, style: str | None) -> bool:
    if style == "iso8601":
        return isinstance(value, str) and _ISO_8601.fullmatch(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)
