"""Values of the sandbox in this process, for moto's code, which takes no further arguments."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Current(Generic[Value]):
    """A value of the running sandbox, shared by all threads; `default` applies while none runs."""

    def __init__(self, default: Value) -> None:
        self.value = default

    @contextmanager
    def set(self, value: Value) -> Iterator[None]:
        """Use `value` in this context, then restore the previous one."""
        before, self.value = self.value, value
        try:
            yield
        finally:
            self.value = before
