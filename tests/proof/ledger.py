"""Counts of trials and outcomes, from any process, for the table at the end of `make test`."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).parents[2] / ".cache" / "proof"

Kind = Literal["permissions", "faults", "bad inputs", "load", "mutations"]
"""The kinds of counts, each a section of the table."""


def note(kind: Kind, name: str, **counts: int) -> None:
    """Add to the counts of `name` (a row), for example `note("faults", "throttle", tried=1, survived=1)`.

    Every process writes a file of its own, a line per call, so nothing is lost where a process is killed.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"kind": kind, "name": name, "counts": counts})
    with (FOLDER / f"ledger-{os.getpid()}.jsonl").open("a") as file:
        file.write(f"{line}\n")


def totals(kind: Kind, folder: Path = FOLDER) -> Mapping[str, Counter[str]]:
    """Return the sums that were noted for one kind, by name, in the order of the names."""
    found: dict[str, Counter[str]] = {}
    for entry in _entries(folder):
        if entry["kind"] == kind:
            found.setdefault(entry["name"], Counter()).update(entry["counts"])
    return dict(sorted(found.items()))


def _entries(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("ledger-*.jsonl")):
        for line in path.read_text().splitlines():
            yield json.loads(line)
