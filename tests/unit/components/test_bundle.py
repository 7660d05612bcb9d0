"""The Lambda bundle: reproducible, with all pinned packages for Lambda's platform, without compiled files."""

import re
import shutil
import struct
import zipfile
from pathlib import Path

import pytest

from components import bundle

# The bundle that several tests look at is built once.
pytestmark = pytest.mark.xdist_group("bundle")

ELF_MACHINES = {"arm64": 0xB7, "x86_64": 0x3E}
"""`e_machine` of an ELF header. https://man7.org/linux/man-pages/man5/elf.5.html"""

NAME = re.compile(r"^([a-z0-9-]+)==([0-9.]+)$", re.MULTILINE)


def _project(folder: Path) -> Path:
    """Create a project folder with the files that the bundle needs."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(bundle.ROOT / "handlers", folder / "handlers", ignore=ignored)
    shutil.copy(bundle.ROOT / "facts.py", folder)
    return folder


def _build(folder: Path, monkeypatch: pytest.MonkeyPatch, architecture: str = "arm64") -> Path:
    monkeypatch.setattr(bundle, "ROOT", folder)
    monkeypatch.chdir(folder)
    return folder / bundle.build("python3.13", architecture)


def _one_package(target: Path, _python_version: str, _architecture: str) -> None:
    """Replace pip by the installation of one package, with files that do not belong into the bundle."""
    for name in ("one/__init__.py", "one-1.0.dist-info/METADATA"):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# one")
    for name in (
        "one/__pycache__/__init__.cpython-313.pyc",
        "bin/one",
        *(f"one-1.0.dist-info/{left_out}" for left_out in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")),
    ):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(target))


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disable the package index."""
    monkeypatch.setattr(bundle, "_install", _one_package)


@pytest.fixture(scope="module")
def built() -> Path:
    """Return the real bundle for arm64, which every sandbox of these tests uses."""
    return bundle.ROOT / bundle.build("python3.13", "arm64")


@pytest.mark.soak
def test_build_is_reproducible(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again = _build(_project(tmp_path), monkeypatch)
    assert again.name == built.name
    assert again.read_bytes() == built.read_bytes()


def test_holds_the_handlers_and_every_pinned_package(built: Path) -> None:
    requirements = (bundle.ROOT / "handlers/requirements.txt").read_text()
    pinned = {f"{name.replace('-', '_')}-{version}" for name, version in NAME.findall(requirements)}
    with zipfile.ZipFile(built) as archive:
        names = archive.namelist()
    sources = (bundle.ROOT / "handlers").rglob("*.py")
    assert {path.relative_to(bundle.ROOT).as_posix() for path in sources} <= set(names)
    installed = {name.split(".dist-info/")[0] for name in names if ".dist-info/" in name}
    assert {each.lower() for each in installed} == pinned
    assert len(pinned) >= 5


def test_every_requirement_is_pinned() -> None:
    lines = (bundle.ROOT / "handlers/requirements.txt").read_text().splitlines()
    assert all(NAME.match(line) for line in lines if line and not line.startswith("#"))


def test_bundle_has_no_compiled_files_and_no_dates(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        entries = archive.infolist()
    assert not [each.filename for each in entries if "__pycache__" in each.filename or each.filename.endswith(".pyc")]
    assert {each.date_time for each in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {each.external_attr >> 16 for each in entries} == {0o644}
    names = [each.filename for each in entries]
    assert names == sorted(names, key=lambda name: Path(name).parts)


def test_native_code_is_for_arm64(built: Path) -> None:
    assert _machines(built) == {ELF_MACHINES["arm64"]}


@pytest.mark.soak
def test_native_code_is_for_x86_64(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _machines(_build(_project(tmp_path), monkeypatch, "x86_64")) == {ELF_MACHINES["x86_64"]}


def _machines(path: Path) -> set[int]:
    """Return the processors of all shared objects in a bundle."""
    machines = set()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".so"):
                header = archive.read(name)[:20]
                assert header[:4] == b"\x7fELF"
                (machine,) = struct.unpack_from("<H", header, 18)
                machines.add(machine)
    return machines


@pytest.mark.usefixtures("no_index")
def test_bundle_leaves_out_files_that_differ_between_installations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(_build(_project(tmp_path), monkeypatch)) as archive:
        names = {name for name in archive.namelist() if not name.startswith("handlers/") and name != "facts.py"}
    assert names == {"one/__init__.py", "one-1.0.dist-info/METADATA", "one-1.0.dist-info/RECORD"}


@pytest.mark.usefixtures("no_index")
def test_changed_handler_changes_the_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = _project(tmp_path)
    before = _build(project, monkeypatch)
    handler = project / "handlers/callback/receive.py"
    handler.write_text(handler.read_text() + "\n# changed\n")
    after = _build(project, monkeypatch)
    assert after.name != before.name
    with zipfile.ZipFile(after) as archive:
        assert archive.read("handlers/callback/receive.py").endswith(b"# changed\n")


@pytest.mark.usefixtures("no_index")
def test_other_platform_changes_the_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = _project(tmp_path)
    assert _build(project, monkeypatch).name != _build(project, monkeypatch, "x86_64").name


@pytest.mark.usefixtures("no_index")
def test_compiled_handlers_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = _project(tmp_path)
    before = _build(project, monkeypatch)
    bytes_before = before.read_bytes()
    before.unlink()
    cache = project / "handlers/__pycache__"
    cache.mkdir()
    (cache / "secret.cpython-313.pyc").write_bytes(b"\0")
    after = _build(project, monkeypatch)
    assert after == before
    assert after.read_bytes() == bytes_before


@pytest.mark.usefixtures("no_index")
def test_unchanged_bundle_is_not_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = _project(tmp_path)
    before = _build(project, monkeypatch)

    def refuse(*_args: object) -> None:
        raise AssertionError("it was built again")

    monkeypatch.setattr(bundle, "_install", refuse)
    assert _build(project, monkeypatch) == before


@pytest.mark.usefixtures("no_index")
def test_path_of_the_bundle_is_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _build(_project(tmp_path), monkeypatch)
    path = bundle.build("python3.13", "arm64")
    assert not path.is_absolute()
    assert list((tmp_path / path).parent.iterdir()) == [tmp_path / path]


@pytest.mark.usefixtures("no_index")
@pytest.mark.parametrize(
    ("program", "kept"),
    [("library/examples/shop", "../../.cache/bundle"), ("shop", ".cache/bundle")],
    ids=["in the checkout", "beside an installed library"],
)
def test_each_program_finds_the_bundle_from_its_own_folder(
    program: str, kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / program).mkdir(parents=True)
    monkeypatch.setattr(bundle, "ROOT", _project(tmp_path / "library"))
    monkeypatch.chdir(tmp_path / program)
    path = bundle.build()
    assert path.parent == Path(kept)
    assert path.is_file()


def test_failed_installation_is_reported_and_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = _project(tmp_path)
    (project / "handlers/requirements.txt").write_text("holdpoint-has-no-such-package==0\n")
    # Nothing is downloaded: there is no index to ask.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(bundle.BundleError) as caught:
        _build(project, monkeypatch)
    assert "handlers/requirements.txt for Python 3.13 on arm64" in str(caught.value)
    assert "holdpoint-has-no-such-package" in str(caught.value)
    assert "Check that a package index can be reached" in str(caught.value)
    assert list((project / bundle.CACHE).iterdir()) == []


def test_record_of_each_package_lists_its_files() -> None:
    with zipfile.ZipFile(bundle.ROOT / bundle.build("python3.13", "arm64")) as archive:
        names = set(archive.namelist())
        records = [name for name in names if name.endswith(".dist-info/RECORD")]
        listed = {line.split(",")[0] for name in records for line in archive.read(name).decode().splitlines()}
    assert len(records) == len((bundle.ROOT / "handlers/requirements.txt").read_text().split("==")) - 1
    assert listed == {name for name in names if not name.startswith("handlers/") and name != "facts.py"}
