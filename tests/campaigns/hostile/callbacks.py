"""Requests to the callback API: a body, a proof, and whether they may have an effect."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.campaigns.hostile import bodies, proofs
from tests.campaigns.hostile.bodies import Body
from tests.campaigns.hostile.proofs import Header, Proof
from tests.campaigns.hostile.texts import text

MakeBody = Callable[[random.Random, str], Body]
MakeProof = Callable[[random.Random, Mapping[str, str], bytes], Proof]

KINDS: Mapping[str, tuple[MakeBody, MakeProof]] = {
    "malformed JSON": (bodies.malformed, proofs.right),
    "wrong types": (bodies.wrong_types, proofs.right),
    "huge bodies": (bodies.huge, proofs.right),
    "deep nesting": (bodies.deep, proofs.right),
    "unicode messages": (bodies.unicode, proofs.right),
    "impossible stories": (bodies.stories, proofs.right),
    "texts of Jira": (bodies.fields_of_jira, proofs.right),
    "fields too many or twice": (bodies.more_fields, proofs.right),
    "any status": (bodies.statuses, proofs.right),
    "forged tokens": (bodies.good, proofs.forged_token),
    "forged signatures": (bodies.good, proofs.forged_signature),
    "several proofs": (bodies.good, proofs.several),
}

OTHER_HEADERS = (
    "X-Atlassian-Webhook-Identifier",
    "X-Forwarded-For",
    "X-Amzn-Trace-Id",
    "X-Request-Id",
    "User-Agent",
    "Cookie",
    "Referer",
    "Content-Type",
    "Content-Encoding",
    "X-HTTP-Method-Override",
)


@dataclass(frozen=True)
class Callback:
    """One request; `answers` are the right ones."""

    kind: str
    story: str
    headers: tuple[Header, ...]
    body: Body
    is_let_in: bool
    in_base64: bool

    @property
    def answers(self) -> frozenset[str]:
        """The right answers; a caller without a good proof learns nothing."""
        return self.body.answers if self.is_let_in else frozenset({"unauthorized"})

    @property
    def joined_headers(self) -> dict[str, str]:
        """Return the headers as API Gateway gives them to a function."""
        return proofs.joined(self.headers)


def make(kind: str, rng: random.Random, story: str, secrets: Mapping[str, str]) -> Callback:
    """Return a case of a kind; `secrets` are the stack's own, known to the author of the case."""
    make_body, make_proof = KINDS[kind]
    body = make_body(rng, story)
    proof = make_proof(rng, secrets, body.raw)
    others = [(rng.choice(OTHER_HEADERS), text(rng)) for _ in range(rng.choice((0, 0, 1, 2)))]
    headers = [*others, *proof.headers]
    return Callback(
        kind=kind,
        story=story,
        headers=tuple(headers),
        body=body,
        is_let_in=proof.is_right,
        in_base64=rng.random() < 0.5,
    )
