"""Fields of a state, by its type and query language. Source: https://states-language.net"""

from typing import Final

_COMMON = {"Type", "Comment", "QueryLanguage"}
_FLOW = {"Next", "End", "Output", "Assign", "InputPath", "OutputPath"}
_ERRORS = {"Retry", "Catch"}
_RESULT = {"ResultPath", "ResultSelector"}
FIELDS: Final[dict[str, set[str]]] = {
    "Task": _COMMON | _FLOW | _ERRORS | _RESULT | {
        "Resource", "Arguments", "Parameters", "Credentials",
        "TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath",
    },
    "Pass": _COMMON | _FLOW | {"Result", "ResultPath", "Parameters"},
    "Choice": _COMMON | {"Choices", "Default", "Output", "Assign", "InputPath", "OutputPath"},
    "Wait": _COMMON | _FLOW | {"Seconds", "SecondsPath", "Timestamp", "TimestampPath"},
    "Succeed": _COMMON | {"Output", "InputPath", "OutputPath"},
    "Fail": _COMMON | {"Error", "ErrorPath", "Cause", "CausePath"},
    "Parallel": _COMMON | _FLOW | _ERRORS | _RESULT | {"Branches", "Arguments", "Parameters"},
    "Map": _COMMON | _FLOW | _ERRORS | _RESULT | {
        "ItemProcessor", "Iterator", "Items", "ItemsPath", "ItemSelector", "ItemReader", "ItemBatcher", "ResultWriter",
        "Parameters", "MaxConcurrency", "MaxConcurrencyPath", "Label", "ToleratedFailureCount",
        "ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath",
    },
}  # fmt: skip
REQUIRED: Final = {"Task": ["Resource"], "Choice": ["Choices"], "Parallel": ["Branches"]}
JSONPATH_ONLY: Final = {"InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters", "Result", "ItemsPath"}
JSONATA_ONLY: Final = {"Arguments", "Output", "Items"}


def suits(field: str, language: str) -> bool:
    """Return whether a field exists in the query language, "JSONPath" or "JSONata"."""
    if language == "JSONata":
        return field not in JSONPATH_ONLY and not field.endswith("Path")
    return field not in JSONATA_ONLY
