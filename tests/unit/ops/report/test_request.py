"""The request that people approve: plain text without secrets."""

from typing import Any

import pytest

from ops.history.timeline import Timeline
from ops.report import request


def _reading(**variables: str) -> Timeline:
    return Timeline(_variables=variables)


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ('{"environment": "staging", "requestedBy": "ada", "notes": "n"}', ("staging", "ada", "n")),
        (
            '{"environment": {"token": "s"}, "requestedBy": 7, "notes": "Bearer abcdefghijklmnop"}',
            ('{\n  "token": "[redacted]"\n}', "7", "Bearer [redacted]"),
        ),
        ("{}", (None, None, None)),
        ("7", (None, None, None)),
        ('{"environment": cut of', (None, None, None)),
    ],
)
def test_request_has_the_texts_of_the_document(metadata: str, told: tuple[Any, ...]) -> None:
    found = request.of(_reading(packageIds='["web-1", 2]', metadata=metadata))
    assert found == {"packages": ["web-1", "2"], **dict(zip(request.NAMES, told, strict=True))}


@pytest.mark.parametrize("variables", [{}, {"packageIds": "[cut of"}, {"packageIds": '"web-1"'}])
def test_other_executions_have_no_request(variables: dict[str, str]) -> None:
    assert request.of(_reading(**variables)) is None
