"""Hostile release documents from somebody who may write to the bucket, and the right result of each."""

import json
import math
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from asl.release.document import MAX_DOCUMENT_BYTES
from sandbox.surrogates import without_escaped
from tests.campaigns.hostile.bodies import BROKEN_UTF8
from tests.campaigns.hostile.texts import text, text_of_any_kind
from tests.campaigns.hostile.values import DEPTHS, NUMBER_TEXTS, changed, nested, spliced, value

MAX_SURE_DEPTH = 100
"""Up to here every part reads a document; deeper down some may refuse it."""

MAX_SURE_STATE_BYTES = 250 * 1024
"""A state holds a document as a text in JSON, where a quotation mark takes two bytes: one that is full of them may be
more than a state can hold (256 KiB), which nothing in a state machine can catch. The recorder says so on S3."""

_STORY = re.compile(r"[A-Z][A-Z0-9_]+-[1-9][0-9]*")


@dataclass(frozen=True)
class Document:
    """An object of the bucket; `release` is the expected content for a reader, None if it has to be refused.

    Where `may_fail`, it may also be refused: an API may not read that deep, or take no number beyond a double.
    """

    raw: bytes
    release: dict[str, Any] | None
    may_fail: bool = False

    def __repr__(self) -> str:
        return f"Document({'good' if self.release else 'bad'}, {self.raw!r})"


def document(rng: random.Random, story: str) -> Document:
    """Return a document with a hostile change, or one that is hostile as a whole."""
    good = {
        "jiraStoryId": story,
        "packageIds": [f"{text_of_any_kind(rng)}." for _ in range(rng.randrange(1, 4))],
        "metadata": {"environment": "test", "notes": text_of_any_kind(rng), f"x{text_of_any_kind(rng)}": value(rng)},
    }
    whole = json.dumps(good).encode()
    place = rng.randrange(1, len(whole))
    depth = rng.choice(DEPTHS)
    padding = "x" * (MAX_DOCUMENT_BYTES - len(whole) - len(', "p": ""') + rng.choice((-1, 0, 1, 50_000)))
    choices: list[Callable[[], tuple[bytes, int]]] = [
        lambda: (whole, 0),
        lambda: (json.dumps(good, ensure_ascii=False).encode(errors="replace"), 0),
        lambda: (json.dumps(changed(rng, good)).encode(), 0),
        lambda: (json.dumps(changed(rng, good)).encode(), 0),
        lambda: (json.dumps({**good, "jiraStoryId": text_of_any_kind(rng)}).encode(), 0),
        lambda: (
            json.dumps({**good, "jiraStoryId": rng.choice((f"{story}\n", story.lower(), f"../{story}"))}).encode(),
            0,
        ),
        lambda: (
            json.dumps({**good, "jiraStoryId": rng.choice("A-1") * rng.choice((300, 3_000, 150_000))}).encode(),
            0,
        ),
        lambda: (whole[:place] + rng.randbytes(1) + whole[place + 1 :], 0),
        lambda: (whole[:place], 0),
        lambda: (spliced({**good, "jiraStoryId": "@"}, "@", b'"' + rng.choice(BROKEN_UTF8) + b'"'), 0),
        lambda: (spliced({**good, "metadata": {"n": "@"}}, "@", rng.choice(NUMBER_TEXTS).encode()), 0),
        lambda: (whole[:-1] + f', "jiraStoryId": {json.dumps(text(rng))}}}'.encode(), 0),
        lambda: (whole[:-1] + f', "p": "{padding}"}}'.encode(), 0),
        lambda: (json.dumps(value(rng)).encode(), 0),
        lambda: (rng.choice((b"", b" ", b"\x00", b"[]", b"null", rng.randbytes(50), whole + whole)), 0),
        lambda: (whole.decode().encode(rng.choice(("utf-16", "utf-8-sig"))), 0),
        lambda: (spliced({**good, "metadata": {"deep": "@"}}, "@", nested(rng, depth)), depth),
        lambda: (spliced({**good, "more": "@"}, "@", nested(rng, depth)), depth),
        lambda: (nested(rng, depth), depth),
    ]
    raw, levels = rng.choice(choices)()
    as_state = len(json.dumps(raw[: MAX_DOCUMENT_BYTES + 1].decode(errors="replace")))
    release = read(raw)
    may_fail = levels > MAX_SURE_DEPTH or as_state > MAX_SURE_STATE_BYTES or _has_infinity(release)
    return Document(raw, release, may_fail)


def read(raw: bytes) -> dict[str, Any] | None:
    """Return the release in a document by JSON's standard and the document's contract; None if there is none.

    Numbers are doubles, of which those that are too large are infinite.
    """
    if len(raw) > MAX_DOCUMENT_BYTES or not raw:
        return None
    try:
        found = json.loads(without_escaped(raw.decode(errors="replace")), parse_constant=_refuse, parse_int=float)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    story, packages, metadata = found.get("jiraStoryId"), found.get("packageIds"), found.get("metadata", {})
    is_story = isinstance(story, str) and len(story) <= 255 and _STORY.fullmatch(story)
    are_packages = isinstance(packages, list) and packages and all(isinstance(each, str) and each for each in packages)
    if not (is_story and are_packages and isinstance(metadata, dict)):
        return None
    return {"jiraStoryId": story, "packageIds": packages, "metadata": metadata}


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _has_infinity(found: Any) -> bool:
    if isinstance(found, float):
        return not math.isfinite(found)
    inside = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return any(map(_has_infinity, inside))
