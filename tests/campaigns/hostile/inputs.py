"""Hostile inputs and names of executions, from somebody who may start one."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.campaigns.hostile.texts import text_of_any_kind
from tests.campaigns.hostile.values import DEPTHS, NUMBER_TEXTS, nested, no_text, spliced, value

REFUSED_IN_NAMES = re.compile(r'[ <>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff\U0010ffff]')
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""

MAX_NAME_LENGTH = 80


@dataclass(frozen=True)
class Input:
    """The text of an execution's input; `is_good` if it names a document that exists."""

    text: str
    is_good: bool


def execution_input(rng: random.Random, key: str, bucket: str) -> Input:
    """Return an input that names the document at `key`, or tries to read or write elsewhere."""
    texts = (
        f"../{key}",
        f"/{key}",
        f"{key}?versionId=1",
        f"{key}#x",
        key.replace("/", "%2F"),
        key.replace("/", "/../inputs/"),
        f"{key}\n",
        f"{key}\x00",
        "x" * rng.choice((1_024, 1_025, 200_000)),
        text_of_any_kind(rng),
        text_of_any_kind(rng),
    )
    buckets = (
        f"{bucket}/inputs",
        f"x/../{bucket}",
        f"user@{bucket}",
        f"{bucket}\n",
        bucket.upper(),
        "..",
        "",
        f"arn:aws:s3:us-east-1:123456789012:accesspoint/{bucket}",
        "http://169.254.169.254/latest",
        "x" * rng.choice((64, 100_000)),
        text_of_any_kind(rng),
        no_text(rng),
    )
    choices: list[Callable[[], Input]] = [
        lambda: _input({"inputFile": rng.choice(texts)}),
        lambda: _input({"inputFile": rng.choice(texts)}),
        lambda: _input({"inputFile": no_text(rng)}),
        lambda: _input({"inputFile": key, "bucket": rng.choice(buckets)}),
        lambda: _input({"inputFile": key, "bucket": rng.choice(buckets)}),
        lambda: _input({"inputFile": key, f"x{text_of_any_kind(rng)}": value(rng), "detail": value(rng)}, is_good=True),
        lambda: _input({"x": value(rng), text_of_any_kind(rng): key}),
        lambda: _input(no_text(rng)),
        lambda: Input(spliced({"inputFile": "@"}, "@", nested(rng, rng.choice(DEPTHS))).decode(), False),
        lambda: Input(spliced({"inputFile": "@"}, "@", rng.choice(NUMBER_TEXTS).encode()).decode(), False),
        lambda: Input(json.dumps({"inputFile": key})[: rng.randrange(1, 20)], False),
    ]
    return rng.choice(choices)()


def execution_name(rng: random.Random) -> str:
    """Return a name that AWS takes or refuses; `is_name` says which."""
    if rng.random() < 0.1:
        return rng.choice((".", "..", "...", ".a", "a..", "%2E"))
    piece = text_of_any_kind(rng)
    if rng.random() < 0.7:
        piece = REFUSED_IN_NAMES.sub("", piece)[:60]
    return f"{piece}{rng.randrange(10**9)}"


def is_name(text: str) -> bool:
    """Return whether AWS takes a text as the name of an execution."""
    return 0 < len(text) <= MAX_NAME_LENGTH and not REFUSED_IN_NAMES.search(text)


def _input(given: Any, *, is_good: bool = False) -> Input:
    return Input(json.dumps(given), is_good)
