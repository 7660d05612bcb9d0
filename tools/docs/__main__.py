"""`python -m tools.docs`: writes the generated pages of docs/, or with `--check` compares them."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from components.outputs import outputs_schema
from tools.docs import api_page, cost_page, diagrams, openapi, stacks_page

FOLDER = Path(__file__).parents[2] / "docs"

PAGES: Mapping[str, Callable[[], str]] = {
    "api.md": api_page.page,
    "cost.md": cost_page.page,
    "diagrams.md": diagrams.page,
    "openapi.json": openapi.text,
    "stacks.md": stacks_page.page,
    "outputs.schema.json": lambda: json.dumps(outputs_schema(), indent=2) + "\n",
}
"""The generator of each page. `make permissions` writes docs/permissions.md, which needs a run of all tests."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or compare them with `--check`. Return the exit code of the process."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not up to date")
    if not parser.parse_args(arguments).check:
        for name, make in PAGES.items():
            (FOLDER / name).write_text(make(), encoding="utf-8")
        return 0
    stale = [name for name, make in PAGES.items() if _written(name) != make()]
    for name in stale:
        print(f"docs/{name} is older than what it is made from: run `make docs`", file=sys.stderr)
    return 1 if stale else 0


def _written(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
