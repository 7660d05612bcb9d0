"""Cache lookups that moto repeats on every request: about 4 % of the CPU of a release."""

import functools
from typing import Any

from moto.core import responses
from moto.core.base_backend import BackendDict
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from sandbox.patches import decorated, wrapped

# Services, and virtual hosts of S3 buckets.
KNOWN_HOSTS = 256


def _create_once(original: Any, self: Any, account_id: str) -> None:
    if account_id not in self:
        original(self, account_id)


PATCHES = (
    decorated(responses, "method_names_from_class", functools.cache, "inspects a service's class on every request"),
    decorated(
        DomainDispatcherApplication,
        "get_backend_for_host",
        functools.lru_cache(maxsize=KNOWN_HOSTS),
        "tries the URL patterns of all services on every request",
    ),
    wrapped(
        BackendDict, "_create_account_specific_backend", _create_once, "searches a list of all services on every use"
    ),
)
