"""Every part of a permission is taken away in its turn."""

from tests.unit.mutations.conftest import Mutated

NOBODY = '{"Service": "nobody.amazonaws.com"}'


def test_a_list_of_statements_loses_each(mutated: Mutated) -> None:
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


def test_a_statement_loses_each_action_and_each_resource(mutated: Mutated) -> None:
    assert mutated("permission", 'x = allow(["a:Do", "a:Undo"], [one, two])') == {
        "a:Do": 'x = allow(["a:Undo"], [one, two])',
        "a:Undo": 'x = allow(["a:Do"], [one, two])',
        "a:Do and 1 more on one": 'x = allow(["a:Do", "a:Undo"], [two])',
        "a:Do and 1 more on two": 'x = allow(["a:Do", "a:Undo"], [one])',
    }


def test_resources_that_are_made_elsewhere_lose_the_first_and_the_last(mutated: Mutated) -> None:
    assert mutated("permission", 'x = allow(["a:Do"], targets.functions)') == {
        "a:Do on the first of targets.functions": 'x = allow(["a:Do"], [*targets.functions][1:])',
        "a:Do on the last of targets.functions": 'x = allow(["a:Do"], [*targets.functions][:-1])',
    }


def test_whom_a_policy_trusts_is_nobody(mutated: Mutated) -> None:
    found = mutated("permission", 'x = [{"Effect": "Allow", "Action": "a:Do", "Principal": "*"}]\ny = trust("states")')
    assert found == {
        "allow a:Do": "x = []",
        "principal '*'": f'x = [{{"Effect": "Allow", "Action": "a:Do", "Principal": {NOBODY}}}]',
        "principal 'states'": 'y = trust("nobody.amazonaws.com")',
    }


def test_a_function_is_invoked_by_nobody(mutated: Mutated) -> None:
    found = mutated("permission", 'Permission(n, action="lambda:InvokeFunction", principal="events")')
    assert found == {
        "lambda:InvokeFunction": 'Permission(n, action="lambda:GetFunctionConfiguration", principal="events")',
        "principal 'events'": 'Permission(n, action="lambda:InvokeFunction", principal="nobody.amazonaws.com")',
    }


def test_what_is_added_later_is_not(mutated: Mutated) -> None:
    assert mutated("permission", 'found.append(allow(["a:Do"], ["b"]))') == {"a:Do": "None"}
    assert mutated("permission", "Workflow(name, own_statements=f)") == {"own_statements": "Workflow(name)"}


def test_other_lists_stay(mutated: Mutated) -> None:
    assert mutated("permission", 'x = [FAILED, "b", f(c), {"Type": "Fail"}]\nx.append(y)') == {}
