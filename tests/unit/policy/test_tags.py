"""Rule of required tags."""

import pytest

from rules.tags import TAGS_REQUIRED
from tests.unit.policy.asking import Props, told

QUEUE = "aws:sqs/queue:Queue"
ALL = {"Project": "holdpoint", "Environment": "dev", "ManagedBy": "pulumi"}


@pytest.mark.parametrize(
    ("type_", "props"),
    [
        (QUEUE, {"tagsAll": ALL}),
        (QUEUE, {"tagsAll": {**ALL, "Team": "release"}}),
        ("aws:sqs/queuePolicy:QueuePolicy", {}),
        ("random:index/randomPassword:RandomPassword", {"tagsAll": {}}),
    ],
)
def test_a_tagged_resource_passes_and_one_that_takes_no_tags(type_: str, props: Props) -> None:
    assert told(TAGS_REQUIRED, type_, props) == []


@pytest.mark.parametrize(
    ("tags", "missing"),
    [
        ({}, "the tags Project, Environment, ManagedBy."),
        (None, "the tags Project, Environment, ManagedBy."),
        ({"Project": "holdpoint", "ManagedBy": "pulumi"}, "the tag Environment."),
        ({**ALL, "Project": ""}, "the tag Project."),
    ],
)
def test_a_missing_tag_is_reported(tags: dict[str, str] | None, missing: str) -> None:
    (message,) = told(TAGS_REQUIRED, QUEUE, {"tagsAll": tags})
    assert missing in message
    assert "aws:defaultTags" in message


def test_required_tags_are_a_setting() -> None:
    assert told(TAGS_REQUIRED, QUEUE, {"tagsAll": {"Team": "release"}}, config={"required": ["Team"]}) == []
    assert len(told(TAGS_REQUIRED, QUEUE, {"tagsAll": ALL}, config={"required": ["Team"]})) == 1
