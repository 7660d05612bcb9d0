"""Public components: exported, each with an example of valid arguments."""

import ast
import inspect
import textwrap

import pulumi
import pytest

import components

PUBLIC = {name: getattr(components, name) for name in components.__all__}
CLASSES = [value for value in PUBLIC.values() if isinstance(value, type)]
COMPONENTS = [value for value in CLASSES if issubclass(value, pulumi.ComponentResource)]


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.__name__)
def test_a_component_has_an_example_with_arguments_that_exist(component: type[pulumi.ComponentResource]) -> None:
    _, _, example = inspect.cleandoc(component.__doc__ or "").partition("Example:\n")
    calls = [node for node in ast.walk(ast.parse(textwrap.dedent(example))) if isinstance(node, ast.Call)]
    named = {ast.unparse(call.func): {str(keyword.arg) for keyword in call.keywords} for call in calls}
    assert component.__name__ in named
    arguments = PUBLIC[f"{component.__name__}Args"]
    given = named[arguments.__name__]
    fields = inspect.signature(arguments).parameters
    assert given <= set(fields)
    assert {name for name, field in fields.items() if field.default is inspect.Parameter.empty} <= given
