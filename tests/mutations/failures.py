"""Mutants of retriers and catchers."""

import ast
import re
from collections.abc import Iterator

from tests.mutations.mutant import Change, Finder, Source, called, words

_RETRIERS = {"retry", "never_retry"}
_ERROR = re.compile(r"\.|Error$")
"""The pattern of error names: AWS's have a dot, ours have this suffix."""


def retriers(source: Source) -> Iterator[Change]:
    """Return every retrier of a list, those that a call policy builds, and each half of what `retry_sdk_call` gives."""
    for node in source.nodes(ast.List):
        assert isinstance(node, ast.List)
        for element in node.elts:
            if called(element) in _RETRIERS:
                yield node, source.without(node, element), words(element)
    for node in source.nodes(ast.Call):
        if called(node) == "retry_sdk_call":
            assert isinstance(node, ast.expr)
            yield node, f"{source.text(node)}[1:]", f"{words(node)}, what is final"
            yield node, f"{source.text(node)}[:1]", f"{words(node)}, what is tried again"
        elif called(node) == "retries":
            assert isinstance(node, ast.expr)
            yield node, "[]", words(node)


def retried_errors(source: Source) -> Iterator[Change]:
    """Return every error of a retrier that names several."""
    for node in source.nodes(ast.Call):
        if not isinstance(node, ast.Call):
            continue
        if called(node) in ("never_retry", "retry_sdk_call"):
            if len(node.args) > 1 or called(node) == "retry_sdk_call":
                for argument in node.args:
                    yield node, source.without_argument(node, argument), f"{called(node)} {words(argument)}"
        elif called(node) == "retry" and isinstance(node.args[0], ast.Tuple) and len(node.args[0].elts) > 1:
            for error in node.args[0].elts:
                yield node.args[0], source.without(node.args[0], error), f"retry {words(error)}"
    yield from _named(source, retried=True)


def retries_of_calls(source: Source) -> Iterator[Change]:
    """Return the other retries: EventBridge's, botocore's, and our own pauses between attempts."""
    for node in source.nodes(ast.Call):
        assert isinstance(node, ast.Call)
        for keyword in node.keywords:
            if keyword.arg in ("retry_policy", "retries") and isinstance(keyword.value, ast.Dict):
                yield node, source.without_argument(node, keyword), str(keyword.arg)
    for each in source.tree.body:
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "PAUSES":
            yield each.value, "()", "PAUSES"


def catchers(source: Source) -> Iterator[Change]:
    """Return every catcher of a state."""
    for node in source.nodes(ast.Dict):
        assert isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True):
            if not isinstance(key, ast.Constant) or key.value != "Catch":
                continue
            if isinstance(value, ast.List):
                for number, element in enumerate(value.elts, 1):
                    if isinstance(element, ast.Starred):
                        inner = source.text(element.value)
                        for cut, which in (("[1:]", "first"), ("[:-1]", "last")):
                            new = source.text(value).replace(f"*{inner}", f"*{inner}{cut}")
                            yield value, new, f"catcher {number}, {which} of {words(element.value)}"
                    else:
                        yield value, source.without(value, element), f"catcher {number}, {words(element)}"
            elif isinstance(value, ast.Call):
                for cut, which in (("[1:]", "first"), ("[:-1]", "last")):
                    yield value, f"{source.text(value)}{cut}", f"catchers, {which} of {words(value)}"


def catchers_of_a_function(source: Source) -> Iterator[Change]:
    """Return every catcher in a list that a function gives."""
    for function in ast.walk(source.tree):
        if not isinstance(function, ast.FunctionDef) or ast.unparse(function.returns or function.args) != "list[State]":
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and isinstance(node.value, ast.List):
                for number, element in enumerate(node.value.elts, 1):
                    if called(element) not in _RETRIERS:
                        yield node.value, source.without(node.value, element), f"catcher {number}, {words(element)}"


def catchers_made_of_a_list(source: Source) -> Iterator[Change]:
    """Return every catcher of those that are made by one expression."""
    for node in source.nodes(ast.ListComp):
        assert isinstance(node, ast.ListComp)
        keys = [ast.unparse(key) for key in node.elt.keys if key] if isinstance(node.elt, ast.Dict) else []
        members = node.generators[0].iter
        if repr("ErrorEquals") in keys and isinstance(members, ast.Tuple):
            for member in members.elts:
                yield members, source.without(members, member), f"catcher {words(member)}"


def caught_errors(source: Source) -> Iterator[Change]:
    """Return every error of the named lists that catchers look for."""
    yield from _named(source, retried=False)


def exceptions(source: Source) -> Iterator[Change]:
    """Return every `except` of a handler."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            yield node.type, "()", f"except {words(node.type)}"
            if isinstance(node.type, ast.Tuple):
                for element in node.type.elts:
                    yield node.type, source.without(node.type, element), f"except {words(element)} of several"


RETRIES: tuple[Finder, ...] = (retriers, retried_errors, retries_of_calls)
CATCHES: tuple[Finder, ...] = (catchers, catchers_of_a_function, catchers_made_of_a_list, caught_errors, exceptions)


def _named(source: Source, *, retried: bool) -> Iterator[Change]:
    """Return the errors of the tuples that a module of asl gives names to: TRANSIENT_* are tried again."""
    if not source.path.startswith("asl/"):
        return
    for each in source.tree.body:
        if not isinstance(each, ast.Assign) or not isinstance(each.value, ast.Tuple):
            continue
        if not isinstance(each.targets[0], ast.Name):
            continue
        if ast.unparse(each.targets[0]).startswith("TRANSIENT_") != retried:
            continue
        for member in each.value.elts:
            inner = [
                comp.iter for node in ast.walk(member) if isinstance(node, ast.GeneratorExp) for comp in node.generators
            ]
            if inner and isinstance(inner[0], ast.Tuple):
                for element in inner[0].elts:
                    yield inner[0], source.without(inner[0], element), words(element)
            elif isinstance(member, ast.Name):
                yield each.value, source.without(each.value, member), member.id
            elif isinstance(member, ast.Constant) and _ERROR.search(str(member.value)):
                yield each.value, source.without(each.value, member), str(member.value)
