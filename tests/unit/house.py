"""House rules as functions of a source text: imports, lengths and names of files."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path

OURS = frozenset(
    {
        "__main__",
        "asl",
        "bench",
        "components",
        "console",
        "examples",
        "facts",
        "handlers",
        "ops",
        "policy",
        "rules",
        "sandbox",
        "tests",
        "tools",
    }
)
"""The top-level packages, and `rules`, the modules of `policy`, which the Pulumi CLI runs from its own folder."""

ARROWS: Mapping[str, Set[str]] = {
    "__main__": {"components"},
    "components": {"components", "asl", "facts"},
    "asl": {"asl", "facts"},
    "handlers": {"handlers", "facts"},
    "ops": {"ops", "handlers", "asl", "facts"},
    "console": {"console", "ops", "handlers"},
    "policy": {"rules"},
    "facts": set(),
}
"""The packages that each part may import. Nothing here imports a package that is not listed. Nor is the policy pack
imported by anything: it is handed to the Pulumi CLI, and knows resources only."""

DEPLOYS = frozenset({"pulumi", "pulumi_aws", "pulumi_random"})

MAX_LINES = 250

VAGUE_NAMES = frozenset({"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"})

_LOCAL_PATH = re.compile(r"(?<![\w.:/-])(/(?:home|Users|root|work)/[\w.-]+|[A-Z]:\\+Users\\+\w+)")


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Return the line and top-level package of every import, at any depth; `.` for a relative one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name.partition(".")[0]) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." if node.level else str(node.module).partition(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("__import__", "importlib.import_module"):
            yield node.lineno, "(by a call)"


def wrong_imports(part: str, source: str) -> list[str]:
    """Return the forbidden imports of a file of `part`."""
    found = []
    for line, package in imports(source):
        if package in ("(by a call)", "."):
            reason = "hides what it imports"
        elif package in OURS and package not in ARROWS[part]:
            reason = f"{part} must not import {package}"
        elif part == "asl" and package not in OURS and package not in sys.stdlib_module_names:
            reason = f"asl has the standard library only, not {package}"
        elif part == "handlers" and package in DEPLOYS:
            reason = f"handlers must not import {package}"
        elif part == "__main__" and package in DEPLOYS - {"pulumi"}:
            reason = f"__main__ has no resources of its own, and no use for {package}"
        else:
            continue
        found.append(f"line {line}: {reason}")
    return found


def two_way_imports(sources: Mapping[Path, str]) -> list[str]:
    """Return the pairs of packages such as `sandbox.iam`, or of modules beside them, that import each other.

    Imports for annotations only do not count.
    """
    arrows = {
        (_package(path.with_suffix("").parts), _package(name.split(".")))
        for path, source in sources.items()
        for name in _imported_names(ast.parse(source))
    }
    return sorted(f"{one} and {other}" for one, other in arrows if one < other and (other, one) in arrows)


def _package(parts: Sequence[str]) -> str:
    return ".".join(part for part in parts[:2] if part != "__init__")


def _imported_names(node: ast.AST) -> Iterator[str]:
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.Import):
            yield from (name.name for name in inner.names)
        elif isinstance(inner, ast.ImportFrom):
            yield from (f"{inner.module}.{name.name}" for name in inner.names)
        elif isinstance(inner, ast.stmt) and not (
            isinstance(inner, ast.If) and ast.unparse(inner.test) == "TYPE_CHECKING"
        ):
            yield from _imported_names(inner)


def too_long(source: str) -> bool:
    """Return whether a file must be split."""
    return len(source.splitlines()) > MAX_LINES


def is_vague(path: Path) -> bool:
    """Return whether the name of a module or folder says nothing about its content."""
    return any(word in VAGUE_NAMES for part in path.with_suffix("").parts for word in part.split("_"))


def local_paths(text: str) -> list[str]:
    """Return the paths that exist on one machine only."""
    return _LOCAL_PATH.findall(text)
