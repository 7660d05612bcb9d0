"""Wrong JSON: other types, numbers out of range, too much of everything."""

import copy
import json
import random
import sys
from collections.abc import Iterator
from typing import Any

from tests.campaigns.hostile.texts import text_of_any_kind

NUMBERS = (0, -0.0, -1, 0.1, 1e308, 5e-324, 2**31, 2**53 + 1, 2**64, 10**400, -(10**50))

NUMBER_TEXTS = ("1e999", "-1e999", "1e-999", "9" * 400, "9" * 5_000, "0." + "1" * 1_000, "NaN", "Infinity", "-Infinity")
"""Numbers that not every reader of JSON takes; the last three are no JSON at all."""

DEPTHS = (10, 100, 400, 1_000, 3_000, 20_000, 100_000)


def value(rng: random.Random, depth: int = 2) -> Any:
    """Return any JSON value, at most `depth` levels deep."""
    kinds = ["text", "number", "constant"] + (["list", "object"] if depth else [])
    match rng.choice(kinds):
        case "text":
            return text_of_any_kind(rng)
        case "number":
            return rng.choice(NUMBERS)
        case "constant":
            return rng.choice((None, True, False, "", [], {}))
        case "list":
            return [value(rng, depth - 1) for _ in range(rng.randrange(4))]
        case _:
            return {text_of_any_kind(rng): value(rng, depth - 1) for _ in range(rng.randrange(4))}


def no_text(rng: random.Random) -> Any:
    """Return any JSON value except a text."""
    while isinstance(found := value(rng), str):
        pass
    return found


def nested(rng: random.Random, depth: int) -> bytes:
    """Return JSON with this many levels."""
    if rng.random() < 0.5:
        return b"[" * depth + b"]" * depth
    return b'{"a":' * depth + b"1" + b"}" * depth


def spliced(document: Any, marker: str, raw: bytes) -> bytes:
    """Return the document as JSON, with raw bytes in the place of the text `marker`."""
    return json.dumps(document).encode().replace(json.dumps(marker).encode(), raw)


def changed(rng: random.Random, document: Any) -> Any:
    """Return a copy of the document with one to three places changed: another text or value, nothing, or more."""
    changing = copy.deepcopy(document)
    for _ in range(rng.choice((1, 1, 2, 3))):
        holders = [holder for holder in _holders(changing) if holder]
        if not holders:
            break
        holder = rng.choice(holders)
        key = rng.choice([*holder]) if isinstance(holder, dict) else rng.randrange(len(holder))
        match rng.randrange(6):
            case 0 | 1 | 2:
                holder[key] = text_of_any_kind(rng)
            case 3:
                holder[key] = value(rng)
            case 4:
                del holder[key]
            case _ if isinstance(holder, dict):
                holder[text_of_any_kind(rng)] = value(rng)
            case _:
                holder.insert(key, value(rng))
    return changing


def _holders(document: Any) -> Iterator[Any]:
    if isinstance(document, dict | list):
        yield document
        for inside in document.values() if isinstance(document, dict) else document:
            yield from _holders(inside)


def in_doubles(found: Any) -> Any:
    """Return a JSON value with numbers as JSONata has them: doubles, and null instead of one that is too large."""
    if isinstance(found, dict):
        return {name: in_doubles(inner) for name, inner in found.items()}
    if isinstance(found, list):
        return [in_doubles(inner) for inner in found]
    if isinstance(found, int | float) and not isinstance(found, bool):
        return float(found) if abs(found) <= sys.float_info.max else None
    return found
