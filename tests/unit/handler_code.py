"""Reader of a Lambda function's source: the AWS calls and environment variables of the handler and its imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

IAM_PREFIXES = {
    "dynamodb": "dynamodb",
    "s3": "s3",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "stepfunctions": "states",
}
"""The names of boto3's clients, and the services' prefixes in IAM actions."""


def environment(handler: str) -> set[str]:
    """Return the environment variables that are read behind a handler such as `handlers.sweeper.sweep.handler`."""
    return {
        node.slice.value
        for tree in _modules(handler)
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and ast.unparse(node.value) == "os.environ"
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    }


def aws_actions(handler: str) -> set[str]:
    """Return the IAM actions of the AWS calls behind a handler; an imported module counts as a whole."""
    return {action for tree in _modules(handler) for action in _actions(tree)}


def _modules(handler: str) -> list[ast.Module]:
    found: dict[str, ast.Module] = {}
    pending = [handler.rpartition(".")[0]]
    while pending:
        module = pending.pop()
        path = ROOT.joinpath(*module.split("."))
        file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        if module in found or not file.exists():
            continue
        found[module] = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(found[module]):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("handlers"):
                pending += [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
    return list(found.values())


def _actions(tree: ast.Module) -> Iterator[str]:
    """Return the calls of `self._client`, in a module that makes its client by `client("<service>")`."""
    services = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "client"
        and isinstance(node.args[0], ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
            yield from (f"dynamodb:{write}Item" for write in ("Put", "Update", "Delete") if write in keys)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if ast.unparse(node.func.value) != "self._client":
            continue
        (service,) = services
        method = node.func.attr
        if method == "transact_write_items":
            # IAM asks for the rights of the writes inside, which are dicts of the tables' modules.
            continue
        if method == "get_paginator":
            assert isinstance(node.args[0], ast.Constant)
            method = str(node.args[0].value)
        yield f"{IAM_PREFIXES[str(service)]}:{''.join(map(str.capitalize, method.split('_')))}"
