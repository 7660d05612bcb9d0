"""Reads the recipes of docs/adapt.md, and follows them in a copy of the project."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from components import bundle
from tests.e2e.client import DEADLINE_SECONDS
from tests.stacks import ROOT

PAGE = ROOT / "docs" / "adapt.md"

LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", ".cache", ".*_cache", ".hypothesis", "__pycache__", "images")

_STEP = re.compile(r"^`([\w./-]+)`(?: \(new\))?:\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


_SECRET = re.compile(r"^pulumi config set --secret --path '(\w+)\.(\w+)' \S+ --stack (\w+)$", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One file of a recipe: a diff, or the whole text of a new file."""

    file: str
    kind: str
    text: str

    def edits(self) -> Iterator[tuple[str, str]]:
        """Return the old and the new text of each hunk."""
        for hunk in re.split(r"^@@.*\n", self.text, flags=re.MULTILINE):
            lines = hunk.splitlines(keepends=True)
            if lines:
                yield (
                    "".join(line[1:] or line for line in lines if line[0] != "+"),
                    "".join(line[1:] or line for line in lines if line[0] != "-"),
                )

    def follow(self, project: Path) -> None:
        """Make the change. What a diff names has to be there, once."""
        path = project / self.file
        if self.kind != "diff":
            assert not path.exists(), f"{self.file} is not new"
            path.write_text(self.text, encoding="utf-8")
            return
        text = path.read_text(encoding="utf-8")
        for old, new in self.edits():
            assert f"\n{text}".count(f"\n{old}") == 1, f"docs/adapt.md changes in {self.file} what is not there:\n{old}"
            text = f"\n{text}".replace(f"\n{old}", f"\n{new}")[1:]
        path.write_text(text, encoding="utf-8")


def steps() -> list[Step]:
    """Return every step of the page, in its order."""
    return [Step(*found) for found in _STEP.findall(PAGE.read_text(encoding="utf-8"))]


def follow_all(project: Path) -> None:
    """Copy the project, and follow every recipe in the copy, one after the other."""
    shutil.copytree(ROOT, project, ignore=LEFT_BEHIND)
    for step in steps():
        step.follow(project)
    for key, name, stack in _SECRET.findall(PAGE.read_text(encoding="utf-8")):
        # As the command writes it, with an encrypted value.
        with (project / f"Pulumi.{stack}.yaml").open("a", encoding="utf-8") as file:
            file.write(f"  holdpoint:{key}:\n    {name}:\n      secure: v1:encrypted\n")
    run(project, "-m", "tools.docs")


def run(project: Path, *arguments: str) -> None:
    """Run Python in the copy; it has to go well."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS * 4,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def bundle_with_packages_of_ours(project: Path) -> None:
    """Build the copy's bundle from the packages in the project's own: no package index is asked a second time."""
    with zipfile.ZipFile(ROOT / bundle.build("python3.13", "arm64")) as ours:
        packages = project / ".cache" / "packages"
        ours.extractall(packages, [name for name in ours.namelist() if not name.startswith("handlers/")])
    code = (
        "import shutil; from components import bundle;"
        "bundle._install = lambda target, *_: shutil.copytree('.cache/packages', target);"
        "bundle.build('python3.13', 'arm64')"
    )
    run(project, "-c", code)
