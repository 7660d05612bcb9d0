"""From the calls of a path to the faults that can be tried on it."""

from sandbox.faults import EVENT_DELIVERY, Faults, Kind, Occasion
from sandbox.faults.recording import Seen, recording


def occasion(call: str, *by: str, text: str = "", **more: bool) -> Occasion:
    return Occasion(call=call, by=by, contains=text.__contains__, **more)


def test_calls_are_numbered_by_caller() -> None:
    faults = Faults()
    with recording(faults, "o-1") as found:
        faults.meet(occasion("s3.GetObject", "role", "session", text="o-1"))
        faults.meet(occasion("s3.GetObject", "role", text="o-2"))
        faults.meet(occasion("s3.GetObject", text="o-1"))
        faults.meet(occasion("s3.GetObject", "role", text="o-1", has_condition=True))
    faults.meet(occasion("s3.GetObject", "role", text="o-1"))
    assert found.calls == [
        Seen(call="s3.GetObject", by="role", nth=1),
        Seen(call="s3.GetObject", by="", nth=1),
        Seen(call="s3.GetObject", by="role", nth=2, has_condition=True),
    ]


def test_a_call_can_fail_in_the_ways_that_fit_it() -> None:
    plain = Seen(call="dynamodb.PutItem", by="", nth=1)
    assert not {Kind.CONDITION, Kind.KILL_AFTER, Kind.KILL_BEFORE, Kind.DUPLICATE} & set(plain.kinds)
    assert Kind.CONDITION in Seen(call="dynamodb.PutItem", by="", nth=1, has_condition=True).kinds
    assert Kind.KILL_AFTER in Seen(call="dynamodb.PutItem", by="f", nth=1, from_function=True).kinds
    assert Seen(call=EVENT_DELIVERY, by="rule", nth=1).kinds == [Kind.CLOCK, Kind.DELAY, Kind.DUPLICATE, Kind.LOSE]
