"""Validation of documents before they are sent: the same as the workflows'."""

import json
from pathlib import Path
from typing import Any

import pytest

from asl.release import document as release_document
from ops import documents
from ops.errors import UsageError
from sandbox.interpreter import jsonata

EXAMPLES = Path(__file__).parents[3] / "examples"


def _accepted(content: bytes) -> bool:
    try:
        documents.check_release(content, "document.json")
    except UsageError:
        return False
    return True


def _accepted_by_the_workflow(content: bytes) -> bool:
    expression = release_document.PROBLEMS.removeprefix("{%").removesuffix("%}")
    result = {"Body": content.decode(), "ContentLength": len(content)}
    try:
        problems: Any = jsonata.evaluate(expression, {"states": {"result": result}})
    except jsonata.QueryError:
        return False
    return bool(problems == [])


@pytest.mark.parametrize(
    "document",
    [
        {"jiraStoryId": "PROJ-1", "packageIds": ["a"]},
        {"jiraStoryId": "PROJ-1", "packageIds": ["a"], "metadata": {}, "more": [1]},
        {"jiraStoryId": "PROJ-1", "packageIds": ["a"], "metadata": {"priority": 1, "notes": None}},
        {"jiraStoryId": "PROJ-1", "packageIds": ["a"], "metadata": None},
        {"jiraStoryId": "PROJ-1", "packageIds": ["a"], "metadata": []},
        {"jiraStoryId": "PROJ-1", "packageIds": []},
        {"jiraStoryId": "PROJ-1", "packageIds": [""]},
        {"jiraStoryId": "PROJ-1", "packageIds": ["a", 1]},
        {"jiraStoryId": "PROJ-1", "packageIds": "a"},
        {"jiraStoryId": "PROJ-1", "packageIds": {"a": "b"}},
        {"jiraStoryId": "PROJ-1"},
        {"packageIds": ["a"]},
        {"jiraStoryId": None, "packageIds": ["a"]},
        {"jiraStoryId": 1, "packageIds": ["a"]},
        {"jiraStoryId": "proj-1", "packageIds": ["a"]},
        {"jiraStoryId": "PROJ-1\n", "packageIds": ["a"]},
        {"jiraStoryId": "P" * 300 + "-1", "packageIds": ["a"]},
        [],
        "PROJ-1",
        None,
        1,
    ],
    ids=lambda document: json.dumps(document)[:60],
)
def test_validation_agrees_with_the_workflow(document: Any) -> None:
    content = json.dumps(document).encode()
    assert _accepted(content) == _accepted_by_the_workflow(content)


@pytest.mark.parametrize("content", [b"", b"{", b"{'a': 1}", b"\xff"])
def test_invalid_json_is_refused(content: bytes) -> None:
    with pytest.raises(UsageError, match=r"document\.json would be refused"):
        documents.check_release(content, "document.json")


def test_large_document_is_refused_like_by_the_workflow() -> None:
    padding = "x" * release_document.MAX_DOCUMENT_BYTES
    content = json.dumps({"jiraStoryId": "PROJ-1", "packageIds": ["a"], "metadata": {"notes": padding}}).encode()
    assert not _accepted(content)
    assert not _accepted_by_the_workflow(content)


def test_every_invalid_field_is_named() -> None:
    with pytest.raises(UsageError) as refused:
        documents.check_release(b'{"jiraStoryId": "x", "packageIds": ["a", 3], "metadata": 1}', "document.json")
    for field in ("jiraStoryId:", "packageIds.1:", "metadata:"):
        assert f"\n  {field}" in refused.value.message
    assert "--no-check" in refused.value.hint


def test_examples_are_valid() -> None:
    release = documents.check_release((EXAMPLES / "workflow-input.json").read_bytes(), "workflow-input.json")
    assert release.jiraStoryId == "PROJ-12345"
    assert documents.check_order((EXAMPLES / "order.json").read_bytes(), "order.json").user_id == "test123"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"userId": ""}, "userId"),
        ({"userId": None}, "userId"),
        ({"orderId": "a b"}, "orderId"),
        ({"orderData": {"items": []}}, "orderData.items"),
        ({"orderData": {"items": [{"productId": "P", "quantity": 0, "price": 1}]}}, "orderData.items.0.quantity"),
        ({"orderData": {"items": [{"productId": "P", "quantity": 1, "price": "1"}]}}, "orderData.items.0.price"),
        ({"orderData": None}, "orderData"),
    ],
)
def test_invalid_order_is_refused_field_by_field(changed: dict[str, Any], field: str) -> None:
    order = {"userId": "u", "orderData": {"items": [{"productId": "P", "quantity": 1, "price": 1}]}, **changed}
    with pytest.raises(UsageError) as refused:
        documents.check_order(json.dumps(order).encode(), "order.json")
    assert f"\n  {field}:" in refused.value.message


def test_missing_file_is_reported() -> None:
    with pytest.raises(UsageError, match=r"nowhere\.json cannot be read: No such file"):
        documents.read(Path("nowhere.json"))
