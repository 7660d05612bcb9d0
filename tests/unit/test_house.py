"""The house rules, and a violation of each."""

from pathlib import Path

import pytest

from tests.unit import house

ROOT = Path(__file__).parents[2]
NOT_OURS = {".git", ".venv", ".cache", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", "__pycache__"}
TEXTS = {"", ".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".json", ".svg"}


def _is_ours(path: Path) -> bool:
    return not NOT_OURS & set(path.parts) and (path.suffix in TEXTS or path.name == "Makefile")


TOP = sorted(path for path in ROOT.iterdir() if path.name not in NOT_OURS)
FILES = sorted(
    path.relative_to(ROOT)
    for top in TOP
    for path in ([top] if top.is_file() else top.rglob("*"))
    if path.is_file() and _is_ours(path.relative_to(ROOT))
)
"""Every text file of the project."""

MODULES = [path for path in FILES if path.suffix == ".py"]
RULED = [path for path in MODULES if path.parts[0].removesuffix(".py") in house.ARROWS]


def _read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_rules_cover_the_project() -> None:
    assert {path.parts[0].removesuffix(".py") for path in RULED} == set(house.ARROWS)
    assert {Path("__main__.py"), Path("asl/release/workflow.py"), Path("Makefile"), Path(".ci/run")} <= set(FILES)
    assert {path.parts[0].removesuffix(".py") for path in MODULES} <= house.OURS


@pytest.mark.parametrize("path", RULED, ids=str)
def test_imports_follow_the_arrows(path: Path) -> None:
    assert house.wrong_imports(path.parts[0].removesuffix(".py"), _read(path)) == []


def test_no_two_packages_import_each_other() -> None:
    parts = {path: _read(path) for path in MODULES if path.parts[0] in house.OURS - {"tests"}}
    assert house.two_way_imports(parts) == []


def test_two_packages_that_import_each_other_are_found() -> None:
    one, other = Path("sandbox/iam/roles.py"), Path("sandbox/calls/call.py")
    assert house.two_way_imports(
        {one: "from sandbox import calls", other: "from sandbox.iam.roles import session"}
    ) == ["sandbox.calls and sandbox.iam"]
    assert (
        house.two_way_imports({one: "if TYPE_CHECKING:\n    import sandbox.calls", other: "import sandbox.iam"}) == []
    )


def test_no_file_is_too_long() -> None:
    assert [str(path) for path in MODULES if house.too_long(_read(path))] == []


def test_no_module_has_a_vague_name() -> None:
    assert [str(path) for path in MODULES if house.is_vague(path)] == []


def test_no_file_has_a_local_path() -> None:
    found = {str(path): house.local_paths(_read(path)) for path in FILES if path.name != Path(__file__).name}
    assert {path: paths for path, paths in found.items() if paths} == {}


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("__main__", "import asl"),
        ("__main__", "from asl.release import definition"),
        ("__main__", "import pulumi_aws as aws"),
        ("__main__", "import sandbox"),
        ("components", "from handlers.secret import Secret"),
        ("components", "def f():\n    from sandbox import running"),
        ("components", "if True:\n    import ops.start"),
        ("asl", "import pulumi"),
        ("asl", "import boto3"),
        ("asl", "from components.policies import allow"),
        ("handlers", "import pulumi"),
        ("handlers", "from pulumi_aws import s3"),
        ("handlers", "from asl import states"),
        ("handlers", "import json, components.settings"),
        ("handlers", "import importlib\nimportlib.import_module('sandbox')"),
        ("handlers", "from . import secret"),
        ("policy", "from components.policies import document"),
        ("policy", "from policy.rules.tags import TAGS_REQUIRED"),
        ("components", "from rules.documents import statements"),
    ],
)
def test_a_wrong_import_is_found(part: str, source: str) -> None:
    assert len(house.wrong_imports(part, source)) == 1


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("__main__", "import pulumi\nfrom components.storage import Storage"),
        ("components", "import pulumi_aws\nfrom asl import release\nfrom components import policies"),
        ("asl", "import json\nfrom collections.abc import Mapping\nfrom asl.states import State"),
        ("handlers", "import boto3\nfrom handlers.secret import secret"),
        ("policy", "import pulumi_policy\nfrom rules.pack import POLICIES"),
    ],
)
def test_allowed_import_is_accepted(part: str, source: str) -> None:
    assert house.wrong_imports(part, source) == []


def test_a_long_file_is_found() -> None:
    assert house.too_long("\n" * (house.MAX_LINES + 1))
    assert not house.too_long("\n" * house.MAX_LINES)


@pytest.mark.parametrize("name", ["components/utils.py", "handlers/helpers/text.py", "asl/state_manager.py", "base.py"])
def test_a_vague_name_is_found(name: str) -> None:
    assert house.is_vague(Path(name))
    assert not house.is_vague(Path("components/database.py"))


@pytest.mark.parametrize(
    "text", ["see /home/ada/holdpoint", "open('/Users/ada')", "cd /work/main", "`/root/x`", r"C:\Users\ada"]
)
def test_a_local_path_is_found(text: str) -> None:
    assert house.local_paths(text)


@pytest.mark.parametrize("text", ["https://example.com/home/ada", "/var/task", "./work/x", "a/home/b"])
def test_other_paths_are_accepted(text: str) -> None:
    assert not house.local_paths(text)
