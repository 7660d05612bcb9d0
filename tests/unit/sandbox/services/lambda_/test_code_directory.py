"""Unpacked code of functions, without packages that this interpreter has."""

import zipfile
from pathlib import Path

import pytest

from sandbox.services.lambda_.code_directory import unpack
from tests.unit.sandbox.services.aws import Aws, archive

BUNDLE = {
    "handlers/app.py": "import pydantic\ndef handler(event, context):\n    return pydantic.BaseModel.__name__",
    "pydantic/__init__.py": "raise ImportError('built for another platform')",
    "pydantic-2.0.dist-info/RECORD": "pydantic/__init__.py,,\npydantic-2.0.dist-info/RECORD,,\n",
    "only_here/__init__.py": "VALUE = 1",
    "only_here-1.0.dist-info/RECORD": "only_here/__init__.py,,\n",
    "tests/__init__.py": "",
}


def test_installed_packages_are_left_out(tmp_path: Path) -> None:
    code = unpack(archive(BUNDLE), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "handlers",
        "only_here",
        "only_here-1.0.dist-info",
        "tests",
    ]
    assert {"handlers", "pydantic", "only_here", "tests"} <= set(code.packages)


def test_a_bundled_package_is_imported_from_this_interpreter(aws: Aws) -> None:
    aws.function("bundled", "", files=BUNDLE, Handler="handlers.app.handler")
    assert aws.invoke("bundled")["Payload"] == "BaseModel"


def test_invalid_zip_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(zipfile.BadZipFile):
        unpack(b"no zip", tmp_path)
