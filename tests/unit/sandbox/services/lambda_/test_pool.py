"""Warm containers of a function."""

import time
from typing import Any

from sandbox.services.lambda_.pool import Pool, kept_warm


class _Container:
    alive = True

    def stop(self) -> None:
        self.alive = False


def _after_a_burst(pool: Pool, size: int) -> list[Any]:
    """Return the containers that were busy at once, in the order in which they became idle."""
    containers: list[Any] = [pool.acquire("code", None, _Container)[0] for _ in range(size)]  # type: ignore[arg-type]
    for container in containers:
        pool.release(container, "code")
    return containers


def test_one_unused_container_stays_after_a_burst() -> None:
    pool = Pool()
    containers = _after_a_burst(pool, 4)
    pool.end_unused(time.monotonic(), keep=1)
    assert [container.alive for container in containers] == [False, False, False, True]
    assert pool.acquire("code", None, _Container) == (containers[-1], False)  # type: ignore[arg-type]


def test_containers_in_use_until_now_stay() -> None:
    pool = Pool()
    before = time.monotonic() - 1
    containers = _after_a_burst(pool, 4)
    pool.end_unused(before, keep=0)
    assert all(container.alive for container in containers)


def test_container_of_an_earlier_version_ends() -> None:
    pool = Pool()
    containers = _after_a_burst(pool, 1)
    pool.end_unused(time.monotonic(), keep=0)
    pool.end_unused(time.monotonic(), keep=1)
    assert not containers[0].alive
    assert kept_warm([("a", "1"), ("a", "$LATEST"), ("a", "2"), ("b", "1")]) == {
        ("a", "$LATEST"),
        ("a", "2"),
        ("b", "1"),
    }
