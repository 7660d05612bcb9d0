"""The page: no markup from data, no requests to other hosts, and vendored files with their known hashes."""

import hashlib
import re
from pathlib import Path

import pytest

from console.static_files import FOLDER

OURS = sorted(path for path in FOLDER.rglob("*") if path.is_file() and "vendor" not in path.parts)
DAGRE = FOLDER / "vendor" / "dagre"

MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|srcdoc|setTimeout\(['\"]"
)
"""Ways to make markup or code out of a text."""

ELSEWHERE = re.compile(r"https?:(?!//www\.w3\.org/2000/svg)|(?:src|href)=[\"']//|@import|url\((?!#)")
"""Ways to somebody else; the namespace of SVG is only a name."""

MAX_LINES = 250


def test_every_static_file_is_checked() -> None:
    assert {"index.html", "app.js", "dom.js", "graph.js", "style.css", "console.css", "icon.svg"} <= {
        p.name for p in OURS
    }


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_scripts_create_no_markup_and_load_nothing_external(path: Path) -> None:
    content = path.read_text(encoding="utf-8")
    assert MARKUP.findall(content) == []
    assert ELSEWHERE.findall(content) == []
    assert len(content.splitlines()) <= MAX_LINES


def test_page_has_no_inline_script_or_style() -> None:
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<style|style=|\son\w+=|<script(?![^>]*src=)", page) == []


@pytest.mark.parametrize("path", [path for path in OURS if path.suffix == ".js"], ids=lambda path: path.name)
def test_every_import_exists(path: Path) -> None:
    for name in re.findall(r'from "([^"]+)"', path.read_text(encoding="utf-8")):
        assert (path.parent / name).is_file(), name


def test_vendored_library_has_its_published_hash() -> None:
    said = (DAGRE / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256((DAGRE / "dagre.esm.js").read_bytes()).hexdigest() in said
    assert "Permission is hereby granted" in (DAGRE / "LICENSE").read_text(encoding="utf-8")
