"""Links between the pages, and the facts of the README."""

import re
from pathlib import Path

import pytest

from tests.unit.recorded_program import ROOT, outputs, recorded

README = ROOT / "README.md"
DOCUMENTS = (*(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md"))
PAGES = [README, ROOT / "CHANGELOG.md", *sorted(DOCUMENTS)]

_FENCE = re.compile(r"```.*?```", re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")


def _prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def _links(page: Path) -> list[str]:
    """Return the links into the project."""
    found = [first or second for first, second in _LINK.findall(_prose(page))]
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def _anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_has_a_target(page: Path) -> None:
    for link in _links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} links {link}"
        assert not anchor or anchor in _anchors(target), f"{page.name} links {link}, and there is no such heading"


def test_the_readme_links_every_page() -> None:
    linked = {(README.parent / link.partition("#")[0]).resolve() for link in _links(README)}
    pages = {page for page in (ROOT / "docs").glob("*.md")} | {ROOT / "docs/runbooks/README.md"}
    assert sorted(str(page.relative_to(ROOT)) for page in pages - linked) == []


def test_every_picture_is_shown() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in _links(page)}
    assert [path.name for path in (ROOT / "docs/images").iterdir() if path not in shown] == []


def test_the_readme_names_the_outputs_of_the_contract() -> None:
    section = README.read_text(encoding="utf-8").split("## Stack outputs")[1].split("\n## ")[0]
    assert set(re.findall(r"`([a-z0-9_]+)`", section)) == outputs("dev").keys()


def test_quickstart_has_the_number_of_resources() -> None:
    told = re.search(r"about (\d+) resources", (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8"))
    assert told
    assert abs(int(told[1]) - len(recorded("dev").resources)) <= 10


def test_decisions_have_numbers_of_their_own() -> None:
    numbers = [file.name[:4] for file in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
