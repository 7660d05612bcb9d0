"""Validation of fault plans, in Python and JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.faults import Fault, Kind, Plan, PlanError
from sandbox.faults.reading import dump, load, parse

PUT = "dynamodb.PutItem"


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ({"call": "PutItem", "kind": "reset"}, "'PutItem' is not a call: write service.Operation"),
        ({"call": "dynamo.PutItem", "kind": "reset"}, "there is no service 'dynamo'; did you mean 'dynamodb'?"),
        ({"call": "dynamodb.PutItm", "kind": "reset"}, "dynamodb has no operation 'PutItm'; did you mean 'PutItem'?"),
        ({"call": "events.Delivry", "kind": "lose"}, "did you mean 'Delivery'?"),
        ({"call": "http-api.Post", "kind": "reset"}, "http-api has no operation 'Post'"),
        ({"call": PUT, "kind": "trottle"}, "there is no kind of fault 'trottle'; there are: throttle, server-error"),
        ({"call": PUT, "kind": "duplicate"}, "dynamodb.PutItem cannot suffer 'duplicate', but: clock, condition"),
        ({"call": "events.Delivery", "kind": "reset"}, "events.Delivery cannot suffer 'reset', but: clock, delay"),
        ({"call": "http-api.Request", "kind": "kill-after"}, "http-api.Request cannot suffer 'kill-after'"),
        ({"call": "dynamodb.GetItem", "kind": "condition"}, "dynamodb.GetItem has no condition; these can have one: "),
        ({"call": PUT, "kind": "timeout"}, "'timeout' needs seconds above 0"),
        ({"call": PUT, "kind": "delay", "seconds": 0}, "'delay' needs seconds above 0"),
        ({"call": PUT, "kind": "reset", "seconds": 1}, "'reset' takes no seconds"),
        ({"call": PUT, "kind": "reset", "nth": 0}, "nth is 0 and times is 1: both count from 1"),
        ({"call": PUT, "kind": "reset", "share": 0}, "share is 0: it must be above 0, and at most 1"),
        ({"call": PUT, "kind": "reset", "share": 0.5, "nth": 2}, "either a share, or nth and times"),
    ],
)
def test_impossible_fault_is_refused(fault: dict[str, Any], text: str) -> None:
    with pytest.raises(PlanError) as refused:
        Fault(**fault)
    assert text in str(refused.value)
    if fault["kind"] != "trottle" and fault.get("share") != 0:
        with pytest.raises(PlanError) as refused:
            parse(json.dumps({"name": "wrong", "faults": [{"call": PUT, "kind": "reset"}, fault]}))
        assert str(refused.value).startswith("this is not a plan of faults: fault 2: ")
        assert text in str(refused.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "Invalid JSON"),
        ("[]", "Input should be an object"),
        ('{"faults": [{"call": "s3.*", "kind": "reset"}]}', "name: Field required"),
        ('{"name": "empty", "faults": []}', "the plan 'empty' has no faults"),
        ('{"name": "a", "faults": [{"kind": "reset"}]}', "fault 1, call: Field required"),
        ('{"name": "a", "faults": [{"call": "s3.*", "kind": "rest"}]}', "fault 1, kind: Input should be 'throttle'"),
        ('{"name": "a", "faults": [{"call": "s3.*", "kind": "reset", "nht": 1}]}', "fault 1, nht: Unexpected keyword"),
        ('{"name": "a", "faults": [{"call": "s3.*", "kind": "reset", "nth": "1"}]}', "fault 1, nth: Input should be"),
    ],
)
def test_invalid_json_plan_is_refused(text: str, problem: str) -> None:
    with pytest.raises(PlanError) as refused:
        parse(text)
    assert str(refused.value).startswith("this is not a plan of faults: ")
    assert problem in str(refused.value)


def test_plan_round_trips() -> None:
    faults = (
        Fault(call=PUT, kind=Kind.THROTTLE, nth=2, times=3, by="orders", about="order-1"),
        Fault(call="s3.*", kind=Kind.TIMEOUT, share=0.5, seconds=1.5),
    )
    plan = Plan(name="both", faults=faults, seed=7)
    assert parse(dump(plan)) == plan
    assert json.loads(dump(plan))["faults"][1] == {"call": "s3.*", "kind": "timeout", "share": 0.5, "seconds": 1.5}


def test_text_of_a_fault() -> None:
    assert str(Fault(call=PUT, kind=Kind.RESET)) == "reset at no. 1 dynamodb.PutItem"
    many = Fault(call=PUT, kind=Kind.RESET, nth=2, times=3, by="orders", about="order-1")
    assert str(many) == "reset at no. 2 to 4 dynamodb.PutItem by orders about order-1"
    assert str(Fault(call="s3.*", kind=Kind.RESET, share=0.05)) == "reset at 5% of s3.*"


def test_error_names_the_file_of_the_plan(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"none\.json cannot be read: No such file"):
        load(tmp_path / "none.json")
    (tmp_path / "wrong.json").write_text("{}")
    with pytest.raises(PlanError, match=r"wrong\.json: this is not a plan of faults"):
        load(tmp_path / "wrong.json")
