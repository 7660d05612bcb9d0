"""Mutants of permissions: each statement, action, resource and principal."""

from tests.unit.mutations.conftest import Mutated

NOBODY = '{"Service": "nobody.amazonaws.com"}'


def test_each_statement_is_removed(mutated: Mutated) -> None:
    text = """
    SEND = allow(["x:Send"], ["*"])
    found = [allow(["s3:GetObject"], ["a"]), *read_with_key(key), SEND, *others]
    """
    assert mutated("permission", text) == {
        "s3:GetObject": "found = [*read_with_key(key), SEND, *others]",
        "*read_with_key(key)": 'found = [allow(["s3:GetObject"], ["a"]), SEND, *others]',
        "SEND": 'found = [allow(["s3:GetObject"], ["a"]), *read_with_key(key), *others]',
        "*others": 'found = [allow(["s3:GetObject"], ["a"]), *read_with_key(key), SEND]',
    }


def test_each_action_and_resource_is_removed(mutated: Mutated) -> None:
    assert mutated("permission", 'x = allow(["a:Do", "a:Undo"], [one, two])') == {
        "a:Do": 'x = allow(["a:Undo"], [one, two])',
        "a:Undo": 'x = allow(["a:Do"], [one, two])',
        "a:Do and 1 more on one": 'x = allow(["a:Do", "a:Undo"], [two])',
        "a:Do and 1 more on two": 'x = allow(["a:Do", "a:Undo"], [one])',
    }


def test_first_and_last_of_computed_resources_are_removed(mutated: Mutated) -> None:
    assert mutated("permission", 'x = allow(["a:Do"], targets.functions)') == {
        "a:Do on the first of targets.functions": 'x = allow(["a:Do"], [*targets.functions][1:])',
        "a:Do on the last of targets.functions": 'x = allow(["a:Do"], [*targets.functions][:-1])',
    }


def test_principal_is_replaced(mutated: Mutated) -> None:
    found = mutated("permission", 'x = [{"Effect": "Allow", "Action": "a:Do", "Principal": "*"}]\ny = trust("states")')
    assert found == {
        "allow a:Do": "x = []",
        "principal '*'": f'x = [{{"Effect": "Allow", "Action": "a:Do", "Principal": {NOBODY}}}]',
        "principal 'states'": 'y = trust("nobody.amazonaws.com")',
    }


def test_invoke_permission_is_removed(mutated: Mutated) -> None:
    found = mutated("permission", 'Permission(n, action="lambda:InvokeFunction", principal="events")')
    assert found == {
        "lambda:InvokeFunction": 'Permission(n, action="lambda:GetFunctionConfiguration", principal="events")',
        "principal 'events'": 'Permission(n, action="lambda:InvokeFunction", principal="nobody.amazonaws.com")',
    }


def test_later_addition_is_removed(mutated: Mutated) -> None:
    assert mutated("permission", 'found.append(allow(["a:Do"], ["b"]))') == {"a:Do": "None"}
    assert mutated("permission", "Workflow(name, own_statements=f)") == {"own_statements": "Workflow(name)"}


def test_other_lists_are_kept(mutated: Mutated) -> None:
    assert mutated("permission", 'x = [FAILED, "b", f(c), {"Type": "Fail"}]\nx.append(y)') == {}
