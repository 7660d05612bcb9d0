"""Batches: the failure of one item does not stop the others; the rest is left to the next run."""

from collections.abc import Iterator

from handlers.timed_batch import Batch, work_through


def test_items_without_work_are_not_counted() -> None:
    batch = work_through(["a", "b"], lambda item: item == "b", name=str, is_time_over=lambda: False)
    assert batch == Batch(done=["b"], failed={}, tried=2, stopped_at=None)


def test_failure_is_named_without_its_message_and_the_others_continue() -> None:
    def work(item: str) -> bool:
        if item == "a":
            raise KeyError("token")
        return True

    batch = work_through(["a", "b"], work, name=str, is_time_over=lambda: False)
    assert (batch.done, batch.failed) == (["b"], {"a": "KeyError"})
    described = work_through(["a"], work, name=str, is_time_over=lambda: False, describe=repr)
    assert described.failed == {"a": "KeyError('token')"}


def test_remaining_items_are_not_read_when_the_time_is_over() -> None:
    read: list[str] = []

    def items() -> Iterator[str]:
        for item in "abc":
            read.append(item)
            yield item

    times = iter([False, True])
    batch = work_through(items(), lambda _item: True, name=str, is_time_over=lambda: next(times))
    assert batch == Batch(done=["a"], failed={}, tried=1, stopped_at="b")
    assert read == ["a", "b"]
