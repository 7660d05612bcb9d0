"""Selection and order of the tests for a change of a file: nearest and quickest first."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

QUICK = ("tests/unit/asl", "tests/unit/components", "tests/unit/handlers")
PROGRAM = ("tests/unit/test_program.py", "tests/unit/test_program_rights.py")
"""They run the whole program, and so are about every component.

Not asked are tests that hold a document to the program, such as docs/diagrams.md: that one of them fails proves nothing
about what the program does.
"""

SLOW = (
    "tests/unit/handlers/orders/test_stock_conserved.py",
    "tests/unit/handlers/orders/test_rush.py",
    "tests/unit/handlers/test_race.py",
)
"""Searches through many orders of events; they come after all others."""

RELEASE = ("success", "callback", "failures", "sweeper", "reminders", "repairs", "permissions", "encrypted", "input")
HOLD = "tests/e2e/hold"
ORDERS = ("orders", "orders_again", "repairs", "orders_faults", "orders_events", "encrypted", "permissions")


def quick(root: Path, changed: str, about: str) -> list[str]:
    """Return the unit tests about a file, relative to the root.

    Those come first that have the file's name, speak of what is taken away, and import the file most directly.
    """
    distances = _distances(root, changed)
    words = set(re.findall(r"[A-Za-z_:.]{6,}", about))

    def order(path: str) -> tuple[bool, bool, int, int, str]:
        text = (root / path).read_text(encoding="utf-8")
        spoken = sum(word in text for word in words)
        return path in SLOW, not _is_namesake(path, changed), -spoken, distances[path], path

    found = [path for path in distances if path.startswith(QUICK) and Path(path).name.startswith("test_")]
    return [*sorted(found, key=order), *([] if changed.startswith("handlers/") else PROGRAM)]


def whole_stack(changed: str) -> list[str]:
    """Return the end-to-end tests of the workflow that a file belongs to; of all where it belongs to none."""
    about_orders = "orders" in changed or changed == "components/services.py"
    about_release = changed.startswith(("asl/release", "handlers/callback", "handlers/sweeper", "handlers/recorder"))
    names = ORDERS if about_orders else RELEASE if about_release else (*RELEASE, *ORDERS)
    return [*([] if about_orders else [HOLD]), *(f"tests/e2e/test_{name}.py" for name in dict.fromkeys(names))]


def _is_namesake(test: str, changed: str) -> bool:
    stem = Path(changed).stem.removesuffix("_table").rstrip("s")
    return stem in Path(test).stem


def _distances(root: Path, changed: str) -> dict[str, int]:
    """Return every file that imports another one, over however many, and over how many."""
    importers = _importers(root)
    found, current = {changed: 0}, {changed}
    while current:
        above = {path for each in current for path in importers.get(each, ())} - found.keys()
        found |= dict.fromkeys(above, max(found.values()) + 1)
        current = above
    return found


@cache
def _importers(root: Path) -> Mapping[str, set[str]]:
    folders = ("asl", "components", "handlers", "tests/unit")
    files = {path.relative_to(root).as_posix() for folder in folders for path in (root / folder).rglob("*.py")}
    found: dict[str, set[str]] = {}
    for path in files:
        for name in _imports(ast.parse((root / path).read_text(encoding="utf-8"))):
            module = name.replace(".", "/")
            for target in (f"{module}.py", f"{module}/__init__.py"):
                if target in files:
                    found.setdefault(target, set()).add(path)
        if Path(path).name == "conftest.py":
            # Its fixtures are for every test below it.
            for other in files:
                if other.startswith(f"{Path(path).parent.as_posix()}/test_"):
                    found.setdefault(path, set()).add(other)
    return found


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
