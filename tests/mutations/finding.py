"""Search for every mutant of the program."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.mutations import conditions, failures, permissions
from tests.mutations.mutant import Finder, Kind, Mutant, Source, mutants

ROOT = Path(__file__).parents[2]
FOLDERS = ("asl", "components", "handlers")

FINDERS: Mapping[Kind, tuple[Finder, ...]] = {
    "permission": permissions.FINDERS,
    "condition": conditions.FINDERS,
    "retry": failures.RETRIES,
    "catch": failures.CATCHES,
}


def every_mutant(root: Path = ROOT) -> list[Mutant]:
    """Return every mutant, by kind and file."""
    paths = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.py"))
    sources = [Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    return [mutant for kind in FINDERS for source in sources for mutant in _of(kind, source)]


def _of(kind: Kind, source: Source) -> Iterator[Mutant]:
    for mutant in mutants(source, kind, FINDERS[kind]):
        # Permissions are given by asl and components; `except` is the handlers' way to catch.
        folder = source.path.partition("/")[0]
        if (kind == "permission" and folder == "handlers") or (
            mutant.what.startswith("except ") and folder != "handlers"
        ):
            continue
        yield mutant
