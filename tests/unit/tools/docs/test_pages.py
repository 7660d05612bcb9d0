"""Generated pages: up to date, checked, and linked from the README."""

import re
from pathlib import Path

import pytest

from tests.unit.recorded_program import ROOT
from tools.docs import __main__ as docs


@pytest.mark.soak  # `make check` looks at the same
def test_every_page_is_up_to_date() -> None:
    assert docs.main(["--check"]) == 0, "run `make docs`"


def test_outdated_page_is_found_and_renewed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "outdated.md"
    monkeypatch.setattr(docs, "FOLDER", tmp_path)
    monkeypatch.setattr(docs, "PAGES", {name: lambda: "The page\n", "other.md": lambda: "Another page\n"})
    assert docs.main([]) == 0
    page = tmp_path / name
    page.write_text(page.read_text(encoding="utf-8").replace("e", "E", 1), encoding="utf-8")
    assert docs.main(["--check"]) == 1
    assert capsys.readouterr().err == f"docs/{name} is older than what it is made from: run `make docs`\n"
    page.unlink()
    assert docs.main(["--check"]) == 1
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0


def test_make_checks_every_generated_page() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipes = {name: recipe for name, recipe in re.findall(r"^(\w+):.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)}
    assert "-m tools.docs\n" in recipes["docs"]
    assert "-m tools.docs --check\n" in recipes["check"]


@pytest.mark.parametrize("name", docs.PAGES)
def test_readme_links_lead_to_every_page(name: str) -> None:
    assert f"(docs/{name})" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in docs.PAGES if name.endswith(".md")])
def test_link_targets_of_pages_exist(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / "docs" / name).read_text(encoding="utf-8")):
        assert target.startswith("https://") or (ROOT / "docs" / target).exists(), target
