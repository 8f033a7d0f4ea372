"""Carriers: what is expected of them, and what is proposed where they fall short of it.

ISO 9001:2015, 8.4.1: criteria for the evaluation, the monitoring of performance and the re-evaluation of external
providers.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

Percent = Annotated[float, Field(ge=0, le=100)]


class AtLeast(BaseModel):
    """A share in percent that should not be less. review: below it, talk to the carrier; suspend: below it, stop.

    Without `suspend` nobody is suspended for it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    review: Percent
    suspend: Percent | None = None

    @model_validator(mode="after")
    def _suspends_for_worse(self) -> "AtLeast":
        if self.suspend is not None and self.suspend > self.review:
            raise ValueError("`suspend` is worse than `review`: a smaller share")
        return self


class AtMost(BaseModel):
    """A share in percent that should not be more. review: above it, talk to the carrier; suspend: above it, stop.

    Without `suspend` nobody is suspended for it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    review: Percent
    suspend: Percent | None = None

    @model_validator(mode="after")
    def _suspends_for_worse(self) -> "AtMost":
        if self.suspend is not None and self.suspend < self.review:
            raise ValueError("`suspend` is worse than `review`: a larger share")
        return self


class CarrierEvaluationPolicy(BaseModel):
    """What carriers are evaluated by.

    enough: how many legs there must be before anything is proposed. on_time, lost, damaged: of all legs. exceptions: of
    all legs, those with one that lay in the carrier's hands. silent: of all legs, those that were silent for longer
    than `policy.stalled` allows. untold: of all delivered legs, those whose delivery the carrier never told.
    unknown_codes, told_late: of all scans.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    enough: Annotated[int, Field(ge=1, le=10_000)] = 20
    on_time: AtLeast = AtLeast(review=95, suspend=85)
    lost: AtMost = AtMost(review=0.2, suspend=1)
    damaged: AtMost = AtMost(review=0.5, suspend=2)
    exceptions: AtMost = AtMost(review=10)
    silent: AtMost = AtMost(review=10)
    untold: AtMost = AtMost(review=5)
    unknown_codes: AtMost = AtMost(review=2)
    told_late: AtMost = AtMost(review=25)
