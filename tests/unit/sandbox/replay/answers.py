"""Small conversions between AWS's answers and Pulumi's properties."""

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError


def pulumi_names(value: Any) -> Any:
    """AWS's keys as Pulumi spells them: `SseAlgorithm` -> `sseAlgorithm`, at every depth."""
    if isinstance(value, Mapping):
        return {key[:1].lower() + key[1:]: pulumi_names(item) for key, item in value.items()}
    if isinstance(value, list):
        return [pulumi_names(item) for item in value]
    return value


def tags(pairs: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return a list of Key and Value (in either case) as a mapping."""
    return {pair.get("Key") or pair["key"]: pair["Value"] if "Value" in pair else pair["value"] for pair in pairs}


def absent(*codes: str, call: Any, **parameters: Any) -> bool:
    """Return whether the call says that there is no such thing, in one of the words that the provider understands."""
    try:
        call(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] in codes:
            return True
        raise
    return False
