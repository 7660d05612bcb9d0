"""Mutants of permissions: an action, a resource, a statement, or a principal."""

import ast
from collections.abc import Iterator

from tests.mutations.mutant import Change, Finder, Source, called, words

NOBODY = '"nobody.amazonaws.com"'
_GIVERS = {"allow", "deny_plain_http"}
_WITH_KEY = {"read_with_key", "write_with_key"}


def statements(source: Source) -> Iterator[Change]:
    """Return every statement in a list of statements."""
    for node in source.nodes(ast.List):
        assert isinstance(node, ast.List)
        if any(_is_statement(source, element) for element in node.elts):
            for element in node.elts:
                yield node, source.without(node, element), _told(element)
    for node in source.nodes(ast.Call):
        if called(node) == "append" and isinstance(node, ast.Call) and _is_statement(source, node.args[0]):
            yield node, "None", _told(node.args[0])


def actions_and_resources(source: Source) -> Iterator[Change]:
    """Return every action and every resource where a statement has several."""
    for node in source.nodes(ast.Call):
        if called(node) not in _GIVERS or not isinstance(node, ast.Call):
            continue
        actions, resources = node.args[:2]
        told = _told(node)
        if isinstance(actions, ast.List) and len(actions.elts) > 1:
            for action in actions.elts:
                yield actions, source.without(actions, action), words(action).strip("'")
        if not isinstance(resources, ast.List):
            # A list that is made elsewhere, or of the members of another one.
            yield resources, f"[*{source.text(resources)}][1:]", f"{told} on the first of {words(resources)}"
            yield resources, f"[*{source.text(resources)}][:-1]", f"{told} on the last of {words(resources)}"
        elif len(resources.elts) > 1:
            for resource in resources.elts:
                yield resources, source.without(resources, resource), f"{told} on {words(resource)}"


def principals(source: Source) -> Iterator[Change]:
    """Return the principals that a role or a resource trusts."""
    for node in source.nodes(ast.Dict):
        assert isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "Principal":
                yield value, f'{{"Service": {NOBODY}}}', f"principal {words(value)}"
    for node in source.nodes(ast.Call):
        if called(node) in ("trust", "trust_for") and isinstance(node, ast.Call):
            yield node.args[0], NOBODY, f"principal {words(node.args[0])}"


def permissions_of_functions(source: Source) -> Iterator[Change]:
    """Return the permissions to invoke a Lambda function."""
    for node in source.nodes(ast.Call):
        if called(node) == "Permission" and isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "action":
                    yield keyword.value, '"lambda:GetFunctionConfiguration"', words(keyword.value).strip("'")
                elif keyword.arg == "principal":
                    yield keyword.value, NOBODY, f"principal {words(keyword.value)}"


def handed_on(source: Source) -> Iterator[Change]:
    """Return the statements that one component passes to another."""
    for node in source.nodes(ast.Call):
        assert isinstance(node, ast.Call)
        for keyword in node.keywords:
            if keyword.arg == "own_statements":
                yield node, source.without_argument(node, keyword), "own_statements"


FINDERS: tuple[Finder, ...] = (
    statements,
    actions_and_resources,
    principals,
    permissions_of_functions,
    handed_on,
)


def _is_statement(source: Source, node: ast.expr) -> bool:
    if isinstance(node, ast.Starred):
        return any(called(each) in _WITH_KEY for each in ast.walk(node))
    if isinstance(node, ast.Dict):
        return any(isinstance(key, ast.Constant) and key.value == "Effect" for key in node.keys)
    if isinstance(node, ast.Name):
        return called(_assigned(source, node.id)) in _GIVERS or node.id in _imported(source, "components.policies")
    return called(node) in _GIVERS or _gives(source, called(node)) == "Statement"


def _assigned(source: Source, name: str) -> ast.AST:
    """Return the value of a variable of the module."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            return node.value
    return ast.Pass()


def _imported(source: Source, module: str) -> set[str]:
    """Return the constants that a module has from another one."""
    imports = [node for node in source.tree.body if isinstance(node, ast.ImportFrom) and node.module == module]
    return {name.name for node in imports for name in node.names if name.name.isupper()}


def _gives(source: Source, function: str) -> str:
    """Return the annotated return type of a function of the module."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef) and node.name == function and node.returns is not None:
            return ast.unparse(node.returns)
    return ""


def _told(node: ast.expr) -> str:
    """Return a statement by its actions."""
    if called(node) in _GIVERS and isinstance(node, ast.Call) and isinstance(node.args[0], ast.List):
        first, *others = (words(action).strip("'") for action in node.args[0].elts)
        told = f"{first} and {len(others)} more" if others else first
        return f"deny {told}" if called(node) == "deny_plain_http" else told
    if isinstance(node, ast.Dict):
        entries = dict(zip((ast.unparse(key) for key in node.keys if key), node.values, strict=False))
        effect, action = (words(entries[repr(key)]).strip("'") for key in ("Effect", "Action"))
        return f"{effect.lower()} {action}"
    return words(node)
