"""Fast serialization of answers of moto's JSON services that consist of plain dictionaries.

For each member of a structure, moto asks six classes for the names under which an object may store it, even for plain
dictionaries: an event of a history has five of 60 members.
"""

import functools
from collections import defaultdict
from typing import Any

from moto.core.model import StructureShape
from moto.core.serialize import AttributePickerContext, JSONSerializer, XFormedAttributePicker

from sandbox.patches import wrapped

# Cached structures; some hundred occur in the answers of a sandbox.
KNOWN_STRUCTURES = 4096


def _by_what_is_there(original: Any, self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
    picker = self._value_picker
    is_plain = type(value) is dict and type(picker) is XFormedAttributePicker and not picker.response_transformers
    if not is_plain or shape.is_document_type:
        original(self, serialized, value, shape, key)
        return
    wrapper: Any = self.MAP_TYPE() if key else serialized
    members, places = _members(shape)
    for place in sorted({place for name in value for place in places.get(name, ())}):
        member, member_shape, names = members[place]
        found = next(value[name] for name in names if name in value)
        if found is not None:
            self._serialize(wrapper, found, member_shape, member)
    if key:
        self._default_serialize(serialized, wrapper, shape, key)


@functools.lru_cache(maxsize=KNOWN_STRUCTURES)
def _members(shape: StructureShape) -> tuple[list[tuple[str, Any, list[str]]], dict[str, list[int]]]:
    """Return each member with its possible names in a dictionary, and each name's positions in this list."""
    picker = XFormedAttributePicker()
    members: list[tuple[str, Any, list[str]]] = []
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, (member, member_shape) in enumerate(shape.members.items()):
        member_shape.parent = shape  # type: ignore[attr-defined]  # moto's serializer sets it, and its picker reads it
        names = list(picker.get_possible_keys(AttributePickerContext(obj={}, key=member, shape=member_shape)))
        members.append((member, member_shape, names))
        for name in names:
            places[name].append(place)
    return members, dict(places)


PATCHES = (
    wrapped(
        JSONSerializer, "_serialize_type_structure", _by_what_is_there, "asks for every member that a shape could have"
    ),
)
