"""A bundler of the console's drawing modules into one script, for a file that cannot load others."""

import re
from pathlib import Path, PurePosixPath

FOLDER = Path(__file__).parents[2] / "console" / "static"
"""The console serves the same modules, so that both draw with the same code."""

_IMPORT = re.compile(
    r"^import\s+(?:\{(?P<names>[^}]*)\}|\*\s+as\s+(?P<all>\w+))\s+from\s+\"(?P<path>[^\"]+)\";$", re.MULTILINE
)
_DECLARED = re.compile(r"^export\s+(?=(?:async\s+)?(?:function|const|let|class)\s+(\w+))", re.MULTILINE)
_LISTED = re.compile(r"^(.*?)export\{([^}]*)\};", re.DOTALL)
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def script(entry: str) -> str:
    """Return the module `entry` with all its imports, each in its own scope, as one classic script.

    Raises:
        ValueError: a module has an unsupported form of import or export.
    """
    order: list[str] = []
    _visit(entry, order, ())
    return '"use strict";\n' + "\n".join(_wrapped(name) for name in order)


def _visit(name: str, order: list[str], path: tuple[str, ...]) -> None:
    """Append a module after all its imports."""
    if name in path:
        raise ValueError(f"these modules import each other: {' -> '.join((*path, name))}")
    if name in order:
        return
    for found in _IMPORT.finditer(_read(name)):
        _visit(_resolved(name, found["path"]), order, (*path, name))
    order.append(name)


def _wrapped(name: str) -> str:
    source = _SOURCE_MAP.sub("", _read(name))
    source = _IMPORT.sub(lambda found: _taken(name, found), source)
    exported = dict.fromkeys(_DECLARED.findall(source))
    given = {each: each for each in exported}
    source = _DECLARED.sub("", source)
    listed = _LISTED.search(source) if not given else None
    if listed:
        for each in listed[2].split(","):
            inside, _, outside = each.strip().partition(" as ")
            given[outside or inside] = inside
        source = source[: listed.end(1)] + source[listed.end() :]
    if re.search(r"^(?:import|export)\b", source, re.MULTILINE):
        raise ValueError(f"{name} has an import or export that cannot be put into one script")
    given.pop("default", None)
    returned = ", ".join(f"{outside}: {inside}" for outside, inside in given.items())
    return f"const {_variable(name)} = (() => {{\n{source}\nreturn {{ {returned} }};\n}})();"


def _taken(importer: str, found: re.Match[str]) -> str:
    variable = _variable(_resolved(importer, found["path"]))
    if found["all"]:
        return f"const {found['all']} = {variable};"
    return f"const {{{found['names'].replace(' as ', ': ')}}} = {variable};"


def _resolved(importer: str, path: str) -> str:
    # Modules import only from their own folder or from one below.
    return str(PurePosixPath(importer).parent / path)


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name)


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
