"""Hostile forms behind a good link: only the exact form of the page decides."""

import json
import random
from urllib.parse import quote, urlencode

import pytest

from handlers.approval.form import CONTENT_TYPE
from tests.campaigns.hostile.campaign import Campaign
from tests.campaigns.hostile.texts import text
from tests.campaigns.hostile.wire import request
from tests.campaigns.hostile_hold.visitor import Visitor

SHORT, LONG = 3, 250

Sent = tuple[bytes, str | None, set[int]]
"""A body, its content type, and the codes that may answer it."""

TYPES = (
    None,
    "",
    "text/plain",
    "text/html",
    "application/json",
    "application/x-www-form-urlencoded-not",
    f"{CONTENT_TYPE}, application/json",
    f"application/json, {CONTENT_TYPE}",
    "application/x-www-form-urlencoded\x00",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x; boundary=y",
    f'"{CONTENT_TYPE}"',
)


def repeated(rng: random.Random, fields: dict[str, str]) -> Sent:
    """A field twice, in any order and spelling, or fields that are not of the page."""
    pairs = [*fields.items()]
    name = rng.choice([*fields])
    spelled = rng.choice((name, name, f"{name}[]", name.upper(), f"{name} ", f"\ufeff{name}", f"{name}\0", "taskToken"))
    other = rng.choice((fields[name], "approve", "reject", "", text(rng)))
    pairs.insert(rng.randrange(len(pairs) + 1), (spelled, other))
    body = "&".join(f"{''.join(f'%{byte:02x}' for byte in key.encode())}={quote(value)}" for key, value in pairs)
    return body.encode(), CONTENT_TYPE, {400}


def other_type(rng: random.Random, fields: dict[str, str]) -> Sent:
    """The right fields, sent as something else."""
    body = rng.choice((urlencode(fields).encode(), json.dumps(fields).encode()))
    return body, rng.choice(TYPES), {400, 415}


def multipart(rng: random.Random, fields: dict[str, str]) -> Sent:
    """The right fields in parts, with the boundary right, wrong or missing."""
    boundary = rng.choice(("b", "-" * 70, "a b", 'a"b'))
    parts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    named = rng.choice((f"; boundary={boundary}", "; boundary=other", "", f'; boundary="{boundary}"; charset=utf-16'))
    return f"{parts}--{boundary}--".encode(), f"multipart/form-data{named}", {415}


def large(rng: random.Random, fields: dict[str, str]) -> Sent:
    """Forms that are far too large."""
    size = rng.choice((33_000, 100_000, 1_000_000, 7_000_000, 11_000_000))
    filled = rng.choice((b"&", b"comment=", b"%00", b"a=b&", b"\xff"))
    return urlencode(fields).encode() + b"&" + filled * (size // len(filled)), CONTENT_TYPE, {400, 413}


def broken(rng: random.Random, fields: dict[str, str]) -> Sent:
    """Bytes that are not UTF-8, broken escapes, and near misses of a decision."""
    good = urlencode(fields)
    choices = [
        b"",
        b"\xff\xfe" + good.encode("utf-16-le"),
        good.encode("utf-16"),
        good.replace("&", ";").encode(),
        good.replace("=", ":").encode(),
        good.replace("&", "%26").encode(),
        urlencode({**fields, "decision": rng.choice(("Approve", "approve\0", "yes", "approve,reject", " "))}).encode(),
        urlencode(
            {**fields, "code": rng.choice(("", "0", "\uff11\uff12\uff13\uff14", "-1", "1e3", "%", "*"))}
        ).encode(),
        urlencode({**fields, "code": f"{fields['code']}{rng.choice('0123456789')}"}).encode(),
        urlencode({**fields, "name": rng.choice(("", " \t\r\n", "n" * 256, "\u00e9" * 256))}).encode(),
        urlencode({**fields, "comment": text(rng) + "c" * 2_001}).encode(),
        b"decision=approve&code=%ff%ff%ff%ff&name=%c3%28",
        b"decision=%E0%80%80approve&code=" + fields["code"].encode() + b"&name=Ann",
        json.dumps(good).encode(),
        rng.randbytes(200),
        b"&" * rng.choice((1, 3, 5, 30_000)),
    ]
    return rng.choice(choices), CONTENT_TYPE, {400}


KINDS = {each.__name__: each for each in (repeated, other_type, multipart, large, broken)}


@pytest.mark.parametrize("kind", KINDS)
def test_foreign_form_decides_nothing(undecided: Visitor, kind: str, seed: int, at_length: bool, workers: int) -> None:
    before = undecided.expense.item

    def make(rng: random.Random) -> Sent:
        return KINDS[kind](rng, undecided.decision(rng.choice(("approve", "reject"))))

    def check(case: Sent) -> None:
        body, content_type, codes = case
        assert undecided.send(body, content_type=content_type).code in codes

    Campaign(f"approval page: {kind} forms", seed, LONG if at_length else SHORT, make, check, workers).run()
    undecided.has_decided_nothing(before)


def test_truncated_form_decides_nothing(undecided: Visitor) -> None:
    before = undecided.expense.item
    url = undecided.endpoint + undecided.token
    whole = urlencode({**undecided.decision(), "comment": ""}).encode()
    data = request(url, [("Content-Type", CONTENT_TYPE)], whole)
    short = data.replace(
        f"Content-Length: {len(whole)}".encode(), f"Content-Length: {len('decision=approve')}".encode()
    )
    assert undecided.exchange(short).code == 400
    assert undecided.exchange(data.replace(b"Content-Length", b"X-Length")).code == 400
    undecided.has_decided_nothing(before)
