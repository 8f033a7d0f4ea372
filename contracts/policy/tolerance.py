"""Deviations that are recorded and ask nothing, where neither the line nor the order says which."""

from typing import ClassVar

from pydantic import ConfigDict, Field

from contracts.documents import Tolerance


class OwnTolerance(Tolerance):
    """How much less or more asks nothing: percent of what was ordered, or absolute in its unit, the larger of both.

    under_percent: percent that may be missing. over_percent: percent that may be too much. under: so much of its unit
    may be missing. over: so much may be too much.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class TolerancePolicy(OwnTolerance):
    """The deviations that are recorded and ask nothing.

    customers: the same of single customers, by the ERP's number of them; it then counts whole.
    """

    customers: dict[str, OwnTolerance] = Field(default_factory=dict)

    def of(self, customer: str) -> Tolerance:
        """Give what counts for a customer."""
        return self.customers.get(customer, self)
