"""The version of this program, from pyproject.toml."""

from pathlib import Path

_PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def version() -> str:
    """Return the version of this checkout, or of the installed package."""
    # Imported here because only `--version` needs them.
    import tomllib
    from importlib import metadata

    if _PROJECT.exists():
        return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])
    return metadata.version("holdpoint")
