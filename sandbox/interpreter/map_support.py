"""Features of AWS's distributed Map that the sandbox lacks: refused as unsupported, not as the user's error.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from collections.abc import Iterator
from typing import Any

from sandbox.interpreter.diagnostics import NOT_SUPPORTED, Diagnostic

# Formats of S3 objects. The sandbox reads neither S3 inventories nor other formats.
_INPUT_TYPES = ("JSON", "CSV")
_READER_FIELDS = ("InputType", "CSVHeaderLocation", "CSVHeaders", "MaxItems", "MaxItemsPath")


def check(state: dict[str, Any], at: str) -> Iterator[Diagnostic]:
    """Return a diagnostic for each part of a Map state that the sandbox does not support."""
    if "ItemBatcher" in state:
        yield _refusal("ItemBatcher", f"{at}/ItemBatcher")
    processor = state.get("ItemProcessor")
    config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    if isinstance(config, dict) and config.get("ExecutionType") == "EXPRESS":
        yield _refusal("ExecutionType EXPRESS", f"{at}/ItemProcessor/ProcessorConfig/ExecutionType")
    reader = state.get("ItemReader")
    options = reader.get("ReaderConfig") if isinstance(reader, dict) else None
    if isinstance(options, dict):
        if options.get("InputType", "JSON") not in _INPUT_TYPES:
            yield _refusal(f"InputType {options['InputType']}", f"{at}/ItemReader/ReaderConfig/InputType")
        for name in options:
            if name not in _READER_FIELDS:
                yield _refusal(name, f"{at}/ItemReader/ReaderConfig/{name}")


def _refusal(what: str, location: str) -> Diagnostic:
    message = f"{what} of a distributed Map is not supported by the sandbox; AWS takes it"
    return Diagnostic(code=NOT_SUPPORTED, message=message, location=location)
