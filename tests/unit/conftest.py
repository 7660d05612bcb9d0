"""Keeps tests that share an expensive value in one of pytest's processes, for `--dist loadgroup`."""

import pytest

from tests.unit import recorded_program

EVALUATIONS = (recorded_program.recorded, recorded_program.outputs)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Group the tests that look at the evaluated program, and those that ask the running policy pack."""
    if "pack" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.xdist_group("policy"))
    elif isinstance(item, pytest.Function) and _evaluates(vars(item.module)):
        item.add_marker(pytest.mark.xdist_group("program"))


def _evaluates(names: dict[str, object]) -> bool:
    return any(names.get(each.__name__) is each for each in EVALUATIONS)
