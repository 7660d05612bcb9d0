"""Unpacking of a Lambda function's zip so that this machine's interpreter can run it."""

import io
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_INSTALLED = Path(sysconfig.get_paths()["purelib"])


@dataclass(frozen=True)
class Code:
    """A function's code on disk: `root` is its /var/task, `packages` the top-level names in its zip."""

    root: Path
    packages: tuple[str, ...]


def unpack(archive: bytes, root: Path) -> Code:
    """Write the zip's own code under `root`, without third-party packages that are installed here.

    The zip's third-party packages are built for Lambda's platform (arm64, its own Python), so compiled ones cannot load
    here. They are recognised by the RECORD of their *.dist-info, which lists every file that an installation wrote,
    and come from this interpreter's environment, which has them at the same pinned versions. A package that is only
    in the zip is taken from the zip.

    Raises zipfile.BadZipFile if `archive` is not a zip.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        names = [name for name in source.namelist() if not name.endswith("/")]
        foreign = {top for top in _third_party(source, names) if _is_installed(top)}
        source.extractall(root, [name for name in names if _top(name) not in foreign])
    return Code(root, tuple(sorted({_top(name).partition(".")[0] for name in names})))


def _third_party(source: zipfile.ZipFile, names: list[str]) -> set[str]:
    records = [name for name in names if name.endswith(".dist-info/RECORD") and name.count("/") == 1]
    lines = [line for record in records for line in source.read(record).decode().splitlines() if line]
    return {_top(line.split(",", 1)[0]) for line in lines}


def _is_installed(top: str) -> bool:
    stem = top.partition(".")[0]
    return top.endswith(".dist-info") or (_INSTALLED / stem).is_dir() or (_INSTALLED / f"{stem}.py").is_file()


def _top(name: str) -> str:
    return PurePosixPath(name).parts[0]
