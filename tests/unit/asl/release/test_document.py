"""Validation of an execution's input and document in JSONata."""

import json
from typing import Any

import pytest

from asl.release import document as release_document
from handlers import issue_key
from sandbox.interpreter import jsonata

STORY = "jiraStoryId must be the key of a Jira issue, such as PROJ-123"


def _evaluated(expression: str, **states: Any) -> Any:
    inside = expression.removeprefix("{%").removesuffix("%}")
    return jsonata.evaluate(inside, {"states": states})


def _problems(document: Any) -> Any:
    body = json.dumps(document)
    return _evaluated(release_document.PROBLEMS, result={"Body": body, "ContentLength": len(body)})


@pytest.mark.parametrize("story", ["AB-1", "A_1-9", "PROJ-12345", "A" * 253 + "-1"])
def test_jira_issue_key_is_accepted_as_story(story: str) -> None:
    assert issue_key.is_issue_key(story)
    assert _problems({"jiraStoryId": story, "packageIds": ["web-1"]}) == []


@pytest.mark.parametrize(
    "story",
    [
        "A" * 254 + "-1",  # longer than what the callback API takes
        "A" * 3000 + "-1",  # longer than a key of DynamoDB
        "A" * 200_000,  # a search in all of it would take minutes
        "AB-1" + "0" * 252,
        "AB-1" * 40_000,
        "../..",
        "AB-1\n",
        "AB-1\x00",
        "AB-\u0661",
        "{% $states.context.Task.Token %}",
        "",
    ],
    ids=lambda story: repr(story[:20]),
)
def test_invalid_issue_key_is_refused(story: str) -> None:
    assert not issue_key.is_issue_key(story)
    assert _problems({"jiraStoryId": story, "packageIds": ["web-1"]}) == [STORY]


@pytest.mark.parametrize("given", [{}, {"bucket": "releases"}, {"bucket": "a.b-c"}, {"bucket": "x" * 63}])
def test_bucket_name_is_accepted(given: dict[str, Any]) -> None:
    assert _evaluated(release_document.BUCKET_IS_A_NAME, input=given) is True


@pytest.mark.parametrize(
    "bucket",
    [
        "",
        "..",
        "a/../b",
        "releases/inputs",
        "releases\n",
        "Releases",
        "x" * 64,
        "x" * 100_000,
        "arn:aws:s3:us-east-1:123456789012:accesspoint/theirs",
        "http://example.com/",
        "user@releases",
        "{% $x %}",
        "\x00\x00\x00",
        None,
        5,
        ["releases"],
        {"releases": "releases"},
    ],
    ids=lambda bucket: repr(bucket)[:20],
)
def test_invalid_bucket_name_is_refused(bucket: Any) -> None:
    assert _evaluated(release_document.BUCKET_IS_A_NAME, input={"bucket": bucket}) is False


@pytest.mark.parametrize(
    ("key", "is_key"),
    [
        ("a", True),
        ("../../релиз \u202e?versionId=1#x", True),
        ("x" * 1024, True),
        ("x" * 1025, False),
        ("", False),
        (5, False),
        (["a"], False),
        ("a\nb", False),
        ("a\x00b", False),
        ("a\x1bb", False),
        ("a\x85b", False),
        ("a\ufffeb", False),
    ],
)
def test_input_file_must_be_an_s3_key(key: Any, is_key: bool) -> None:
    assert _evaluated(release_document.INPUT_FILE_IS_A_KEY, input={"inputFile": key}) is is_key
