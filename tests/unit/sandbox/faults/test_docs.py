"""docs/faults.md: every kind of fault, and the example plan."""

import re
from pathlib import Path

from sandbox.faults import Kind
from sandbox.faults.kinds import KINDS
from sandbox.faults.reading import load, parse

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")


def test_page_has_every_kind_and_every_other_occasion() -> None:
    head, *kinds = re.findall(r"^\| `([\w-]+)` \| ", PAGE.partition("<!-- kinds -->")[2], re.MULTILINE)
    assert (head, kinds) == ("kind", [*map(str, Kind)])
    assert all(f"| `{call}` | " in PAGE for call in KINDS)


def test_the_page_shows_the_example_plan() -> None:
    shown = re.search(r"<!-- plan -->\n```json\n(.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    assert parse(shown[1]) == load(ROOT / "examples" / "faults.json")
