"""Mutants of retriers, catchers and their errors."""

from tests.unit.mutations.conftest import Mutated


def test_each_retrier_of_a_state_is_removed(mutated: Mutated) -> None:
    text = 'x = [never_retry(A, B), retry(("C", "D"), times=1)]'
    assert mutated("retry", text) == {
        "never_retry(A, B)": 'x = [retry(("C", "D"), times=1)]',
        "retry(('C', 'D'), times=1)": "x = [never_retry(A, B)]",
        "never_retry A": 'x = [never_retry(B), retry(("C", "D"), times=1)]',
        "never_retry B": 'x = [never_retry(A), retry(("C", "D"), times=1)]',
        "retry 'C'": 'x = [never_retry(A, B), retry(("D", ), times=1)]',
        "retry 'D'": 'x = [never_retry(A, B), retry(("C", ), times=1)]',
    }


def test_final_and_retried_errors_of_an_sdk_call_are_removed(mutated: Mutated) -> None:
    assert list(mutated("retry", "x = f(retries=retry_sdk_call(A))").values()) == [
        "x = f(retries=retry_sdk_call(A)[1:])",
        "x = f(retries=retry_sdk_call(A)[:1])",
        "x = f(retries=retry_sdk_call())",
    ]


def test_each_error_of_a_named_list_is_removed(mutated: Mutated) -> None:
    text = """
    TRANSIENT_A = (*(f"Code.{code}" for code in (429, 500)), "A.B", C)
    MISSING = ("CError", "D.E")
    NAMES = ("f", "g")
    """
    assert mutated("retry", text) == {
        "429": 'TRANSIENT_A = (*(f"Code.{code}" for code in (500, )), "A.B", C)',
        "500": 'TRANSIENT_A = (*(f"Code.{code}" for code in (429, )), "A.B", C)',
        "A.B": 'TRANSIENT_A = (*(f"Code.{code}" for code in (429, 500)), C, )',
        "C": 'TRANSIENT_A = (*(f"Code.{code}" for code in (429, 500)), "A.B", )',
    }
    assert mutated("catch", text) == {"CError": 'MISSING = ("D.E", )', "D.E": 'MISSING = ("CError", )'}


def test_other_retries_are_removed(mutated: Mutated) -> None:
    assert mutated("retry", 'Target(n, retry_policy={"a": 1})') == {"retry_policy": "Target(n)"}
    assert mutated("retry", "PAUSES = (1, 2)") == {"PAUSES": "PAUSES = ()"}


def test_each_catcher_of_a_state_is_removed(mutated: Mutated) -> None:
    assert list(mutated("catch", 'x = {"Catch": [see(A), *give_up(b)]}').values()) == [
        'x = {"Catch": [*give_up(b)]}',
        'x = {"Catch": [see(A), *give_up(b)[1:]]}',
        'x = {"Catch": [see(A), *give_up(b)[:-1]]}',
    ]
    assert list(mutated("catch", 'x = {"Catch": give_up()}').values()) == [
        'x = {"Catch": give_up()[1:]}',
        'x = {"Catch": give_up()[:-1]}',
    ]


def test_each_catcher_of_a_function_is_removed(mutated: Mutated) -> None:
    assert list(mutated("catch", "def f() -> list[State]:\n    return [fail(A), go_on(B)]").values()) == [
        "return [go_on(B)]",
        "return [fail(A)]",
    ]
    assert mutated("catch", "def f() -> list[State]:\n    return [never_retry(A)]") == {}


def test_one_catcher_of_an_expression_is_removed(mutated: Mutated) -> None:
    assert mutated("catch", 'x = [{"ErrorEquals": list(e)} for e in ((A, B), ("C",))]') == {
        "catcher (A, B)": 'x = [{"ErrorEquals": list(e)} for e in (("C",), )]',
        "catcher ('C',)": 'x = [{"ErrorEquals": list(e)} for e in ((A, B), )]',
    }


def test_except_clause_is_removed(mutated: Mutated) -> None:
    text = "try:\n    f()\nexcept (A, B) as error:\n    g(error)"
    assert mutated("catch", text) == {
        "except (A, B)": "except () as error:",
        "except A of several": "except (B, ) as error:",
        "except B of several": "except (A, ) as error:",
    }
