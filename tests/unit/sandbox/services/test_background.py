"""Background jobs, and jobs that run inline."""

import threading
from collections.abc import Iterator

import pytest

from sandbox.services.background import Background

SECONDS = 10


@pytest.fixture
def background() -> Iterator[Background]:
    """Return a pool that is stopped after the test."""
    running = Background()
    yield running
    running.stop()


def test_inline_jobs_are_done_when_the_context_ends(background: Background) -> None:
    threads: list[threading.Thread] = []

    def job() -> None:
        background.submit(lambda: threads.append(threading.current_thread()))

    with background.inline():
        background.submit(job)
        assert threads == [threading.current_thread()]
    background.submit(job)
    assert background.wait_idle(SECONDS)
    assert threads[1] is not threading.current_thread()


def test_delayed_job_does_not_block(background: Background) -> None:
    done = threading.Event()
    with background.inline():
        background.submit(done.set, 0.01)
        assert not done.is_set()
    assert done.wait(SECONDS)


def test_other_threads_are_not_inline(background: Background) -> None:
    done = threading.Event()
    with background.inline():
        other = threading.Thread(target=lambda: background.submit(done.set))
        other.start()
        other.join(SECONDS)
        assert done.wait(SECONDS)
