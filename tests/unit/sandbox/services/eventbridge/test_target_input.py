"""Input of targets: always JSON."""

import json

import pytest

from sandbox.services.eventbridge.target_input import input_for

TRANSFORMER = {"InputTransformer": {"InputPathsMap": {"detail": "$.detail"}, "InputTemplate": '{"detail": <detail>}'}}


@pytest.mark.parametrize("target", [{}, {"InputPath": "$"}, TRANSFORMER])
@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ('{"n": 1e999}', '{"n":1e999}'),
        ('{"n": [-1e999, "Infinity", "a\\"-Infinity"]}', '{"n":[-1e999,"Infinity","a\\"-Infinity"]}'),
        ('{"a": "\\ud800", "é": "😀"}', '{"a":"?","é":"😀"}'),
        ('{"a": "<detail>"}', '{"a":"<detail>"}'),
    ],
)
def test_an_input_is_json(target: dict[str, object], detail: str, expected: str) -> None:
    given = input_for(target, {"detail": json.loads(detail)}, "arn:aws:events:us-east-1:123456789012:rule/r", "now")
    assert given == f'{{"detail":{expected}}}' or given == f'{{"detail": {expected}}}'
