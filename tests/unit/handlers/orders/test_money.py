"""Exact amounts."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.orders.money import as_number, fee, from_number, to_cents, totals

CENTS = st.integers(1, 10_000_000).map(lambda cents: cents / 100)
LINES = st.lists(st.tuples(st.integers(1, 1_000), CENTS), min_size=1, max_size=50)


def half_up(amount: Fraction) -> int:
    """Return the cents of an amount, computed in another way than the code does."""
    return int(amount * 100 + Fraction(1, 2))


def test_totals_of_the_recipe() -> None:
    cost = totals([(2, Decimal("29.99"))])
    assert (str(cost.subtotal), str(cost.tax), str(cost.total)) == ("59.98", "4.80", "64.78")
    assert str(fee(cost.total)) == "2.18"


@given(LINES)
def test_totals_are_exact(lines: list[tuple[int, float]]) -> None:
    cost = totals((quantity, from_number(price)) for quantity, price in lines)
    cents = sum(quantity * round(price * 100) for quantity, price in lines)
    assert cost.subtotal * 100 == cents
    assert cost.tax * 100 == half_up(Fraction(cents, 100) * Fraction(8, 100))
    assert cost.total == cost.subtotal + cost.tax


@given(LINES)
def test_json_shows_two_decimals_at_most(lines: list[tuple[int, float]]) -> None:
    cost = totals((quantity, from_number(price)) for quantity, price in lines)
    for amount in (cost.subtotal, cost.tax, cost.total, fee(cost.total)):
        text = json.dumps(as_number(amount))
        assert len(text.partition(".")[2]) <= 2
        assert "e" not in text
        assert from_number(json.loads(text)) == amount


@given(st.integers(1, 10_000_000_000))
def test_the_fee_is_rounded_once(cents: int) -> None:
    expected = half_up(Fraction(cents, 100) * Fraction(29, 1000) + Fraction(30, 100))
    assert fee(Decimal(cents) / 100) * 100 == expected


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("1.115", "1.12"), ("2.675", "2.68"), ("10", "10.00")],
)
def test_half_a_cent_is_rounded_up(amount: str, rounded: str) -> None:
    assert str(to_cents(Decimal(amount))) == rounded


def test_prices_below_a_cent_add_up() -> None:
    assert totals([(1_000, Decimal("0.005"))]).subtotal == 5


def test_inexact_float_gives_the_exact_total() -> None:
    assert totals([(1_000, from_number(0.1 + 0.2))]).subtotal == 300
