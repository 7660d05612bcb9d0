"""The calls of the AWS provider that moto lacks: one module for each gap, deleted when moto closes it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sandbox.provider import (
    alarm_warm_up,
    api_stage_tags,
    api_stage_update,
    bucket_encryption,
    bucket_notification,
    bucket_request_payment,
    bucket_tags,
    composite_alarms,
    log_group_class,
    log_query_definitions,
    table_encryption,
)

_GAPS = (
    alarm_warm_up,
    api_stage_tags,
    api_stage_update,
    bucket_encryption,
    bucket_notification,
    bucket_request_payment,
    bucket_tags,
    composite_alarms,
    log_group_class,
    log_query_definitions,
    table_encryption,
)


@contextmanager
def install_all() -> Iterator[None]:
    """Close every gap in this process's moto, for as long as the context is open."""
    with ExitStack() as stack:
        for gap in _GAPS:
            stack.enter_context(gap.install())
        yield
