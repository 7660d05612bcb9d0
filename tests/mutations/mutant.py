"""One change of the program: the removed part, and its place."""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind = Literal["permission", "condition", "retry", "catch"]
KINDS: tuple[Kind, ...] = ("permission", "condition", "retry", "catch")

Change: TypeAlias = tuple[ast.expr, str, str]
"""An expression, its replacement, and a short description of the removed safeguard."""


@dataclass(frozen=True)
class Mutant:
    """A mutant of the file `path`: `new` replaces its bytes `start` to `end`."""

    kind: Kind
    path: str
    place: str
    what: str
    start: int
    end: int
    new: str
    number: int = 1
    """Counts those that would have the same name."""

    @property
    def id(self) -> str:
        """Return a name that is independent of the code around it."""
        suffix = f" #{self.number}" if self.number > 1 else ""
        return f"{self.kind} {self.path}:{self.place} {self.what}{suffix}"

    def applied(self, source: str) -> str:
        """Return the file's text with the change."""
        text = source.encode()
        return (text[: self.start] + self.new.encode() + text[self.end :]).decode()


PLACED = (ast.expr, ast.keyword, ast.stmt, ast.excepthandler)
"""Nodes that have a place in the text, which are those that finders ask for."""


class Source:
    """A module's text and tree, with every node's ancestors."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.tree = ast.parse(text)
        self._bytes = text.encode()
        self._lines = [0]
        for line in self._bytes.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._nodes = sorted(
            (
                node
                for node in ast.walk(self.tree)
                if isinstance(node, ast.expr | ast.keyword | ast.stmt | ast.excepthandler)
            ),
            key=lambda node: (node.lineno, node.col_offset),
        )
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def text(self, node: ast.AST) -> str:
        """Return the source text of a node."""
        start, end = self.span(node)
        return self._bytes[start:end].decode()

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return the first byte of a node and the one after its last."""
        assert isinstance(node, ast.expr | ast.keyword)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._lines[node.lineno - 1] + node.col_offset, self._lines[node.end_lineno - 1] + node.end_col_offset

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """Return every node of these kinds, in the order of the source."""
        yield from (node for node in self._nodes if isinstance(node, kinds))

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Return the nodes around a node, innermost first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def place(self, node: ast.AST) -> str:
        """Return the function, and the state, that contain a node."""
        functions, states, below = [], [], node
        for above in self.ancestors(node):
            if isinstance(above, ast.FunctionDef | ast.ClassDef):
                functions.append(above.name)
            if isinstance(above, ast.Dict) and below in above.values:
                key = above.keys[above.values.index(below)]
                if isinstance(key, ast.Constant) and _is_a_state(below):
                    states.append(str(key.value))
            if isinstance(above, ast.Assign) and isinstance(above.targets[0], ast.Name) and not functions:
                functions.append(above.targets[0].id)
            below = above
        name = ".".join(reversed(functions)) or "module"
        return f"{name} [{states[0]}]" if states else name

    def without(self, sequence: ast.List | ast.Tuple, element: ast.expr) -> str:
        """Return a list or a tuple without one of its elements."""
        rest = [self.text(each) for each in sequence.elts if each is not element]
        if isinstance(sequence, ast.Tuple):
            return "(" + "".join(f"{each}, " for each in rest) + ")"
        return "[" + ", ".join(rest) + "]"

    def without_key(self, mapping: ast.Dict, value: ast.expr) -> str:
        """Return a dict without one of its entries."""
        pairs = [
            f"**{self.text(each)}" if key is None else f"{self.text(key)}: {self.text(each)}"
            for key, each in zip(mapping.keys, mapping.values, strict=True)
            if each is not value
        ]
        return "{" + ", ".join(pairs) + "}"

    def without_argument(self, call: ast.Call, argument: ast.expr | ast.keyword) -> str:
        """Return a call without one of its arguments."""
        rest = [self.text(each) for each in (*call.args, *call.keywords) if each is not argument]
        return f"{self.text(call.func)}({', '.join(rest)})"


Finder: TypeAlias = Callable[[Source], Iterator[Change]]


def mutants(source: Source, kind: Kind, finders: Sequence[Finder]) -> Iterator[Mutant]:
    """Return the mutants of one kind in a module; those that would have the same name are numbered."""
    seen: dict[str, int] = {}
    for finder in finders:
        for node, new, what in finder(source):
            place = source.place(node)
            name = f"{place} {what}"
            seen[name] = seen.get(name, 0) + 1
            yield Mutant(kind, source.path, place, what, *source.span(node), new, seen[name])


def called(node: ast.AST) -> str:
    """Return the last part of the name of a called function; empty for other nodes."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def words(node: ast.AST) -> str:
    """Return an expression in one line, short enough for a table."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 70 else f"{text[:67]}..."


def _is_a_state(node: ast.AST) -> bool:
    keys = {key.value for key in node.keys if isinstance(key, ast.Constant)} if isinstance(node, ast.Dict) else set()
    return bool(keys & {"Type", "Catch"})
