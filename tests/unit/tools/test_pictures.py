"""The pictures of the documentation are those that the tool takes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.pictures import IMAGES, NAMES

ROOT = Path(__file__).parents[3]


@pytest.mark.soak
@pytest.mark.skipif(not any(map(shutil.which, NAMES)), reason="there is no Chromium on this machine")
def test_tool_takes_every_picture_of_the_documentation(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "tools.pictures", str(tmp_path)], cwd=ROOT, check=True)
    assert {each.name for each in tmp_path.iterdir()} == {each.name for each in IMAGES.iterdir()}
