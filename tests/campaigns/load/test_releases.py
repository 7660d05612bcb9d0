"""Many concurrent releases, with callbacks in any order, twice and too early: none is lost or resumed twice."""

import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.campaigns.load.counting import ended, resumptions, waiting
from tests.e2e.answer import Answer
from tests.e2e.client import Client, Run, document, done, eventually, story
from tests.proof import ledger

RELEASES, RELEASES_AT_LENGTH = 10, 2000
CLIENTS = 32
DUPLICATES, EARLY = 0.1, 0.1
SEED = 20261122
PATIENCE_SECONDS, LOOK_SECONDS = 900, 2


def test_every_release_is_resumed_once(unthrottled: Client, at_length: bool) -> None:
    rng = random.Random(SEED)
    keys = [story() for _ in range(RELEASES_AT_LENGTH if at_length else RELEASES)]
    early = set(rng.sample(keys, int(len(keys) * EARLY)))
    with ThreadPoolExecutor(CLIENTS) as pool:
        token = unthrottled.tokens["callback"]

        def start(key: str) -> tuple[Run, Answer | None]:
            run = unthrottled.start(document(key))
            if key not in early:
                return run, None
            run.registered(key)
            return run, unthrottled.call_back(done(key), token=token)

        started = list(pool.map(start, keys))
        runs = [run for run, _ in started]
        first = [answer for _, answer in started if answer is not None]
        in_time = len(keys) - len(early)
        eventually(
            lambda: waiting(unthrottled, set(keys)) == in_time or None,
            f"{in_time} releases waiting",
            PATIENCE_SECONDS,
            LOOK_SECONDS,
        )

        again = rng.sample(keys, int(len(keys) * DUPLICATES))
        calls = [*(key for key in keys if key not in early), *again]
        rng.shuffle(calls)
        answers = [*first, *pool.map(lambda key: unthrottled.call_back(done(key), token=token), calls)]
        eventually(
            lambda: ended(unthrottled, runs) == len(runs) or None,
            f"{len(runs)} releases ending",
            PATIENCE_SECONDS,
            LOOK_SECONDS,
        )
        _judge(unthrottled, keys, runs, answers)


def _judge(client: Client, keys: Sequence[str], runs: Sequence[Run], answers: Sequence[Answer]) -> None:
    assert {answer.status for answer in answers} <= {"resumed", "already-resumed", "parked"}
    told = Counter(name for answer in answers if answer.status == "resumed" for name in answer.body["executions"])
    assert max(told.values()) == 1
    lost = doubled = 0
    for run, key in zip(runs, keys, strict=True):
        lost += run.result()["jiraStoryId"] != key
        doubled += resumptions(run) != 1
    ledger.note("load", "releases", executions=len(runs), lost=lost, doubled=doubled)
    assert (lost, doubled, waiting(client, keys)) == (0, 0, 0)
