"""Bad links: forged, of another wait, changed, replayed after a rotation, or too old. None shows anything."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from handlers import links
from handlers.links import PATH
from tests.campaigns.hostile.texts import CONTROLS, LETTERS, PATHS
from tests.campaigns.hostile_hold.conftest import Waiting
from tests.campaigns.hostile_hold.visitor import Visitor
from tests.e2e.client import eventually
from tests.proof import ledger

SAMPLE = 5
REFUSED = {400, 403, 404, 414, 431}
"""Codes of a refused link: the page answers 403, API Gateway the others for a path outside of its route."""

Forger = Callable[[Visitor], Sequence[str]]


def _flipped(visitor: Visitor) -> Sequence[str]:
    """Return the token with each bit of each byte flipped."""
    token = visitor.token.encode()
    changed = [
        token[:at] + bytes([token[at] ^ 1 << bit]) + token[at + 1 :] for at in range(len(token)) for bit in range(8)
    ]
    return [quote(each, safe="") for each in changed]


def _cut(visitor: Visitor) -> Sequence[str]:
    """Return every beginning and every end of the token, and parts of it twice."""
    token = visitor.token
    content, _, signature = token.partition(".")
    parts = [token[:at] for at in range(len(token))] + [token[at:] for at in range(1, len(token) + 1)]
    joined = [f"{token}{token}", f"{token}.{signature}", f"{content}..{signature}", f"{signature}.{content}"]
    more = [
        f"{token}{end}" for end in ("A", ".", "=", "==", "%00", "%20", "%0A", ";a=b", "%3Fa", "%23", "%2F", "/", "/.")
    ]
    return [*(each for each in parts if each), *joined, *more]


def _signed(visitor: Visitor) -> Sequence[str]:
    """Return the content with signatures by other algorithms, keys and purposes, and in other forms."""
    tokens = visitor.expense.client.tokens
    key = tokens["approvalLinkKey"].encode()
    content, _, good = visitor.token.partition(".")
    purposeful = b"holdpoint approval link 1\n" + content.encode()

    def encoded(digest: bytes) -> str:
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    raw = hmac.new(key, purposeful, hashlib.sha256).digest()
    assert encoded(raw) == good
    digests = [hmac.new(key, purposeful, name).digest() for name in ("md5", "sha1", "sha384", "sha512", "sha3_256")]
    digests += [hmac.new(key, content.encode(), hashlib.sha256).digest(), hashlib.sha256(purposeful).digest()]
    digests += [hashlib.sha256(key + purposeful).digest(), raw[:16], raw + b"\0", bytes(32), b""]
    keys = [b"", b"null", key[::-1], key + b"\0", key[:-1], key.upper(), tokens["callback"].encode()]
    keys += [tokens["callbackSigningKey"].encode(), b"the key of another stack"]
    digests += [hmac.new(each, purposeful, hashlib.sha256).digest() for each in keys if each != key]
    header = encoded(json.dumps({"alg": "none", "typ": "JWT"}).encode())
    forms = [raw.hex(), f"{good}=", base64.b64encode(raw).decode().replace("/", "%2F"), good.upper(), "none", "null"]
    return [
        *(f"{content}.{encoded(digest)}" for digest in digests),
        *(f"{content}.{each}" for each in forms if each != good),
        *(f"{header}.{content}.{end}" for end in ("", good)),
    ]


def _strange(visitor: Visitor) -> Sequence[str]:
    """Paths, letters and controls; far too long ones; and escapes of escapes."""
    content, _, signature = visitor.token.partition(".")
    texts = [*PATHS, *CONTROLS, *LETTERS]
    twice = "".join(f"%25{byte:02X}" for byte in visitor.token.encode())
    overlong = "".join(f"%{0xC0 | byte >> 6:02X}%{0x80 | byte & 0x3F:02X}" for byte in visitor.token.encode())
    wide = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in visitor.token)
    lengths = [f"{content}{'A' * 2_048}.{signature}", "A" * 2_049, "." * 9_000, "A" * 60_000, "A" * 70_000]
    raw = [
        "../callback",
        "..%2fcallback",
        "%2e%2e/callback",
        "%2e%2e%2fholds",
        "%",
        "%zz",
        "%ff.%ff",
        "\\",
        "*",
        "{token}",
    ]
    return [*(quote(each, safe="") for each in (*texts, wide)), twice, overlong, *lengths, *raw]


FORGERS: dict[str, Forger] = {"flipped": _flipped, "cut": _cut, "signed": _signed, "strange": _strange}


@pytest.mark.parametrize("way", FORGERS)
def test_forged_links_show_and_decide_nothing(undecided: Visitor, way: str, at_length: bool, workers: int) -> None:
    before = undecided.expense.item
    every = [each for each in FORGERS[way](undecided) if each != undecided.token]
    tried = every if at_length else every[:: max(1, len(every) // SAMPLE)]

    def refused(token: str) -> str | None:
        pages = [undecided.open(token), undecided.send(undecided.decision(), token)]
        pages.append(undecided.send(undecided.decision(token=token), token))
        is_quiet = all(undecided.expense.subject not in page.body for page in pages)
        return None if {page.code for page in pages} <= REFUSED and is_quiet else f"{token[:400]}: {pages}"

    with ThreadPoolExecutor(workers) as pool:
        wrong = [each for each in pool.map(refused, tried) if each]
    ledger.note("bad inputs", f"approval page: {way} links", tried=len(tried), answered_well=len(tried) - len(wrong))
    assert not wrong, f"{len(wrong)} of {len(tried)}: {wrong[:5]}"
    undecided.has_decided_nothing(before)


def test_escaped_link_is_the_same_link(undecided: Visitor) -> None:
    escaped = "".join(f"%{byte:02x}" for byte in undecided.token.encode())
    assert undecided.open(escaped).body == undecided.open().body


def test_links_of_other_waits_decide_nothing_here(submit: Waiting) -> None:
    ours, theirs = submit(), submit()
    before = [each.expense.item for each in (ours, theirs)]
    spliced = f"{theirs.token.partition('.')[0]}.{ours.token.partition('.')[2]}"
    assert ours.open(spliced).code == 403
    # Signed with the key of this stack, for what is not there: an execution that was redriven, another subject.
    [link] = links.links_to(ours.expense.stored, datetime.now(UTC))
    key = ours.expense.client.tokens["approvalLinkKey"].encode()
    for stale in (
        replace(link, wait="0" * 32),
        replace(link, execution_name=theirs.expense.run.name),
        replace(link, subject=theirs.expense.subject),
        replace(link, subject="expense-0", execution_name="none"),
    ):
        token = links.url("", stale, key).removeprefix(PATH)
        assert ours.open(token).code == 404
        assert ours.send(ours.decision(token=token), token).code == 404
    assert [each.expense.item for each in (ours, theirs)] == before
    # The code of one link does not confirm another.
    if ours.decision()["code"] != theirs.decision()["code"]:
        assert ours.send(theirs.decision()).code == 400
    ours.has_decided_nothing(before[0])


def test_link_ends_with_the_wait(visitor: Visitor) -> None:
    ends_at = visitor.expense.item["endsAt"]["S"]
    visitor.expense.change(endsAt="2020-01-01T00:00:00.000Z")
    for page in (visitor.open(), visitor.open(method="HEAD"), visitor.send(visitor.decision())):
        assert page.code == 410
        assert visitor.expense.subject not in page.body
    assert "callback" not in visitor.expense.item
    visitor.expense.change(endsAt=ends_at)
    assert visitor.open().code == 200


def test_rotation_revokes_every_link(visitor: Visitor) -> None:
    client, before = visitor.expense.client, visitor.expense.item
    secrets, arn, old = client.aws("secretsmanager"), client.outputs["secrets_manager_arn"], client.tokens
    assert visitor.open().code == 200
    secrets.put_secret_value(SecretId=arn, SecretString=json.dumps({**old, "approvalLinkKey": "rotated"}))
    try:
        assert visitor.open(visitor.expense.token("rotated")).code == 200
        # A process may have read the old key just before; it is good for seconds (handlers.secret.CACHE_SECONDS).
        eventually(lambda: True if visitor.open().code == 403 else None, "the end of the old key")
        assert visitor.send(visitor.decision()).code == 403
        visitor.has_decided_nothing(before)
    finally:
        secrets.put_secret_value(SecretId=arn, SecretString=json.dumps(old))
    assert visitor.open().code == 200
