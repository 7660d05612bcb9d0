"""Bodies of callbacks from a caller with a good proof, each with the answers that are right."""

import gzip
import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.callback.issue_event import MAX_MESSAGE_LENGTH
from tests.campaigns.hostile.texts import SURROGATES, text, text_of_any_kind
from tests.campaigns.hostile.values import DEPTHS, NUMBER_TEXTS, nested, no_text, spliced, value

INVALID, RESUMED, IGNORED = frozenset({"invalid"}), frozenset({"resumed"}), frozenset({"ignored"})
ANY_BUT_HARM = frozenset({"invalid", "resumed", "not-found", "ignored"})
"""Of a body changed by chance, which may still be one, of this story or of none."""

BROKEN_UTF8 = (b"\xc0\xaf", b"\xe0\x80\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xff\xfe", b"\xf8\x88")
"""Overlong forms, half characters and bytes that UTF-8 does not know."""

_KEY = re.compile(r"[A-Z][A-Z0-9_]+-[1-9][0-9]*")


@dataclass(frozen=True)
class Body:
    """A body, the valid answers, and the message that must arrive if the release continues."""

    raw: bytes
    answers: frozenset[str]
    message: str | None = None


def own(story: str, **changed: Any) -> dict[str, Any]:
    """The project's own format of a body."""
    return {"jiraStoryId": story, "message": "Approved", **changed}


def good(_rng: random.Random, story: str) -> Body:
    """A body that lets the story go on."""
    return Body(json.dumps(own(story)).encode(), RESUMED)


def malformed(rng: random.Random, story: str) -> Body:
    """Bodies that are not JSON, or only just."""
    whole = json.dumps(own(story)).encode()
    place = rng.randrange(1, len(whole))
    byte = bytes([rng.randrange(256)])
    changed = [
        whole[:place] + byte + whole[place + 1 :],
        whole[:place] + rng.choice(b"\x00\xff{}[],:\"'\\ \n1".split(b" ")) + whole[place:],
    ]
    broken = [
        whole[:place],
        spliced(own(story, message="@"), "@", b'"' + rng.choice(BROKEN_UTF8) + b'"'),
        spliced(own(story, message="@"), "@", b'"' + bytes([rng.randrange(32)]) + b'"'),
        spliced(own(story, n="@"), "@", rng.choice(NUMBER_TEXTS).encode()),
        whole.decode().encode(rng.choice(("utf-16", "utf-32", "utf-8-sig", "cp037"))),
        whole + rng.choice((b",", b"}", whole, b"//", b"\x00", b";")),
        rng.choice((b"/**/", b"\x00", b")]}',\n", b"\xef\xbb\xbf")) + whole,
        whole.replace(b'"', b"'"),
        whole[:-1] + b",}",
        rng.choice((b"", b" ", b"\n\t", b"null", b"[]", b'"text"', b"5", b"true", b"\x00", b"[" + whole + b"]")),
        gzip.compress(whole),
        b"jiraStoryId=" + story.encode() + b"&message=x",
        b"<callback><jiraStoryId>" + story.encode() + b"</jiraStoryId></callback>",
        rng.randbytes(rng.randrange(1, 300)),
    ]
    return Body(rng.choice(changed), ANY_BUT_HARM) if rng.random() < 0.3 else Body(rng.choice(broken), INVALID)


def wrong_types(rng: random.Random, story: str) -> Body:
    """One field is missing or of another type."""
    if rng.random() < 0.4:
        field, wrong = rng.choice(("jiraStoryId", "message", "status")), no_text(rng)
        return _json(own(story, **{field: wrong}), RESUMED if (field, wrong) == ("status", None) else INVALID)
    path = rng.choice(
        ("webhookEvent", "issue", "issue.key", "issue.fields", "issue.fields.status", "issue.fields.status.name")
    )
    wrong = no_text(rng)
    document = jira(story, "Done")
    *parents, last = path.split(".")
    holder: Any = document
    for name in parents:
        holder = holder[name]
    if rng.random() < 0.2 and path not in ("webhookEvent", "issue"):
        del holder[last]
    else:
        holder[last] = wrong
    return _json(document, IGNORED if path == "issue" and wrong is None else INVALID)


def huge(rng: random.Random, story: str) -> Body:
    """Messages around the longest allowed one, and bodies far larger than Jira's."""
    letter = rng.choice(("x", "\u00e9", "\U0001f600", "\n", '"'))
    length = rng.choice((MAX_MESSAGE_LENGTH - 1, MAX_MESSAGE_LENGTH, MAX_MESSAGE_LENGTH + 1, 100_000, 250_000))
    message = (letter * length)[: length - 1] + "."
    whole = json.dumps(own(story), ensure_ascii=False).encode()
    choices = [
        lambda: _json(own(story, message=message), RESUMED if length <= MAX_MESSAGE_LENGTH else INVALID),
        lambda: Body(whole + b" " * rng.choice((262_144, 1_000_000)), RESUMED),
        lambda: _json({**own(story), **{f"{text(rng)}{n}": n for n in range(2_000)}}, INVALID),
        lambda: _json({**own(story), text(rng) + "n" * rng.choice((1_000, 200_000)): 1}, INVALID),
        lambda: Body(rng.randbytes(rng.choice((262_144, 1_000_000))), INVALID),
        lambda: _json({**jira(story, "Done"), "x": ["y" * 100] * rng.choice((100, 2_000, 10_000))}, RESUMED),
    ]
    return rng.choice(choices)()


def deep(rng: random.Random, story: str) -> Body:
    """Deep nesting: as the body, in a field, or in one of Jira's fields."""
    depth = rng.choice(DEPTHS)
    inside = nested(rng, depth)
    readable = RESUMED if depth <= 100 else RESUMED | INVALID
    places = [
        (inside, INVALID),
        (spliced(own(story, x="@"), "@", inside), INVALID),
        (spliced(own(story, message="@"), "@", inside), INVALID),
        (spliced({**jira(story, "Done"), "x": "@"}, "@", inside), readable),
        (spliced(jira(story, "Done", summary="@"), "@", inside), readable),
        (spliced(jira(story, "@"), "@", inside), INVALID),
    ]
    return Body(*rng.choice(places))


def unicode(rng: random.Random, story: str) -> Body:
    """Return a message of any letters, which must arrive unchanged; lone surrogates have no form to arrive in."""
    message = text(rng)
    if rng.random() < 0.2:
        return _json(own(story, message=message + rng.choice(SURROGATES)), INVALID)
    raw = json.dumps(own(story, message=message), ensure_ascii=rng.random() < 0.5).encode()
    return Body(raw, RESUMED if message.strip() else INVALID, message)


def stories(rng: random.Random, story: str) -> Body:
    """Ids of no story, or similar to this story's."""
    digits = story.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    looks = (story + "\n", f" {story}", story.lower(), f"{story}\x00", digits, story.replace("-", "\u2011"))
    far = (
        story.replace("-", "-0"),
        story + "/..",
        f"../{story}",
        f"{story},{story}",
        [story],
        {"S": story},
        "A" * 300 + "-1",
    )
    named = rng.choice((*looks, *far, text_of_any_kind(rng), text_of_any_kind(rng), text_of_any_kind(rng)))
    is_key = isinstance(named, str) and len(named) <= 255 and _KEY.fullmatch(named)
    answers = frozenset({"not-found"}) if is_key else INVALID
    if rng.random() < 0.5:
        return _json(own(story, jiraStoryId=named), answers)
    document = jira(story, "Done")
    document["issue"]["key"] = named
    return _json(document, answers)


def fields_of_jira(rng: random.Random, story: str) -> Body:
    """Return webhooks with hostile text in each field that a Jira user can fill."""
    done = rng.choice(("Done", " dOnE ", "Rejected"))
    status = done if rng.random() < 0.6 else text(rng)
    document = jira(story, status, summary=text_of_any_kind(rng))
    document["user"] = {"displayName": text_of_any_kind(rng), text_of_any_kind(rng): value(rng)}
    document["changelog"] = {
        "items": [value(rng), {"field": "status", "fromString": text_of_any_kind(rng)}, value(rng)]
    }
    document[f"x{text_of_any_kind(rng)}"] = value(rng)
    document["issue"]["fields"]["customfield_1"] = value(rng)
    if rng.random() < 0.3:
        del document["webhookEvent"]
    if rng.random() < 0.2:
        document = {**document, **document["issue"]}
        del document["issue"]
        document.pop("webhookEvent", None)
    return _json(document, RESUMED if status is done else IGNORED)


def more_fields(rng: random.Random, story: str) -> Body:
    """Unknown fields, and fields that occur twice."""
    if rng.random() < 0.5:
        return _json({**own(story), f"x{text_of_any_kind(rng)}": value(rng)}, INVALID)
    name, escaped = rng.choice((("jiraStoryId", r"jira\u0053toryId"), ("message", r"\u006dessage")))
    twice = f'"{rng.choice((name, escaped))}": {json.dumps(rng.choice(("OTHER-1", text(rng))))}, '
    return Body(("{" + twice + json.dumps(own(story))[1:]).encode(), INVALID)


def statuses(rng: random.Random, story: str) -> Body:
    """Return a status of our own body: a word that is known, in any case, or one that is refused."""
    if rng.random() < 0.3:
        known = rng.choice(("success", "done", "failure", "failed", "Done", "Rejected"))
        return _json(own(story, status=rng.choice((known, known.upper(), f" {known}\t"))), RESUMED)
    return _json(own(story, status=text_of_any_kind(rng)), INVALID)


def jira(story: str, status: str, *, summary: Any = "Release 2.1") -> dict[str, Any]:
    """Return a webhook of Jira."""
    fields = {"summary": summary, "status": {"name": status}}
    return {"webhookEvent": "jira:issue_updated", "issue": {"id": "10001", "key": story, "fields": fields}}


def _json(document: Mapping[str, Any], answers: frozenset[str]) -> Body:
    return Body(json.dumps(document).encode(), answers)
