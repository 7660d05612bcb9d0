"""Hints name an interpreter that has the packages, and say no more than is needed."""

from pathlib import Path

import pytest

from ops.program import called


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with an environment, and beside it the system's own Python."""
    for folder in (tmp_path / "project/.venv/bin", tmp_path / "system"):
        folder.mkdir(parents=True)
        (folder / "python").touch(mode=0o755)
    return tmp_path / "project"


def test_in_an_activated_environment_python_is_enough(project: Path) -> None:
    own = project / ".venv/bin"
    path = f"{own}:{project.parent / 'system'}"
    assert called({"PATH": path}, own / "python3", project) == "python -m ops"


def test_elsewhere_the_interpreter_is_named_so_that_it_is_found_from_here(project: Path) -> None:
    path = {"PATH": str(project.parent / "system")}
    own = project / ".venv/bin/python"
    assert called(path, own, project) == ".venv/bin/python -m ops"
    assert called(path, own, project / "docs") == f"{own} -m ops"
    assert called({}, own, project) == ".venv/bin/python -m ops"


def test_the_launcher_has_a_name_of_its_own(project: Path) -> None:
    environment = {"PATH": str(project / ".venv/bin"), "HOLDPOINT_COMMAND": "holdpoint"}
    assert called(environment, project / ".venv/bin/python", project) == "holdpoint"
