"""The version of this program, which pyproject.toml states."""

from pathlib import Path

_PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def version() -> str:
    """Return the version of the checkout that this is, or of the installed package."""
    # Only `--version` needs these.
    import tomllib
    from importlib import metadata

    if _PROJECT.exists():
        return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])
    return metadata.version("holdpoint")
