"""Hostile callbacks: each is answered in JSON, does only what it may, and leaves only known log lines."""

import random
from functools import partial

import pytest

from tests.campaigns.hostile import callbacks
from tests.campaigns.hostile.callbacks import Callback
from tests.campaigns.hostile.campaign import Campaign
from tests.campaigns.hostile_handlers.stage import Stage
from tests.unit.handlers.conftest import TOKENS

SHORT, LONG = 6, 520
"""Cases of each kind."""


@pytest.mark.parametrize("kind", callbacks.KINDS)
def test_hostile_callback_gets_a_valid_answer(kind: str, stage: Stage, seed: int, at_length: bool) -> None:
    def make(rng: random.Random) -> Callback:
        return callbacks.make(kind, rng, f"OWN-{rng.randrange(1, 1_000_000)}", TOKENS)

    Campaign(kind, seed, LONG if at_length else SHORT, make, partial(Stage.check, stage)).run()
