"""Faster start: caches what moto and botocore would load more than once, and skips what the sandbox does not need."""

import functools
import importlib
import importlib.util
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import moto
import moto.core.responses
import moto.core.utils
from botocore.loaders import JSONFileLoader, Loader
from moto.core.routing import SmithyRule

_BATCH = "moto.batch"
_OPENAPI = "openapi_spec_validator"


def install() -> None:
    """Share botocore's service descriptions, index moto's files once, and skip what the sandbox does not use."""
    _share_service_descriptions()
    _list_services_once()
    _build_no_urls()
    _import_batch_alone()
    _import_openapi_at_use()


def _share_service_descriptions() -> None:
    """Share parsed service descriptions: each boto3 session and moto itself parse the same JSON files, half of a start.

    Saves 47 MB of a sandbox with the stack dev.
    """
    load: Callable[[JSONFileLoader, str], Any] = JSONFileLoader.load_file
    if hasattr(load, "__wrapped__"):
        return
    # moto modifies the descriptions of a few services in place, so it gets its own copies.
    extended = {path.parts[-3] for path in Path(moto.__file__).parent.glob("*/*/service-2.moto-extras*")}
    load_once = functools.cache(lambda path: load(JSONFileLoader(), path))

    @functools.wraps(load)
    def load_file(loader: JSONFileLoader, file_path: str) -> Any:
        is_extended = not extended.isdisjoint(Path(file_path).parts[-3:-2])
        return load(loader, file_path) if is_extended else load_once(file_path)

    JSONFileLoader.load_file = load_file  # type: ignore[assignment, method-assign]  # botocore has no hook


def _list_services_once() -> None:
    """List services once: moto makes a session for the regions of every service, and each lists the same folders.

    Saves 0.8 s of CPU in 58 listings of a start.
    """
    listing: Callable[..., list[str]] = Loader.list_available_services
    if hasattr(listing, "is_shared"):
        return
    listed: dict[tuple[str, ...], list[str]] = {}

    @functools.wraps(listing)
    def list_available_services(loader: Loader, type_name: str) -> list[str]:
        place = (type_name, *loader.search_paths)
        if place not in listed:
            listed[place] = listing(loader, type_name=type_name)
        return listed[place]

    vars(list_available_services)["is_shared"] = True
    Loader.list_available_services = list_available_services  # type: ignore[assignment, method-assign]  # as above


def _build_no_urls() -> None:
    """Skip the URL builders: werkzeug compiles two functions for each of 500 routes, and moto only matches requests.

    Saves 0.2 s of CPU for 918 functions of a start.
    """

    def compile_builder(_rule: SmithyRule, _append_unknown: bool = True) -> Callable[..., NoReturn]:
        return _refuse_to_build

    SmithyRule._compile_builder = compile_builder  # type: ignore[assignment, method-assign]  # werkzeug has no hook


def _refuse_to_build(_rule: SmithyRule, **_values: Any) -> NoReturn:
    raise NotImplementedError("the sandbox does not build URLs of routes; see sandbox/quick_start.py")


def _import_batch_alone() -> None:
    """Import an enumeration of AWS Batch without its package, which imports all of EC2 and takes a second.

    Saves 103 MB.
    """
    if _BATCH in sys.modules:
        return
    spec = importlib.util.find_spec(_BATCH)
    if spec is None:
        raise ImportError(f"{_BATCH} is missing: install requirements-sandbox.txt")
    stand_in = types.ModuleType(_BATCH)
    stand_in.__path__ = list(spec.submodule_search_locations or [])
    sys.modules[_BATCH] = stand_in
    try:
        importlib.import_module(
            "moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_batch"
        )
    finally:
        # Code that uses Batch itself imports the real package.
        del sys.modules[_BATCH]


def _import_openapi_at_use() -> None:
    """Import the OpenAPI validator on first use: its 60 modules validate only documents for REST APIs."""
    if _OPENAPI in sys.modules:
        return
    exceptions = f"{_OPENAPI}.validation.exceptions"
    stand_ins = {name: types.ModuleType(name) for name in (_OPENAPI, f"{_OPENAPI}.validation", exceptions)}
    invalid = type("OpenAPIValidationError", (Exception,), {})

    def validate(document: Any) -> None:
        validator, found = importlib.import_module(_OPENAPI), importlib.import_module(exceptions)
        try:
            validator.validate(document)
        except found.OpenAPIValidationError as error:
            raise invalid(str(error)) from error

    stand_ins[_OPENAPI].validate = validate  # type: ignore[attr-defined]
    stand_ins[exceptions].OpenAPIValidationError = invalid  # type: ignore[attr-defined]
    sys.modules.update(stand_ins)
    try:
        importlib.import_module("moto.apigateway.models")
    finally:
        for name in stand_ins:
            del sys.modules[name]
