"""Amounts of money: exact decimals in Python, numbers with two decimals in JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
TAX_RATE = Decimal("0.08")
FEE_RATE = Decimal("0.029")
FEE_PER_CHARGE = Decimal("0.30")


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The amounts of an order, in dollars to the cent; `total` is the sum of the other two."""

    subtotal: Decimal
    tax: Decimal
    total: Decimal


def totals(lines: Iterable[tuple[int, Decimal]]) -> Totals:
    """Add up lines of (quantity, price of one). Only sums are rounded, so that prices below a cent add up as well."""
    subtotal = to_cents(sum((quantity * price for quantity, price in lines), Decimal(0)))
    tax = to_cents(subtotal * TAX_RATE)
    return Totals(subtotal=subtotal, tax=tax, total=subtotal + tax)


def fee(amount: Decimal) -> Decimal:
    """Return the payment provider's fee for a charge."""
    return to_cents(amount * FEE_RATE + FEE_PER_CHARGE)


def to_cents(amount: Decimal) -> Decimal:
    """Round to cents; half a cent is rounded up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def from_number(number: float) -> Decimal:
    """Return a number from JSON as it was written: 29.99, and not the nearest binary fraction."""
    return Decimal(str(number))


def as_number(amount: Decimal) -> float:
    """Return an amount as a number for JSON."""
    return float(amount)
