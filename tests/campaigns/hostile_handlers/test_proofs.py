"""Whatever is offered as a proof, one comparison in constant time decides, and nothing before it.

A comparison that ends at the first difference tells by its time how much was right. So no candidate may be turned away
for its length or its beginning: with a comparison that says yes to all, all are let in; with one that says no, none.
"""

import hashlib
import hmac
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from handlers.callback.authenticate import identity
from handlers.http_api import Request
from tests.campaigns.hostile import proofs
from tests.campaigns.hostile.campaign import Campaign
from tests.campaigns.hostile.texts import text_of_any_kind
from tests.unit.handlers.conftest import TOKENS

SHORT, LONG = 200, 1_000
BODY = b'{"jiraStoryId": "PROJ-1", "message": "Approved"}'
VERSIONS = {name: (value.encode(), f"{value}-before".encode()) for name, value in TOKENS.items()}


class Known:
    """Replaces the secret: two versions of every value."""

    def accepts(self, name: str, matches: Callable[[bytes], bool]) -> bool:
        return any(matches(value) for value in VERSIONS[name])


@dataclass
class Comparison:
    """Replaces `hmac.compare_digest`: returns a fixed answer, and records the arguments."""

    verdict: bool
    compared: list[tuple[bytes, bytes]] = field(default_factory=list)

    def __call__(self, sent: bytes, known: bytes) -> bool:
        self.compared.append((sent, known))
        return self.verdict


def _is_let_in(name: str, value: str) -> bool:
    request = Request(headers={name: value}, body=BODY)
    return identity(request, Known()) is not None  # type: ignore[arg-type]  # the one method that is used


def _token(rng: random.Random) -> str:
    near = proofs.forged_token(rng, TOKENS, BODY).headers[0][1].partition(" ")[2]
    return rng.choice((near, text_of_any_kind(rng), TOKENS["callback"])).strip() or "x"


def _digest(rng: random.Random) -> str:
    good = hmac.new(TOKENS["callbackSigningKey"].encode(), BODY, hashlib.sha256).hexdigest()
    place = rng.randrange(65)
    near = good[:place] + "".join(rng.choice("0123456789abcdefABCDEF") for _ in range(64 - place))
    return rng.choice((near, near, good, "0" * 64, good[::-1]))


def test_only_the_comparison_decides_on_a_token(seed: int, at_length: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(token: str) -> None:
        sent = token.encode(errors="surrogatepass")
        for verdict, versions in ((True, 1), (False, 2)):
            comparison = Comparison(verdict)
            with monkeypatch.context() as patch:
                patch.setattr(hmac, "compare_digest", comparison)
                assert _is_let_in("authorization", f"Bearer {token}") is verdict
            assert comparison.compared == [(sent, known) for known in VERSIONS["callback"][:versions]]

    Campaign("comparisons of tokens", seed, LONG if at_length else SHORT, _token, check).run()


def test_only_the_comparison_decides_on_a_signature(
    seed: int, at_length: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [hmac.new(key, BODY, hashlib.sha256).digest() for key in VERSIONS["callbackSigningKey"]]

    def check(digest: str) -> None:
        for verdict, versions in ((True, 1), (False, 2)):
            comparison = Comparison(verdict)
            with monkeypatch.context() as patch:
                patch.setattr(hmac, "compare_digest", comparison)
                assert _is_let_in("x-hub-signature", f"sha256={digest}") is verdict
            assert comparison.compared == [(bytes.fromhex(digest), known) for known in expected[:versions]]

    Campaign("comparisons of signatures", seed, LONG if at_length else SHORT, _digest, check).run()
