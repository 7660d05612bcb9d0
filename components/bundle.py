"""The Lambda bundle: handlers/, facts.py and their pinned dependencies in one zip, built for Lambda's platform.

The same input gives the same bytes: entries are sorted, their time is fixed, and nothing compiled is included.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

import pulumi

from components import defaults

ROOT = Path(__file__).resolve().parents[1]
CACHE = Path(".cache/bundle")
"""The folder of bundles. Programs in the checkout share one cache; a program elsewhere has its own, because an
installed library may be read-only."""

PLATFORMS = {"arm64": "manylinux2014_aarch64", "x86_64": "manylinux2014_x86_64"}
"""Lambda's processors and the wheels that fit them.
https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-native-libraries"""

FORMAT = "3"
"""Version of the packing; raise it with each change, so that cached bundles are built again."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip entry can have."""

_LEFT_OUT = {"INSTALLER", "REQUESTED", "direct_url.json"}
"""Files of a *.dist-info folder that say how it was installed, not what it is."""


class BundleError(pulumi.RunError):
    """The bundle could not be built; Pulumi prints it without a stack trace."""


def build(runtime: str = defaults.LAMBDA_RUNTIME, architecture: str = defaults.LAMBDA_ARCHITECTURE) -> Path:
    """Build the bundle if its inputs changed.

    Args:
        runtime: Lambda's identifier of the runtime, such as `python3.13`.
        architecture: `arm64` or `x86_64`.

    Returns:
        Path of the zip, relative to the current folder, in which Pulumi runs the program: Pulumi stores the path,
        and an absolute one would differ between machines.

    Raises:
        BundleError: the dependencies could not be installed for that platform.
    """
    program = Path.cwd()
    cache = (ROOT if program.is_relative_to(ROOT) else program) / CACHE
    target = cache / f"holdpoint-{runtime}-{architecture}-{_digest(runtime, architecture)}.zip"
    path = Path(os.path.relpath(target, program))
    if target.exists():
        return path
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        packages = Path(folder, "packages")
        _install(packages, runtime.removeprefix("python"), architecture)
        shutil.copytree(ROOT / "handlers", packages / "handlers", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "facts.py", packages)
        archive = Path(folder, target.name)
        _pack(packages, archive)
        # Another process may build the same bundle: the last one wins, and both are equal.
        archive.replace(target)
    return path


def _digest(runtime: str, architecture: str) -> str:
    digest = hashlib.sha256(f"{FORMAT} {runtime} {architecture}".encode())
    for path in _sources():
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    yield ROOT / "facts.py"
    for path in sorted((ROOT / "handlers").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _install(target: Path, python_version: str, architecture: str) -> None:
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--target", str(target), "--no-deps", "--no-compile", "--only-binary=:all:"),
        *("--platform", PLATFORMS[architecture], "--implementation", "cp", "--python-version", python_version),
        *("--requirement", str(ROOT / "handlers" / "requirements.txt")),
    ]
    # The command consists of constants and validated settings.
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        raise BundleError(
            f"pip could not install handlers/requirements.txt for Python {python_version} on {architecture}:\n"
            f"{result.stderr.strip()}\n"
            "Check that a package index can be reached and that every line has a wheel for that platform."
        )


def _pack(folder: Path, archive: Path) -> None:
    packed = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if _belongs(folder, path)}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, path in packed.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, _record(path, packed.keys()) if path.name == "RECORD" else path.read_bytes())


def _belongs(folder: Path, path: Path) -> bool:
    return not (
        path.is_dir() or "__pycache__" in path.parts or path.name in _LEFT_OUT or path.is_relative_to(folder / "bin")
    )


def _record(path: Path, packed: Collection[str]) -> bytes:
    """Return a package's RECORD without the files that are left out: scripts name this machine's interpreter."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "".join(f"{line}\n" for line in sorted(lines) if line.split(",")[0] in packed).encode()


if __name__ == "__main__":
    print(build())
