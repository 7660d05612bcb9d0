"""Mutants of conditions: of DynamoDB and S3 writes, IAM statements, and rules of a Choice."""

import ast
from collections.abc import Iterator

from tests.mutations import expressions
from tests.mutations.mutant import Change, Finder, Source, called, words

_OPERATORS = {"ArnEquals", "ArnLike", "Bool", "StringEquals", "StringLike"}


def expressions_of_writes(source: Source) -> Iterator[Change]:
    """Return every ConditionExpression, whole and clause by clause."""
    for node in _expressions(source):
        for new, what in expressions.weakened(str(node.value)):
            yield node, repr(new), what


def keys_of_queries(source: Source) -> Iterator[Change]:
    """Return every age comparison of a query, reversed."""
    for node in _given_as(source, "KeyConditionExpression"):
        text = str(node.value)
        for sign, other in (("<=", ">="), (">=", "<=")):
            if sign in text:
                yield node, repr(text.replace(sign, other)), f"{text} turned round"


def writes_of_new_objects(source: Source) -> Iterator[Change]:
    """Return every `IfNoneMatch`, removed."""
    for node in source.nodes(ast.Call):
        assert isinstance(node, ast.Call)
        for keyword in node.keywords:
            if keyword.arg in ("IfNoneMatch", "IfMatch"):
                yield node, source.without_argument(node, keyword), str(keyword.arg)


def conditions_of_statements(source: Source) -> Iterator[Change]:
    """Return the conditions of IAM statements, and each key of them."""
    for node in source.nodes(ast.Call):
        assert isinstance(node, ast.Call)
        for keyword in node.keywords:
            if called(node) == "allow" and keyword.arg == "condition":
                yield node, source.without_argument(node, keyword), "condition"
            elif called(node) == "Permission" and keyword.arg == "source_arn":
                yield node, source.without_argument(node, keyword), "aws:SourceArn"
    for node in source.nodes(ast.Dict):
        assert isinstance(node, ast.Dict)
        keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        if "Effect" in keys and "Condition" in keys:
            yield node, source.without_key(node, node.values[keys.index("Condition")]), "Condition"
        elif keys and set(keys) <= _OPERATORS:
            if _is_set_as_condition(source, node):
                yield node, "{}", "Condition"
            yield from _keys(source, node)


def rules_of_choices(source: Source) -> Iterator[Change]:
    """Return the rules of a Choice: disabled, negated, and clause by clause."""
    for node in source.nodes(ast.Dict):
        assert isinstance(node, ast.Dict)
        entries = {key.value: value for key, value in zip(node.keys, node.values, strict=True) if _is_text(key)}  # type: ignore[union-attr]
        rule = entries.get("Condition")
        if "Next" not in entries or called(rule or node) != "jsonata":
            continue
        assert isinstance(rule, ast.Call)
        text, told = source.text(rule.args[0]), words(rule.args[0])
        yield rule, 'jsonata("false")', f"{told} never"
        yield rule, f'jsonata("$not(" + ({text}) + ")")', f"{told} turned round"
        first, conjunction, second = text.partition(" and ")
        if conjunction and "\n" not in text:
            quote = text[-1]
            yield rule, f"jsonata({first}{quote})", f"without {second.removesuffix(quote)}"
            begin = text[: text.index(quote) + 1]
            yield rule, f"jsonata({begin}{second})", f"without {first.removeprefix(begin)}"


FINDERS: tuple[Finder, ...] = (
    expressions_of_writes,
    keys_of_queries,
    writes_of_new_objects,
    conditions_of_statements,
    rules_of_choices,
)


def _is_set_as_condition(source: Source, node: ast.Dict) -> bool:
    """Return whether the dict is made a statement's condition by `statement["Condition"] = ...`."""
    above = source.parents[node]
    return isinstance(above, ast.Assign) and ast.unparse(above.targets[0]).endswith("['Condition']")


def _keys(source: Source, condition: ast.Dict) -> Iterator[Change]:
    several = len(condition.values) > 1
    for operator, tested in zip(condition.keys, condition.values, strict=True):
        if isinstance(tested, ast.Dict) and len(tested.values) > 1:
            for key, value in zip(tested.keys, tested.values, strict=True):
                yield tested, source.without_key(tested, value), words(key or tested).strip("'")
        elif several:
            yield condition, source.without_key(condition, tested), words(operator or tested).strip("'")


def _expressions(source: Source) -> Iterator[ast.Constant]:
    yield from _given_as(source, "ConditionExpression")
    # A function that takes the expression as an argument: what its callers give.
    for function in ast.walk(source.tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        parameters = [each.arg for each in function.args.args if each.arg != "self"]
        if "condition" in parameters:
            for node in source.nodes(ast.Call):
                if called(node) == function.name and isinstance(node, ast.Call):
                    yield from _constants(source, node.args[parameters.index("condition")])


def _given_as(source: Source, name: str) -> Iterator[ast.Constant]:
    """Return the texts that are given for a key or a keyword."""
    for node in source.nodes(ast.Dict, ast.Call):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name:
                    yield from _constants(source, value)
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == name:
                    yield from _constants(source, keyword.value)


def _constants(source: Source, node: ast.expr) -> Iterator[ast.Constant]:
    """Return the text itself, or that of a constant of the module."""
    if _is_text(node):
        assert isinstance(node, ast.Constant)
        yield node
    elif isinstance(node, ast.Name):
        for each in source.tree.body:
            if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == node.id and _is_text(each.value):
                assert isinstance(each.value, ast.Constant)
                yield each.value


def _is_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
