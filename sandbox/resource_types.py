"""Pulumi resource types of the sandbox: each service's module `resources` has its `TYPES`."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox import services
from sandbox.clients import Clients
from sandbox.resource_inputs import Inputs

Create = Callable[[Clients, Inputs], tuple[str, dict[str, Any]]]
"""Creates one resource; gives its id and the outputs that the provider computes, under Pulumi's names."""

_SERVICES = sorted(path.parent.name for path in Path(services.__path__[0]).glob("*/resources.py"))
_MODULES: list[Any] = [importlib.import_module(f"{services.__name__}.{service}.resources") for service in _SERVICES]

TYPES: dict[str, Create] = {token: create for module in _MODULES for token, create in module.TYPES.items()}
"""Pulumi type token -> the function that creates it."""
