"""The report file: self-contained, and safe against hostile texts."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from ops import report
from ops.report import record

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&quot;\"'<!--"

DEFINITION = {"StartAt": HOSTILE, "States": {HOSTILE: {"Type": "Pass", "Comment": HOSTILE, "End": True}}}

BEGIN = datetime(2026, 1, 2, tzinfo=UTC)

ARN = "arn:aws:states:us-east-1:123456789012:execution:machine:name"


class _StepFunctions:
    """Fake with an execution of which every text is hostile."""

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        return {
            "executionArn": executionArn,
            "status": "FAILED",
            "startDate": BEGIN,
            "stopDate": BEGIN,
            "input": json.dumps({HOSTILE: HOSTILE}),
            "error": HOSTILE,
            "cause": HOSTILE,
        }

    def describe_state_machine_for_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: ARG002, N803
        return {"definition": json.dumps(DEFINITION)}

    def get_paginator(self, _operation: str) -> "_StepFunctions":
        return self

    def paginate(self, *, executionArn: str) -> list[dict[str, Any]]:  # noqa: ARG002, N803
        entered = {"name": HOSTILE, "input": HOSTILE}
        left = {"name": HOSTILE, "output": HOSTILE, "assignedVariables": {"story": json.dumps(HOSTILE)}}
        return [
            {
                "events": [
                    {"id": 1, "type": "PassStateEntered", "timestamp": BEGIN, "stateEnteredEventDetails": entered},
                    {
                        "id": 2,
                        "previousEventId": 1,
                        "type": "PassStateExited",
                        "timestamp": BEGIN,
                        "stateExitedEventDetails": left,
                    },
                ]
            }
        ]


def _clients(service: str) -> Any:
    assert service == "stepfunctions"
    return _StepFunctions()


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _read(text: str) -> _Elements:
    elements = _Elements()
    elements.feed(text)
    return elements


def test_hostile_texts_are_escaped() -> None:
    page = report.page(record.read(_clients, ARN))
    elements = _read(page)
    assert [tag for tag, _ in elements.found if tag in ("script", "img", "iframe", "object")] == ["script", "script"]
    assert HOSTILE in elements.texts  # the heading
    assert "<script>alert" not in page.replace("\\u003c", "")


def test_file_contains_the_record_unchanged() -> None:
    told = record.read(_clients, ARN)
    page = report.page(told)
    content = re.search(r'<script type="application/json" id="record">(.*?)</script>', page, re.DOTALL)
    assert content
    assert json.loads(content[1]) == told


def test_content_security_policy_allows_only_own_script_and_style() -> None:
    page = report.page(record.read(_clients, ARN))
    policy = next(attributes["content"] for tag, attributes in _read(page).found if "http-equiv" in attributes)
    assert policy
    assert policy.startswith("default-src 'none'; ")
    for kind, pattern in (("script-src", r"<script>(.*?)</script>"), ("style-src", r"<style>(.*?)</style>")):
        content = re.search(pattern, page, re.DOTALL)
        assert content
        digest = base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy


def test_file_loads_nothing() -> None:
    for tag, attributes in _read(report.page(record.read(_clients, ARN))).found:
        assert attributes.get("src") is None, tag
        assert (attributes.get("href") or "data:,") == "data:,", tag


def test_existing_report_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("something longer " * 100_000)
    assert report.write(_clients, ARN, path) == path
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
