"""`python -m tests.mutations`: removes the program's safeguards one at a time, and writes docs/mutations.md."""

import argparse
import json
import os
import random
import sys
from collections.abc import Mapping, Sequence

from tests.mutations import document, running, trying
from tests.mutations.finding import every_mutant
from tests.mutations.mutant import KINDS, Mutant
from tests.proof import ledger

RESULTS = running.COPIES / "results.json"
"""Results so far by the ids of the mutants: the test that caught one, null if none did."""


def main() -> int:
    """Try mutants; return 1 for a survivor without a reason, or a surviving mutant of the sample."""
    options = _options()
    mutants = every_mutant()
    told = document.of(mutants, document.written())
    known = {name: by for name, by in told.items() if by is None or document.is_there(by)}
    if options.sample is not None:
        return _sample(mutants, known, options)
    results: dict[str, str | None] = {}
    if options.missing or options.kind or options.only:
        results = {**known, **(json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {})}
    chosen = [
        each
        for each in mutants
        if (not options.kind or each.kind in options.kind)
        and (not options.only or options.only in each.id)
        and not (options.missing and results.get(each.id))
    ]
    print(f"{len(chosen)} of {len(mutants)} mutants", flush=True)
    for mutant, by in trying.tried(chosen, options.jobs, known, "quick" if options.quick else "whole stack"):
        results[mutant.id] = by
        RESULTS.write_text(json.dumps(results, indent=1), encoding="utf-8")
        _tell(mutant, by)
    return _finish(mutants, results)


def _finish(mutants: Sequence[Mutant], results: Mapping[str, str | None]) -> int:
    """Write the document if every mutant has been tried, and print the problems."""
    if left := [each for each in mutants if each.id not in results]:
        print(f"docs/mutations.md stays as it is: {len(left)} mutants were not tried yet (see --missing)")
        return 0
    document.DOCUMENT.write_text(document.made(mutants, results), encoding="utf-8")
    RESULTS.unlink(missing_ok=True)
    for kind, (tried, caught) in document.counts(mutants, results).items():
        print(f"{kind:<12} tried {tried}, caught {caught}")
    wrong = document.problems(mutants, results)
    for text in wrong:
        print(f"error: {text}", file=sys.stderr)
    return 1 if wrong else 0


def _sample(mutants: Sequence[Mutant], known: Mapping[str, str | None], options: argparse.Namespace) -> int:
    """Try some mutants that a unit test catches, with that test alone, and count them."""
    able = [each for each in mutants if (known.get(each.id) or "").startswith("tests/unit/")]
    chosen = random.Random(options.seed).sample(able, min(options.sample, len(able)))
    lives = 0
    for mutant, by in trying.tried(chosen, options.jobs, known, "known"):
        lives += by is None
        ledger.note("mutations", mutant.kind, tried=1, caught=int(by is not None))
        _tell(mutant, by)
    return 1 if lives else 0


def _tell(mutant: Mutant, by: str | None) -> None:
    print(f"caught {mutant.id}  ({by})" if by else f"LIVES  {mutant.id}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("--kind", action="append", choices=KINDS, help="only mutants of this kind")
    parser.add_argument("--only", metavar="TEXT", help="only mutants whose id has this text in it")
    parser.add_argument("--missing", action="store_true", help="only those that no run has seen caught yet")
    parser.add_argument("--quick", action="store_true", help="by unit tests only")
    parser.add_argument("--sample", type=int, metavar="N", help="only N, by the tests that the document names")
    parser.add_argument("--seed", type=int, default=0, help="which of them the sample has")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at once")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
