"""Documents that are no releases: each is refused with its reason, and nothing is called."""

import json
from typing import Any

import pytest

from tests.e2e.client import Client, Run, document, story


def _refused(run: Run, *reasons: str) -> dict[str, Any]:
    ended = run.ended()
    assert (ended["status"], ended["error"]) == ("FAILED", "InvalidInput"), ended
    error = run.error()
    assert error["error"] == "InvalidInput"
    assert error["state"] == "Read input"
    for reason in reasons:
        assert reason in error["cause"]
        assert reason in ended["cause"]
    assert "Call APIs" not in run.states()
    return error


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"jiraStoryId": "proj-1"}, "jiraStoryId must be"),
        ({"jiraStoryId": "PROJ-1\n"}, "jiraStoryId must be"),
        ({"jiraStoryId": "../.."}, "jiraStoryId must be"),
        ({"jiraStoryId": 12}, "jiraStoryId must be"),
        ({"jiraStoryId": None}, "jiraStoryId must be"),
        ({"packageIds": []}, "packageIds must be"),
        ({"packageIds": "web-1"}, "packageIds must be"),
        ({"packageIds": ["web-1", 2]}, "packageIds must be"),
        ({"packageIds": [""]}, "packageIds must be"),
        ({"packageIds": [None]}, "packageIds must be"),
        ({"packageIds": [["web-1"]]}, "packageIds must be"),
        ({"packageIds": {"a": "b"}}, "packageIds must be"),
        ({"metadata": "high"}, "metadata must be"),
    ],
)
def test_invalid_field_is_named(aws: Client, changed: dict[str, Any], reason: str) -> None:
    _refused(aws.start(document(story(), **changed)), reason)


def test_every_invalid_field_is_named(aws: Client) -> None:
    _refused(aws.start({"metadata": 5}), "jiraStoryId must be", "packageIds must be", "metadata must be")


@pytest.mark.parametrize("content", [b"[]", b'"text"', b"5", b"null", b"true"])
def test_document_must_be_an_object(aws: Client, content: bytes) -> None:
    _refused(aws.start(content), "must be a JSON object")


@pytest.mark.parametrize("content", [b"{", b"{'a': 1}", b"not json"])
def test_document_must_be_json(aws: Client, content: bytes) -> None:
    # What JSONata says follows: it may also have come to one of its own limits.
    error = _refused(aws.start(content), "is not valid JSON: ")
    assert error["cause"].partition("is not valid JSON: ")[2].strip()


def test_an_empty_document_is_refused(aws: Client) -> None:
    _refused(aws.start(b""), aws.bucket)


def test_a_missing_document_is_refused(aws: Client) -> None:
    _refused(aws.start_with({"inputFile": "inputs/none.json"}), f"s3://{aws.bucket}/inputs/none.json does not exist")


def test_a_missing_bucket_is_refused(aws: Client) -> None:
    _refused(aws.start_with({"inputFile": "a", "bucket": "no-such-bucket-at-all"}), "s3://no-such-bucket-at-all/a")


def test_a_large_document_is_refused(aws: Client) -> None:
    large = document(story(), metadata={"notes": "x" * 300_000})
    _refused(aws.start(large), "larger than 204800 bytes")


def test_document_of_the_maximum_size_is_accepted(aws: Client) -> None:
    key = story()
    small = document(key, metadata={"notes": ""})
    small["metadata"]["notes"] = "x" * (204_800 - len(json.dumps(small)))
    assert len(json.dumps(small)) == 204_800
    run = aws.start(small)
    run.registered(key)


def test_document_that_is_too_large_when_escaped_is_refused(aws: Client) -> None:
    packages = [f"{number % 1000:03d}" for number in range(33_000)]
    content = json.dumps(document(story(), packageIds=packages), separators=(",", ":"))
    # The result of the state holds the document as a string, in which every quote takes two bytes.
    assert len(content) < 204_800 < 262_144 < len(json.dumps(content))
    run = aws.start(content.encode())
    _refused(run, "more than a state can hold, 256 KiB")


@pytest.mark.parametrize("execution_input", [{}, {"inputFile": ""}, {"inputFile": 5}, {"inputFile": None}, [], "x", 1])
def test_input_without_a_document_is_refused(aws: Client, execution_input: Any) -> None:
    _refused(aws.start_with(execution_input), '"inputFile"')


@pytest.mark.parametrize("key", ["outputs/another/result.json", "logs/another/error.json", "workflow-input.json"])
def test_a_document_outside_the_prefix_is_refused(aws: Client, key: str) -> None:
    aws.put(document(story()), key)
    _refused(aws.start_with({"inputFile": key}), f"s3://{aws.bucket}/{key} is outside of inputs/")


def test_expressions_in_a_document_are_text(aws: Client) -> None:
    key = story()
    odd = ["{% $states.context.Task.Token %}", 'a"b', "a\\b", "a'b", "$story", "${x}", "ü✓", "../../x"]
    run = aws.start(document(key, packageIds=odd))
    run.waiting(key)
    aws.call_back({"jiraStoryId": key, "message": '{% $error("x") %} "quoted"'})
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.result()["packageIds"] == odd
    assert run.result()["callbackMessage"] == '{% $error("x") %} "quoted"'


def test_values_cannot_forge_lines_of_the_log(aws: Client) -> None:
    key = story()
    run = aws.start(document(key, packageIds=["a\nStatus: FORGED"]))
    run.waiting(key)
    aws.call_back({"jiraStoryId": key, "message": "fine\r\nStatus: FORGED"})
    assert run.ended()["status"] == "SUCCEEDED"
    assert not [line for line in run.log().splitlines() if line.startswith("Status: FORGED")]
