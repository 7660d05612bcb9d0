"""JSONata expressions, evaluated as AWS does."""

import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.interpreter import jsonata


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("2.0", 2),
        ("$x / 4", 1.75),
        ("[1..4]", [1, 2, 3, 4]),
        ("$range(0, 10, 3)", [0, 3, 6, 9]),
        ("$range(5, 1, -2)", [5, 3, 1]),
        ("$range(5, 1, 1)", []),
        ("$partition([1..5], 2)", [[1, 2], [3, 4], [5]]),
        ("$hash('a', 'SHA-1')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("$hash('a', 'MD5')", "0cc175b9c0f1b6a831c399e269772661"),
        ("$parse('{\"a\": [null, 1.0]}')", {"a": [None, 1]}),
        ("$map(['1', '2'], $parse)", [1, 2]),
        ("$parse('null')", None),
        (f"$parse('[1e999, -{'9' * 400}, {'9' * 5_000}]')", [None, None, None]),
        ("$type($parse('null'))", "null"),
        ("$parse('[1]')", [1]),
        ('$replace("68F", /(\\d+)F/, function($m){ $m.groups[0] & "C" })', "68C"),
        ("'order-' & $id", "order-1790000000000123"),
        (
            "$sort([{'k': 1, 'n': 'a'}, {'k': 0, 'n': 'b'}, {'k': 1, 'n': 'c'}], function($l, $r){$l.k > $r.k}).n & ''",
            '["b","a","c"]',
        ),
        ("$type($absent ? 1 : null)", "null"),
        ("[$items, $nothing]", [None, 1, None]),
        ("$nothing", None),
        ("$items[0]", None),
        ("$count($items)", 2),
        ("$object.empty", None),
        ("{'kept': $object.empty, 'left out': $object.absent}", {"kept": None}),
        ("$quoted", 'a "b"\n\'c\' \\ $eval("1")'),
        ("$sum($orders.price)", 3),
        ("$orders[price > 1].name", "b"),
    ],
)
def test_an_expression_gives_plain_json(expression: str, value: Any) -> None:
    variables = {
        "x": 7,
        "nothing": None,
        "items": [None, 1],
        "id": 1790000000000123,
        "object": {"empty": None},
        "quoted": 'a "b"\n\'c\' \\ $eval("1")',
        "orders": [{"name": "a", "price": 1}, {"name": "b", "price": 2}],
    }

    found = jsonata.evaluate(expression, variables)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "expression",
    ["$absent", "$object.absent", "$items[9]", "$filter([1, 2], function($v){false})", "$parse($absent)", "$sum"],
)
def test_empty_selection_is_undefined(expression: str) -> None:
    assert jsonata.evaluate(expression, {"object": {}, "items": []}) is jsonata.UNDEFINED


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("1 + 'a'", "T2002"),
        ("$eval('1')", "T1006"),
        ("$absent()", "T1006"),
        ("$parse('{')", "D3120"),
        ("$hash('a', 'CRC32')", "T0410"),
        ("$error('told so')", "told so"),
        ("1 +", "S0207"),
    ],
)
def test_failed_evaluation_is_an_error(expression: str, code: str) -> None:
    with pytest.raises(jsonata.QueryError, match=code):
        jsonata.evaluate(expression, {})


def test_a_number_beyond_a_double_is_out_of_range() -> None:
    with pytest.raises(jsonata.QueryError, match="D1001: Number out of range"):
        jsonata.evaluate("$large * 2", {"large": 10**400})
    assert jsonata.evaluate("[$large, $large > 5]", {"large": 10**400}) == [10**400, True]


def test_syntax_is_checked_without_evaluating() -> None:
    jsonata.check("$absent.field")
    with pytest.raises(jsonata.QueryError, match="S0"):
        jsonata.check("{'a': }")


@pytest.mark.parametrize("expression", ["-5 ?: 99", "$a ?? 1", "$f(/(?:a)/) ?? 1", "'it''s' ?: 1", "a /b/ c ?? 1"])
def test_operators_that_are_newer_than_jsonata_2_0_6_are_refused(expression: str) -> None:
    with pytest.raises(jsonata.QueryError, match=r"2\.0\.6"):
        jsonata.check(expression)


@pytest.mark.parametrize(
    "expression",
    [
        '\'?: ??\' & "\\"?:"',
        "$contains($s, /(?:a|\\/)??/)",
        "$s /* really?? */",
        "`a??`.b",
        "($f := function($n)<n?:n>{$n}; $f(1))",
        "$s ? /a??/ : 1",
        "'x' in /[?:]??/",
    ],
)
def test_letters_of_newer_operators_elsewhere_are_accepted(expression: str) -> None:
    jsonata.check(expression)


def test_an_evaluation_that_nests_too_deeply_is_an_error() -> None:
    down = "($f := function($n){ $n = 0 ? 0 : 1 + $f($n - 1) }; $f($depth))"

    assert jsonata.evaluate(down, {"depth": 30}) == 30
    with pytest.raises(jsonata.QueryError, match="D1011"):
        jsonata.evaluate(down, {"depth": 40})


@pytest.mark.parametrize(
    "expression",
    [
        "[1..2000000]",
        "($f := function($n, $t){ $n = 0 ? $t : $f($n - 1, $t & $t) }; $length($f(40, 'aaaaa')))",
        "$map([1..100], function($n){ [1..100000] })",
    ],
)
def test_an_evaluation_that_needs_too_much_memory_is_an_error(expression: str) -> None:
    with pytest.raises(jsonata.QueryError, match="U1001"):
        jsonata.evaluate(expression, {})


def test_an_endless_evaluation_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonata, "MAX_SECONDS", 0.01)

    with pytest.raises(jsonata.QueryError, match="D1012"):
        jsonata.evaluate("($f := function(){ $f() }; $f())", {})


def test_engine_gets_only_the_data_that_an_expression_reads() -> None:
    class Unread:
        """No JSON."""

    rows = [{"n": 1, "rest": Unread()}, {"n": 2, "rest": Unread()}]

    assert jsonata.evaluate("$sum($d.rows.n) + $count($d.rows)", {"d": {"rows": rows, "rest": Unread()}}) == 5


def test_random_takes_a_seed_and_uuid_is_version_4() -> None:
    assert jsonata.evaluate("$random(7)", {}) == random.Random(7).random()
    assert jsonata.evaluate("$random()", {}) != jsonata.evaluate("$random()", {})
    assert uuid.UUID(str(jsonata.evaluate("$uuid()", {}))).version == 4


def test_a_variable_keeps_its_value() -> None:
    document = {"items": [{"a": 1}]}

    jsonata.evaluate("$document ~> |items|{'b': 2}|", {"document": document})

    assert document == {"items": [{"a": 1}]}


def test_the_clock_runs_although_the_expression_is_compiled_once() -> None:
    before = jsonata.evaluate("$millis()", {})
    tick = threading.Event()
    tick.wait(0.01)

    assert jsonata.evaluate("$millis()", {}) > before


def test_many_threads_share_an_expression() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: jsonata.evaluate("$map([1..20], function($v){$v * $n})", {"n": n}), range(200)))

    assert found == [[n * v for v in range(1, 21)] for n in range(200)]
