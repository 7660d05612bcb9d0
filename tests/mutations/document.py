"""docs/mutations.md: the score of the last full run, and the outcome of every mutant."""

import re
from collections.abc import Mapping, Sequence

from tests.mutations.finding import ROOT
from tests.mutations.mutant import KINDS, Kind, Mutant
from tests.mutations.survivors import REASONS

DOCUMENT = ROOT / "docs" / "mutations.md"
GOALS: Mapping[Kind, int] = {"permission": 100, "condition": 100, "retry": 90, "catch": 90}
"""Per cent that must be caught; a mutant that changes nothing, and says why, is not counted against a kind."""

TAKEN = {
    "permission": "an action, a resource, a statement or a principal of a policy",
    "condition": "a condition of a DynamoDB or S3 write or of a policy, or a clause of it; a rule of a Choice",
    "retry": "a retrier, or one of its errors",
    "catch": "a catcher, or one of its errors; an `except` of a handler",
}
_ROW = re.compile(r"^\| `(?P<id>[^`]+)` \| (?P<by>.+) \|$", re.MULTILINE)


def made(mutants: Sequence[Mutant], caught: Mapping[str, str | None]) -> str:
    """Return the new document."""
    head = ["| kind | what is taken away | tried | caught | |", "| --- | --- | --- | --- | --- |"]
    parts = [
        "# Mutations",
        "Made by `make mutations`: it takes one safeguard of the program away at a time and runs the tests until one "
        "fails. A unit test holds this page to the program, and `make test` tries a sample of it again.",
        "\n".join([*head, *_scores(mutants, caught)]),
        "## Not caught",
        _survivors(mutants, caught),
    ]
    for kind in KINDS:
        found = [each for each in mutants if each.kind == kind and caught[each.id]]
        rows = [f"| `{_shown(each.id)}` | {caught[each.id]} |" for each in found]
        parts.append("\n".join([f"## {kind.capitalize()}\n", "| mutant | caught by |", "| --- | --- |", *rows]))
    return "\n\n".join(parts) + "\n"


def written() -> str:
    """Return the current document."""
    return DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""


def known(text: str) -> dict[str, str | None]:
    """Return the test that caught each mutant in a document, or None; ids are as the document shows them."""
    found = {}
    for match in _ROW.finditer(text):
        by = match["by"]
        found[match["id"]] = by if by.startswith("tests/") else None
    return found


def of(mutants: Sequence[Mutant], text: str) -> dict[str, str | None]:
    """Return the documented test of each mutant, by its id; mutants that are not documented are left out."""
    found = known(text)
    return {each.id: found[_shown(each.id)] for each in mutants if _shown(each.id) in found}


def is_there(test: str) -> bool:
    """Return whether a test such as `tests/unit/test_x.py::test_y[z]` still exists."""
    path, _, name = test.partition("::")
    function = name.partition("[")[0].rpartition("::")[2]
    source = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).exists() else ""
    # Hypothesis makes a case of unittest of a state machine, and calls its test so.
    return f"def {function}(" in source or (function == "runTest" and "TestCase" in source)


def scores(text: str) -> list[str]:
    """Return the scores that a document tells, a line for each kind."""
    rows = re.findall(r"^\| (\w+) \| [^|]+ \| (\d+) \| (\d+) \| ([\d.]+ %) \|$", text, re.MULTILINE)
    return [f"{f'all of {kind}':<30} tried {tried}, caught {caught} ({share})" for kind, tried, caught, share in rows]


def problems(mutants: Sequence[Mutant], caught: Mapping[str, str | None]) -> list[str]:
    """Return the problems: survivors without a reason, reasons without a survivor, and kinds below their goal."""
    lived = {each.id for each in mutants if caught[each.id] is None}
    wrong = [f"no test catches it: {name}" for name in sorted(lived - REASONS.keys())]
    wrong += [f"there is a reason, but no need for it: {name}" for name in sorted(REASONS.keys() - lived)]
    for kind, goal in GOALS.items():
        tried, found = _counts(kind, mutants, caught)
        if found * 100 < goal * tried:
            wrong.append(f"of {kind} {found} in {tried} are caught, and not {goal} %")
    return wrong


def counts(mutants: Sequence[Mutant], caught: Mapping[str, str | None]) -> dict[Kind, tuple[int, int]]:
    """Return the numbers of tried and caught mutants of each kind."""
    return {kind: _counts(kind, mutants, caught) for kind in KINDS}


def _counts(kind: Kind, mutants: Sequence[Mutant], caught: Mapping[str, str | None]) -> tuple[int, int]:
    found = [caught[each.id] is not None for each in mutants if each.kind == kind]
    return len(found), sum(found)


def _scores(mutants: Sequence[Mutant], caught: Mapping[str, str | None]) -> list[str]:
    return [
        f"| {kind} | {TAKEN[kind]} | {tried} | {found} | {100 * found / tried:.1f} % |"
        for kind, (tried, found) in counts(mutants, caught).items()
    ]


def _survivors(mutants: Sequence[Mutant], caught: Mapping[str, str | None]) -> str:
    lived = [each for each in mutants if caught[each.id] is None]
    rows = [f"| `{_shown(each.id)}` | {REASONS.get(each.id, 'no reason yet')} |" for each in lived]
    return "\n".join(["| mutant | why it may live |", "| --- | --- |", *rows]) if rows else "None."


def _shown(name: str) -> str:
    """Return an id in a form that fits into a table."""
    return name.replace("|", "/").replace("`", "'")
