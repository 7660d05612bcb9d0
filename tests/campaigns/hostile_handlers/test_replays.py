"""A repeated callback, or a stolen proof with another body, has no effect the second time."""

import json
import random
from dataclasses import dataclass

from tests.campaigns.hostile import bodies, proofs
from tests.campaigns.hostile.campaign import Campaign
from tests.campaigns.hostile.proofs import Proof
from tests.campaigns.hostile.texts import text
from tests.campaigns.hostile_handlers.stage import OWN_RUNS, Stage
from tests.unit.handlers.conftest import TOKENS

SHORT, LONG = 5, 300


@dataclass(frozen=True)
class Sent:
    """One of several requests for one story."""

    body: bytes
    proof: Proof
    identifier: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers as API Gateway gives them."""
        named = {"x-atlassian-webhook-identifier": self.identifier} if self.identifier else {}
        return {**named, **{name.lower(): value for name, value in self.proof.headers}}


@dataclass(frozen=True)
class Replay:
    """The requests, in their order. The first one is good."""

    story: str
    sent: tuple[Sent, ...]


def _replay(rng: random.Random) -> Replay:
    story = f"OWN-{rng.randrange(1, 1_000_000)}"
    first = _sent(rng, story)
    return Replay(story, (first, *(_again(rng, story, first) for _ in range(rng.randrange(1, 5)))))


def _sent(rng: random.Random, story: str) -> Sent:
    status = rng.choice(("Done", "Rejected"))
    document = rng.choice((bodies.own(story, status=status, message=f".{text(rng)}"), bodies.jira(story, status)))
    body = json.dumps(document).encode()
    return Sent(body, proofs.right(rng, TOKENS, body), rng.choice(("", "id-1", text(rng))))


def _again(rng: random.Random, story: str, first: Sent) -> Sent:
    match rng.randrange(4):
        case 0:
            return first
        case 1:
            return Sent(first.body, first.proof, rng.choice(("", "id-2", text(rng))))
        case 2:
            return _sent(rng, story)
        case _:
            # The proof of the first, and another body: a bearer may say what they like, a signature is of one body.
            other = _sent(rng, story)
            is_bearer = first.proof.headers[0][0].lower() == "authorization"
            return Sent(other.body + b" ", Proof(first.proof.headers, is_bearer), first.identifier)


def test_repeated_callback_resumes_nothing(stage: Stage, seed: int, at_length: bool) -> None:
    def check(case: Replay) -> None:
        before = stage.wait_for(case.story)
        tokens = [f"{case.story}-token-of-{run}" for run in OWN_RUNS]
        try:
            assert stage.call(case.sent[0].headers, case.sent[0].body)["status"] == "resumed"
            settled = stage.items()
            for again in case.sent[1:]:
                expected = "already-resumed" if again.proof.is_right else "unauthorized"
                assert stage.call(again.headers, again.body)["status"] == expected
                assert stage.items() == settled
            stage.check_others(case.story, before, settled)
        finally:
            stage.leave(case.story)
        assert stage.resumed() == tokens

    Campaign("replays", seed, LONG if at_length else SHORT, _replay, check).run()
