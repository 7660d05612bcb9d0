"""Authentication of callbacks: one comparison in constant time for every kind of proof."""

import hashlib
import hmac
from collections.abc import Callable

import pytest

from handlers.callback.authenticate import identity
from handlers.http_api import Request

TOKENS = {"callback": (b"current", b"previous"), "callbackSigningKey": (b"key", b"key-before")}
BODY = b"{}"
DIGEST = hmac.new(b"key", BODY, hashlib.sha256).hexdigest()


class Known:
    """Fake of the secret: its current and its previous version."""

    def accepts(self, field: str, matches: Callable[[bytes], bool]) -> bool:
        return any(matches(value) for value in TOKENS[field])


def _is_let_in(**headers: str) -> bool:
    request = Request(headers={name.replace("_", "-"): value for name, value in headers.items()}, body=BODY)
    return identity(request, Known()) is not None  # type: ignore[arg-type]  # the one method that is used


@pytest.mark.parametrize("value", [f"sha256={DIGEST}", f"SHA256={DIGEST.upper()}", f"  sha256={DIGEST}  "])
def test_valid_signature_is_accepted_in_any_case(value: str) -> None:
    assert _is_let_in(x_hub_signature=value)


@pytest.mark.parametrize("value", [f"\u017fha256={DIGEST}", f"sha256={DIGEST}\n\x00", f"sha256={DIGEST[:-1]}\uff10"])
def test_malformed_signature_is_refused(value: str) -> None:
    assert not _is_let_in(x_hub_signature=value)


CANDIDATES = ["current", "c", "currentX", "current" * 1000, "ünicode", "\ud800", "previou", "x", "Current", "\x00"]


def _watch_comparisons(monkeypatch: pytest.MonkeyPatch, verdict: bool) -> list[tuple[bytes, bytes]]:
    """Give every comparison in constant time this result, and collect the compared values."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(sent: bytes, known: bytes) -> bool:
        compared.append((sent, known))
        return verdict

    monkeypatch.setattr("hmac.compare_digest", compare)
    return compared


@pytest.mark.parametrize("verdict", [True, False])
@pytest.mark.parametrize("candidate", CANDIDATES)
def test_token_is_compared_in_constant_time_only(
    monkeypatch: pytest.MonkeyPatch, candidate: str, verdict: bool
) -> None:
    compared = _watch_comparisons(monkeypatch, verdict)
    sent = candidate.encode(errors="surrogatepass")
    assert _is_let_in(authorization=f"Bearer {candidate}") is verdict
    known = TOKENS["callback"][:1] if verdict else TOKENS["callback"]
    assert compared == [(sent, each) for each in known]


@pytest.mark.parametrize("verdict", [True, False])
@pytest.mark.parametrize("digest", [DIGEST, "0" * 64, "f" * 64, DIGEST[::-1], DIGEST.upper()])
def test_signature_is_compared_in_constant_time_only(
    monkeypatch: pytest.MonkeyPatch, digest: str, verdict: bool
) -> None:
    compared = _watch_comparisons(monkeypatch, verdict)
    assert _is_let_in(x_hub_signature=f"sha256={digest}") is verdict
    keys = TOKENS["callbackSigningKey"][:1] if verdict else TOKENS["callbackSigningKey"]
    assert compared == [(bytes.fromhex(digest), hmac.new(key, BODY, hashlib.sha256).digest()) for key in keys]
