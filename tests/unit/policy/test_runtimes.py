"""Rule of Lambda runtimes without security updates."""

from datetime import date

import boto3
import pytest

from rules import runtimes
from rules.runtimes import DEPRECATED_ON, RUNTIME_SUPPORTED
from tests.unit.policy.asking import Props, told

FUNCTION = "aws:lambda/function:Function"

IN_PREVIEW = {"nodejs26.x", "python3.15", "custom"}
"""Runtimes whose end AWS has not set."""


@pytest.mark.parametrize(
    ("day", "reported"), [(date(2027, 6, 29), False), (date(2027, 6, 30), True), (date(2030, 1, 1), True)]
)
def test_runtime_is_reported_from_its_end_date(day: date, reported: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtimes, "today", lambda: day)
    messages = told(RUNTIME_SUPPORTED, FUNCTION, {"runtime": "python3.11"})
    assert len(messages) == reported
    assert all("python3.11, which gets no security updates from 2027-06-30 on" in message for message in messages)


def test_notice_days_report_the_end_in_advance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtimes, "today", lambda: date(2027, 1, 1))
    (message,) = told(RUNTIME_SUPPORTED, FUNCTION, {"runtime": "python3.11"}, config={"noticeDays": 180})
    assert "will get no security updates from 2027-06-30 on" in message
    assert told(RUNTIME_SUPPORTED, FUNCTION, {"runtime": "python3.11"}, config={"noticeDays": 179}) == []


def test_current_date_is_used() -> None:
    assert runtimes.today() == date.today()
    assert len(told(RUNTIME_SUPPORTED, FUNCTION, {"runtime": "python3.8"})) == 1


@pytest.mark.parametrize("props", [{}, {"packageType": "Image"}, {"runtime": "python4.0"}])
def test_images_and_newer_runtimes_pass(props: Props) -> None:
    assert told(RUNTIME_SUPPORTED, FUNCTION, props) == []


def test_every_runtime_of_the_sdk_has_an_end_date() -> None:
    shape = boto3.session.Session().client("lambda", region_name="us-east-1").meta.service_model.shape_for("Runtime")
    assert set(shape.enum) - IN_PREVIEW <= set(DEPRECATED_ON)
