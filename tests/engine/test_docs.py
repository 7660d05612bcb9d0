"""Configuration in the pages: the engine runs every `pulumi config set`, and the program takes what it sets."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # it comes with Pulumi, without type information
from pulumi import automation

import sandbox
from components.settings import Settings
from tests.engine.conftest import Create
from tests.engine.project import given

pytestmark = pytest.mark.engine

PAGES = [*sorted((sandbox.ROOT / "docs").glob("*.md")), *sorted((sandbox.ROOT / "docs" / "runbooks").glob("*.md"))]
IN_PARTS = {"adapt.md"}
"""Pages whose commands belong to a change of files; tests/e2e/test_adapting.py makes both."""

TOGETHER = {"Name the APIs of a stack"}
"""Sections whose blocks build on each other. Elsewhere each is for a stack that has none of the others."""


def _commands(text: str) -> list[list[str]]:
    """Return the commands in a text that set a value; prose names some without one."""
    commands = [shlex.split(command, comments=True) for command in re.findall(r"pulumi config set [^`&\n]*", text)]
    return [words for words in commands if len([word for word in words[3:] if not word.startswith("--")]) > 1]


def _configured(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the parts of a page that configure a stack: the section and its texts, each with commands or YAML."""
    for section in page.read_text(encoding="utf-8").split("\n## ")[1:]:
        title = section.splitlines()[0]
        blocks = re.findall(r"^ *```(?:bash|yaml)\n(.*?)```", section, re.DOTALL | re.MULTILINE)
        prose = re.sub(r"```.*?```", "", section, flags=re.DOTALL).splitlines()
        texts = [text for text in [*blocks, *prose] if _commands(text) or text.startswith("config:")]
        if title in TOGETHER:
            yield title, texts
        else:
            yield from ((title, [text]) for text in texts)


PARTS = [
    pytest.param(texts, id=f"{page.name}: {title}")
    for page in PAGES
    if page.name not in IN_PARTS
    for title, texts in _configured(page)
]


@pytest.fixture(scope="module")
def stack(create: Create) -> automation.Stack:
    """Return a stack like that of production, which is never deployed."""
    return create(sandbox.ROOT, "prod")


@pytest.mark.parametrize("texts", PARTS)
def test_documented_configuration_is_accepted(stack: automation.Stack, texts: list[str]) -> None:
    with given(stack, {}):
        for text in texts:
            if text.startswith("config:"):
                _write(stack, yaml.safe_load(text)["config"])
            for command in _commands(text):
                _run(stack, command)
        stack.preview(program=_load)


def test_pages_configure_stacks() -> None:
    assert len(PARTS) > 15


def _load() -> None:
    Settings.load()


def _write(stack: automation.Stack, values: dict[str, object]) -> None:
    path = Path(stack.workspace.work_dir, f"Pulumi.{stack.name}.yaml")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["config"] |= values
    path.write_text(yaml.safe_dump(content), encoding="utf-8")


def _run(stack: automation.Stack, words: list[str]) -> None:
    words = [*words, "--stack", stack.name]
    environment = {**os.environ, **stack.workspace.env_vars}
    subprocess.run(words, cwd=stack.workspace.work_dir, env=environment, check=True)
