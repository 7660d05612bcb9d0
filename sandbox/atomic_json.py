"""Files that no reader ever sees a part of."""

import json
import tempfile
from pathlib import Path
from typing import Any


def write_whole(path: Path, content: Any) -> None:
    """Write JSON to a neighbouring file, which is then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    # A temporary file is readable by its owner only; this file gets the usual permissions of the folder.
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
