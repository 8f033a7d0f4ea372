"""Deviations that are recorded and ask nothing, where neither the line nor the order says which."""

from typing import ClassVar

from pydantic import ConfigDict, Field

from contracts.documents import Tolerance


class OwnTolerance(Tolerance):
    """Percent of the ordered quantity, or absolute in its unit, the larger; under and over apart."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class TolerancePolicy(OwnTolerance):
    """Of every customer, and, by the ERP's number of it, of a customer of its own, which then counts whole."""

    customers: dict[str, OwnTolerance] = Field(default_factory=dict)

    def of(self, customer: str) -> Tolerance:
        """Give what counts for a customer."""
        return self.customers.get(customer, self)
