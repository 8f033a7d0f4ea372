"""A lane and what is known of it: legs that came to an end, and what their history says of one that has begun.

A lane is what a carrier's transit time depends on: the carrier, its service, where a parcel leaves and where it goes.
Names follow UBL 2.3 (Consignment, TransportHandlingUnit) and GS1 usage; a leg is one parcel's way on one lane.
"""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from contracts.documents import Place
from contracts.identity import digest, key
from contracts.model import Contract
from contracts.moment import Instant
from contracts.order_fact import OrderFact


class Lane(Contract):
    """A lane. carrier: as the policy's aliases name it; service: as the ERP does.

    origin and destination: ISO 3166-2 codes (`DE-BY`), the country alone where the region is not known, empty where
    nothing is.
    """

    carrier: str = Field(min_length=1)
    service: str = ""
    origin: str = ""
    destination: str = ""

    @property
    def key(self) -> bytes:
        """Key of `lanes`; the lane is nobody's alone, so no account stands in it."""
        return key(self.carrier, f"service:{self.service}", f"from:{self.origin}", f"to:{self.destination}")


def region(place: Place) -> str:
    """Give a place's ISO 3166-2 code, or its country alone, or nothing."""
    return f"{place.country}-{place.region}" if place.country and place.region else place.country


class LegOutcome(StrEnum):
    """How a leg ended: at the recipient, back at the sender, or nowhere that the carrier knows."""

    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"


class Leg(Contract):
    """One parcel's way from the sender to its end, and what stood in it.

    is_scanned: its end was told by its carrier or by a signature. promised_by: when the window of its order closes.
    due_by: by when its carrier should have delivered it: then, or later where it left so late that the policy's transit
    time ends only after it. damaged: its carrier or its recipient says so. exceptions: by whose hands they lay in
    (`contracts.tracking.Owner`; `unknown` where nobody is named). silence_hours: the longest time between two scans
    while it moved; absent where it is not known. scans: all that count; unknown_codes: those whose code no table lists;
    late_scans: those that were told long after they happened.
    """

    lane: Lane
    number: str = Field(min_length=1)
    despatched_at: Instant | None = None
    picked_up_at: Instant | None = None
    ended_at: Instant
    outcome: LegOutcome
    is_scanned: bool = True
    promised_by: Instant | None = None
    due_by: Instant | None = None
    damaged: bool = False
    exceptions: dict[str, int] = Field(default_factory=dict)
    silence_hours: float | None = Field(default=None, ge=0)
    scans: int = Field(default=0, ge=0)
    unknown_codes: int = Field(default=0, ge=0)
    late_scans: int = Field(default=0, ge=0)

    @property
    def id(self) -> str:
        """The same for the same leg, whichever of the orders that share the parcel tells it."""
        return digest(self.number, self.ended_at.isoformat(), self.outcome, size=8)

    @property
    def transit_hours(self) -> float | None:
        """Hours from when the carrier took it over, or it left, to its delivery; None where that was not told."""
        began = self.picked_up_at or self.despatched_at
        if began is None or self.outcome is not LegOutcome.DELIVERED or not self.is_scanned:
            return None
        return max(0.0, (self.ended_at - began).total_seconds() / 3600)


class LegCompleted(Contract):
    """A parcel's leg came to an end. From `deliver` to `lanes`; told once."""

    account: str = Field(min_length=1)
    order: str = Field(min_length=1)
    leg: Leg


class LaneAsked(Contract):
    """A parcel has left on a lane: how long will it take? From `deliver` to `lanes`; asked once a lane."""

    account: str = Field(min_length=1)
    order: str = Field(min_length=1)
    number: str = Field(min_length=1)
    lane: Lane
    despatched_at: Instant


class Basis(StrEnum):
    """On what an expectation rests: the lane's own history, or the policy where that is too small."""

    HISTORY = "history"
    POLICY = "policy"


class TransitTime(Contract):
    """Quantiles of a lane's transit time, in hours: half of its parcels, four in five, and 19 in 20 took no longer."""

    p50: float = Field(ge=0)
    p80: float = Field(ge=0)
    p95: float = Field(ge=0)


class TransitEstimate(Contract):
    """How long a parcel will take, on what that rests, and how sure it is.

    sample: how many legs it rests on; transit and silence_hours (99 in 100 were never silent for longer) are absent
    where it rests on the policy. as_of: when the newest of those legs ended.
    """

    rests_on: Basis
    sample: int = Field(default=0, ge=0)
    transit: TransitTime | None = None
    silence_hours: float | None = Field(default=None, ge=0)
    as_of: Instant | None = None


class LaneEstimate(OrderFact):
    """What a lane's history says of a parcel that has left on it. From `lanes` to `deliveries`.

    Where it says too little the estimate rests on the policy, and tells the sample that was too small.
    """

    kind: ClassVar[str] = "lane_estimate"

    number: str = Field(min_length=1)
    lane: Lane
    estimate: TransitEstimate
