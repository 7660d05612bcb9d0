"""Input of a rule's target: Input, InputPath or InputTransformer.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

import json
import re
from typing import Any

from jsonpath_ng.ext.parser import parse

from sandbox import surrogates

Event = dict[str, Any]

_INFINITY = re.compile(r'(?P<text>"(?:[^"\\]|\\.)*")|(?P<sign>-?)Infinity')
_PLACEHOLDER = re.compile(r"<([A-Za-z0-9_.-]+)>")


class InvalidInputError(ValueError):
    """The transformed input is not JSON."""


def input_for(target: dict[str, Any], event: Event, rule_arn: str, ingestion_time: str) -> str:
    """Return the JSON text for the target.

    Raises InvalidInputError if the target's template renders anything else.
    """
    if target.get("Input"):
        return str(target["Input"])
    if target.get("InputPath"):
        return _dump(_find(target["InputPath"], event))
    transformer = target.get("InputTransformer")
    if not transformer:
        return _dump(event)
    values = {name: _find(path, event) for name, path in (transformer.get("InputPathsMap") or {}).items()}
    values |= {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_arn.rpartition("/")[2],
        "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
        "aws.events.event.json": event,
        "aws.events.event.ingestion-time": ingestion_time,
    }
    return render(transformer["InputTemplate"], values)


def render(template: str, values: dict[str, Any]) -> str:
    """Render a template: a quoted placeholder becomes text, an unquoted one JSON, and an unknown one an empty text.

    Raises InvalidInputError if the result is not JSON.
    """
    parts, end = [], 0
    for found in _PLACEHOLDER.finditer(template):
        parts.append(template[end : found.start()])
        value = values.get(found[1], "")
        parts.append(_quoted(value) if _in_string("".join(parts)) else _dump(value))
        end = found.end()
    text = "".join([*parts, template[end:]])
    try:
        json.loads(text)
    except ValueError as error:
        raise InvalidInputError(f"the transformed input is not JSON ({error}): {text}") from error
    return text


def _in_string(text: str) -> bool:
    """Return whether the end of this prefix of a JSON text is inside a string."""
    return re.sub(r"\\.", "", text).count('"') % 2 == 1


def _quoted(value: Any) -> str:
    # EventBridge drops the quotation marks of an object inside quotes.
    text = value if isinstance(value, str) else _dump(value).replace('"', "")
    return json.dumps(text)[1:-1]


def _find(path: str, event: Event) -> Any:
    found = parse(path).find(event)
    return found[0].value if found else ""


def _dump(value: Any) -> str:
    text = surrogates.without(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
    if "Infinity" not in text:
        return text
    # A number too large for Python, such as 1e999, is valid JSON; Infinity is not.
    return _INFINITY.sub(lambda found: found[0] if found["text"] else f"{found['sign']}1e999", text)
