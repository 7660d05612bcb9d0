"""The user service."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.orders.errors import (
    InvalidOrderError,
    ServiceUnavailableError,
    UserInactiveError,
    UserNotFoundError,
)
from handlers.orders.user import handler, look_up
from tests.unit.handlers.conftest import Context, event


def test_user_of_the_recipe(context: Context) -> None:
    user = handler(event("orders_user"), context)
    assert user["userId"] == "test123"
    assert user["email"] == "test123@example.com"
    assert user["status"] == "ACTIVE"
    assert user == handler(event("orders_user"), context)


@given(st.text(max_size=20))
def test_score_follows_from_the_user_id(name: str) -> None:
    user_id = f"u{name}"  # So that it does not begin like one that asks for something.
    score = look_up(user_id, on_demand=True)["creditScore"]
    assert 600 <= score <= 850
    assert score == look_up(user_id, on_demand=True)["creditScore"]


def test_scores_are_spread() -> None:
    scores = {look_up(f"user-{number}", on_demand=True)["creditScore"] for number in range(2_000)}
    assert len(scores) > 240
    assert {min(scores), max(scores)} <= {*range(600, 606), *range(845, 851)}


@pytest.mark.parametrize(("user_id", "score"), [("low-credit-1", 600), ("high-credit-1", 850)])
def test_user_id_can_set_the_score(user_id: str, score: int) -> None:
    assert look_up(user_id, on_demand=True)["creditScore"] == score


@pytest.mark.parametrize(
    ("user_id", "error"),
    [
        ("unknown-1", UserNotFoundError),
        ("inactive-1", UserInactiveError),
        ("user-down-1", ServiceUnavailableError),
    ],
)
def test_each_refusal_has_its_error_name(user_id: str, error: type[Exception], context: Context) -> None:
    with pytest.raises(error, match=r"^(There|The) .*user"):
        handler({"userId": user_id}, context)


@pytest.mark.parametrize("sent", [{}, {"userId": None}, {"userId": ""}, {"userId": 7}, {"userId": "x" * 129}])
def test_unknown_user_is_refused(sent: dict[str, Any], context: Context) -> None:
    with pytest.raises(InvalidOrderError, match="userId: "):
        handler(sent, context)


@pytest.mark.parametrize("sent", ["test123", None, []])
def test_request_must_be_an_object(sent: Any, context: Context) -> None:
    with pytest.raises(InvalidOrderError, match="must be a JSON object"):
        handler(sent, context)


@pytest.mark.parametrize("user_id", ["unknown-1", "inactive-1", "user-down-1", "low-credit-1", "high-credit-1"])
def test_without_failures_on_demand_no_user_is_special(
    user_id: str, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO_FAILURES", "false")
    user = handler({"userId": user_id}, context)
    assert user["status"] == "ACTIVE"
    assert 600 < user["creditScore"] < 850
