"""`python -m tests.proof`: the table of proved results; `--write` renews docs/permissions.md."""

import argparse
import sys
from collections.abc import Mapping, Sequence

from tests.mutations import document
from tests.proof import ledger, permissions

COLUMNS: dict[ledger.Kind, tuple[str, ...]] = {
    "faults": ("tried", "survived"),
    "bad inputs": ("tried", "answered_well"),
    "load": ("executions", "lost", "doubled"),
    "mutations": ("tried", "caught"),
}
"""The counts of each kind, in the order of the table."""


def main() -> int:
    """Print the table; return 1 if permissions are unused or unjustified, or their document is out of date."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/permissions.md")
    parser.add_argument("--campaigns", action="store_true", help="count what the campaigns tried, and no permissions")
    options = parser.parse_args()
    if options.campaigns:
        _print([])
        return 0
    found = permissions.collected()
    if not found:
        sys.exit("error: no sandbox has reported its permissions yet; run the end-to-end tests first: make test")
    if options.write:
        permissions.DOCUMENT.write_text(permissions.document(found))
    used = sum(found.values())
    _print([f"permissions     granted {len(found)}, used {used}, justified {len(found) - used}"])
    wrong = permissions.problems(found)
    if not wrong and permissions.document(found) != _written():
        wrong = ["docs/permissions.md is out of date: run `make permissions`"]
    for text in wrong:
        print(f"error: {text}", file=sys.stderr)
    return 1 if wrong else 0


def _print(lines: Sequence[str]) -> None:
    counts = [line for kind, columns in COLUMNS.items() for line in _section(kind, columns)]
    scores = [f"  {row}" for row in document.scores(document.written())]
    print("\n".join(["", "What the tests have proved", "--------------------------", *lines, *counts, *scores]))


def _section(kind: ledger.Kind, columns: tuple[str, ...]) -> list[str]:
    totals = ledger.totals(kind)
    if not totals:
        return [f"{kind:<15} none tried"]
    sums = {column: sum(counts[column] for counts in totals.values()) for column in columns}
    lines = [f"{kind:<15} {_counts(sums)}"]
    return [*lines, *(f"  {name:<30} {_counts(counts, columns)}" for name, counts in totals.items())]


def _counts(counts: Mapping[str, int], columns: tuple[str, ...] = ()) -> str:
    return ", ".join(f"{column.replace('_', ' ')} {counts[column]}" for column in columns or counts)


def _written() -> str:
    return permissions.DOCUMENT.read_text() if permissions.DOCUMENT.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
