"""Command hints: an interpreter that has the packages, in the shortest form."""

from pathlib import Path

import pytest

from ops.program import called


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Create a folder with an environment, and beside it the system's own Python."""
    for folder in (tmp_path / "project/.venv/bin", tmp_path / "system"):
        folder.mkdir(parents=True)
        (folder / "python").touch(mode=0o755)
    return tmp_path / "project"


def test_hint_is_python_in_an_activated_environment(project: Path) -> None:
    own = project / ".venv/bin"
    path = f"{own}:{project.parent / 'system'}"
    assert called({"PATH": path}, own / "python3", project) == "python -m ops"


def test_hint_names_the_interpreter_by_its_relative_path(project: Path) -> None:
    path = {"PATH": str(project.parent / "system")}
    own = project / ".venv/bin/python"
    assert called(path, own, project) == ".venv/bin/python -m ops"
    assert called(path, own, project / "docs") == f"{own} -m ops"
    assert called({}, own, project) == ".venv/bin/python -m ops"


def test_hint_names_the_launcher(project: Path) -> None:
    environment = {"PATH": str(project / ".venv/bin"), "HOLDPOINT_COMMAND": "holdpoint"}
    assert called(environment, project / ".venv/bin/python", project) == "holdpoint"


def test_hint_names_the_installed_command(project: Path) -> None:
    assert called({}, project / ".venv/bin/python", project, "/usr/local/bin/holdpoint") == "holdpoint"
    assert (
        called({}, project / ".venv/bin/python", project, str(project / "ops/__main__.py")) == ".venv/bin/python -m ops"
    )
