"""The package that `pip install .` installs, its version, and a program that uses it."""

import json
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it comes with Pulumi, without type information

from tests.unit.recorded_program import ROOT
from tests.unit.test_library_docs import of_library_page

PARTS = (
    "asl",
    "components",
    "console",
    "handlers",
    "ops",
    "sandbox",
    "facts.py",
    "LICENSE",
    "README.md",
    "pyproject.toml",
    "requirements.txt",
    "requirements-ops.txt",
)
"""The files of the checkout that a wheel is built from, copied so that the build leaves nothing in the checkout."""

RUN = "import sys; sys.argv = ['holdpoint', *sys.argv[1:]]; from {module} import {function}; {function}()"


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, built without network access."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, source / part)
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(target)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True)
    (found,) = target.glob("*.whl")
    return found


def test_command_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
        (declared,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        module, function = archive.read(declared).decode().split("= ")[1].strip().split(":")
    command = [sys.executable, "-c", RUN.format(module=module, function=function)]
    environment = {"PYTHONPATH": str(tmp_path), "COLUMNS": "200"}

    def printed(*arguments: str) -> str:
        return subprocess.run(
            [*command, *arguments], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
        ).stdout

    assert printed("--version") == f"holdpoint {_project()['version']}\n"
    assert "Usage: holdpoint start" in printed("start", "--help")


def test_wheel_holds_the_files_that_command_components_and_sandbox_read(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [metadata] = [archive.read(name).decode() for name in names if name.endswith(".dist-info/METADATA")]
    assert {line.partition(": ")[2] for line in metadata.splitlines() if line.startswith("Provides-Extra: ")} == {
        *("components", "sandbox"),
    }
    read = [ROOT / "handlers/requirements.txt", *ROOT.glob("[a-z]*/py.typed")]
    for path in [*(ROOT / "console/static").rglob("*"), *(ROOT / "ops/cost").glob("*.json"), *read]:
        if path.is_file():
            assert path.relative_to(ROOT).as_posix() in names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {
        *("asl", "components", "console", "handlers", "ops", "sandbox", "facts.py"),
    }


@pytest.mark.soak
def test_program_of_another_repository_runs_with_the_installed_library(wheel: Path, tmp_path: Path) -> None:
    """docs/library.md, followed."""
    venv.create(tmp_path / ".venv", with_pip=True)
    python = tmp_path / ".venv/bin/python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pins = ["--constraint", str(ROOT / "constraints.txt")]
    subprocess.run([*pip, *pins, f"{wheel}[components,sandbox]", "pytest"], check=True)
    for name, text in of_library_page().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run([python, "-m", "pytest"], cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.soak
def test_command_is_installed_into_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path, with_pip=True)
    pip = [str(tmp_path / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", str(ROOT / "constraints.txt"), str(wheel)], check=True)
    done = subprocess.run(
        [tmp_path / "bin/holdpoint", "list", "--json"],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "error" in json.loads(done.stderr)


def test_version_is_the_same_everywhere() -> None:
    version = _project()["version"]
    pack = yaml.safe_load((ROOT / "policy/PulumiPolicy.yaml").read_text(encoding="utf-8"))
    api = json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))
    assert (pack["version"], api["info"]["version"]) == (version, version)
    assert f"\n## [{version}] - " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {version}\n" in (ROOT / "docs/upgrade.md").read_text(encoding="utf-8")
