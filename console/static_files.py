"""The static files of the console's page."""

from functools import cache
from pathlib import Path

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

FOLDER = Path(__file__).parent / "static"

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def serve(name: str) -> Response:
    """Answer with a file of the folder; `name` is its path in it, empty for the page itself.

    Raises:
        NotFound: there is no such file.
    """
    file = _files().get(name or "index.html")
    if file is None:
        raise NotFound(f"The console has no {name}")
    return Response(file.read_bytes(), mimetype=_TYPES[file.suffix])


@cache
def _files() -> dict[str, Path]:
    """Return every file that may be served, by its path; no other path is read."""
    return {str(file.relative_to(FOLDER)): file for file in FOLDER.rglob("*") if file.suffix in _TYPES}
