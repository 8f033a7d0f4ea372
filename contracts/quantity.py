"""Quantities: a decimal number and a unit, never one without the other.

Units are codes of UN/ECE Recommendation 20 (C62 one, KGM kilogram, MTR metre, LTR litre, HUR hour, …). Different
units are never added; a conversion is one that the order or the configuration gives.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from contracts.errors import Rejected
from contracts.model import Contract, build

UnitCode = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,3}$")]
"""A code of UN/ECE Recommendation 20, column "Common Code"."""


class Quantity(Contract):
    """So many of a unit; never negative."""

    value: Decimal = Field(ge=0, max_digits=24, decimal_places=9)
    unit: UnitCode

    def __add__(self, other: "Quantity") -> "Quantity":
        """Add; raises Rejected at another unit, and where the sum has more digits than a quantity."""
        self._same_unit(other)
        return build(Quantity, value=self.value + other.value, unit=self.unit)

    def less(self, other: "Quantity") -> "Quantity":
        """Subtract, but not below zero: max(0, self - other). Raises Rejected at another unit."""
        self._same_unit(other)
        return Quantity(value=max(Decimal(0), self.value - other.value), unit=self.unit)

    def _same_unit(self, other: "Quantity") -> None:
        if self.unit != other.unit:
            raise Rejected(f"{other.unit} cannot be reckoned with {self.unit}", code="mixed_units")

    def __str__(self) -> str:
        """Write the number without superfluous zeros, and the unit."""
        return f"{self.value.normalize():f} {self.unit}"


def nothing(unit: str) -> Quantity:
    """Zero of `unit`."""
    return Quantity(value=Decimal(0), unit=unit)


def total(quantities: list[Quantity], unit: str) -> Quantity:
    """Add up; zero of `unit` for none. Raises Rejected where units differ."""
    found = nothing(unit)
    for quantity in quantities:
        found += quantity
    return found
