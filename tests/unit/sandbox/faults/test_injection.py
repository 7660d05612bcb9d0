"""Selection of calls for faults: by number, share, caller and content."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.faults import Fault, Faults, Kind, NeverFiredError, Occasion, Plan

PUT = "dynamodb.PutItem"


def occasion(call: str = PUT, *by: str, text: str = "", **more: bool) -> Occasion:
    return Occasion(call=call, by=by, contains=text.__contains__, **more)


def plan(*faults: Fault, seed: int = 0) -> Plan:
    return Plan(name="test", faults=faults, seed=seed)


def reset(**more: Any) -> Fault:
    return Fault(call=more.pop("call", PUT), kind=more.pop("kind", Kind.RESET), **more)


def met(faults: Faults, number: int) -> list[int]:
    """Return which of `calls` calls fail, counted from 1."""
    return [call for call in range(1, number + 1) if faults.meet(occasion()) is not None]


@pytest.mark.parametrize(("given", "failing"), [({}, [1]), ({"nth": 3}, [3]), ({"nth": 2, "times": 3}, [2, 3, 4])])
def test_fault_selects_calls_by_number(given: dict[str, int], failing: list[int]) -> None:
    faults = Faults()
    with faults(plan(reset(**given))):
        assert met(faults, 6) == failing
    assert met(faults, 6) == []


def test_share_of_calls_follows_from_the_seed() -> None:
    faults = Faults()
    drawn = []
    for seed in (1, 1, 2):
        with faults(plan(reset(share=0.3), seed=seed)):
            drawn.append(met(faults, 200))
    assert drawn[0] == drawn[1] != drawn[2]
    assert 30 < len(drawn[0]) < 90


def test_only_matching_calls_are_counted() -> None:
    faults = Faults()
    with faults(plan(reset(by="orders", about="order-1"))):
        assert faults.meet(occasion("dynamodb.GetItem", "orders", text="order-1")) is None
        assert faults.meet(occasion(PUT, "payments", text="order-1")) is None
        assert faults.meet(occasion(PUT, "orders", text="order-2")) is None
        assert faults.meet(occasion(PUT, "x", "orders", text="my order-1")) is not None


def test_every_operation_of_a_service_is_counted_together() -> None:
    faults = Faults()
    with faults(plan(reset(call="dynamodb.*", nth=2))):
        assert faults.meet(occasion("dynamodb.GetItem")) is None
        assert faults.meet(occasion("s3.GetObject")) is None
        assert faults.meet(occasion("dynamodb.Query")) is not None


def test_conditions_and_deaths_need_a_condition_and_a_process() -> None:
    faults = Faults()
    with faults(plan(reset(kind=Kind.CONDITION))):
        assert faults.meet(occasion()) is None
        assert faults.meet(occasion(has_condition=True)) is not None
    with faults(plan(reset(kind=Kind.KILL_AFTER))):
        assert faults.meet(occasion()) is None
        assert faults.meet(occasion(from_function=True)) is not None


def test_first_of_two_due_faults_happens_and_both_count() -> None:
    faults = Faults()
    first, second = reset(), reset(kind=Kind.THROTTLE, times=2)
    with faults(plan(first, second)):
        assert [faults.meet(occasion()) for _ in range(3)] == [first, second, None]


def test_fired_faults_are_recorded() -> None:
    faults = Faults()
    with faults(plan(reset(), reset(nth=5)), all_must_fire=False):
        faults.meet(occasion(PUT, "orders"))
    assert [(each.call, each.by) for each in faults.fired] == [(PUT, ("orders",))]
    assert faults.never_fired == [reset(nth=5)]


def test_a_fault_that_never_happened_is_an_error() -> None:
    faults = Faults()
    with (
        pytest.raises(NeverFiredError, match=r"'test' these never happened: reset at no\. 2 dynamodb\.PutItem"),
        faults(plan(reset(), reset(nth=2))),
    ):
        faults.meet(occasion())


def test_an_error_in_the_context_is_not_hidden() -> None:
    with pytest.raises(KeyError), Faults()(plan(reset())):
        raise KeyError


def test_many_threads_count_each_call_once() -> None:
    faults = Faults()
    with faults(plan(reset(nth=50, times=10))), ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: faults.meet(occasion()), range(200)))
    assert len([each for each in found if each is not None]) == 10


def test_observers_receive_every_call() -> None:
    faults, seen = Faults(), list[str]()
    assert not faults.is_looking
    with faults.telling(lambda each: seen.append(each.call)):
        assert faults.is_looking
        faults.meet(occasion())
    assert (seen, faults.is_looking) == ([PUT], False)


def test_a_pause_ends_with_the_sandbox() -> None:
    faults = Faults()
    with ThreadPoolExecutor(1) as pool:
        paused = pool.submit(faults.pause, 3600)
        faults.stop()
        paused.result(30)
