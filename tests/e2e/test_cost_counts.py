"""bench/counts.json, from which docs/cost.md is made, has what a run asks of AWS today."""

import json
from dataclasses import asdict
from typing import Any

from bench import counts

LOGS_MAY_DIFFER = 0.1
"""Names and numbers in a log are not always of the same length."""


def test_run_makes_the_counted_calls() -> None:
    known: dict[str, Any] = json.loads(counts.COUNTS.read_text(encoding="utf-8"))
    measured = {name: asdict(each) for name, each in counts.measure().items()}
    for name, run in measured.items():
        logged, was = (sum(each.pop("log_bytes").values()) for each in (run, known[name]))
        assert abs(logged - was) <= LOGS_MAY_DIFFER * was, "run `python -m bench.counts` and `make docs`"
    assert measured == known, "run `python -m bench.counts` and `make docs`"
