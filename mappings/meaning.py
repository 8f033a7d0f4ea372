"""What a carrier's code means in our vocabulary. Each carrier's table is data of this shape, beside its mapping."""

from dataclasses import dataclass
from enum import StrEnum

from contracts.tracking import Owner, TrackingStatus


class Reason(StrEnum):
    """Why a parcel does not move as it should, in one vocabulary for all carriers."""

    PROBLEM = "problem"
    NOT_SIGNED_IN_TIME = "not_signed_in_time"
    NO_NEWS = "no_news"
    REFUSED = "refused"
    DELIVERY_FAILED = "delivery_failed"
    NOT_COLLECTED = "not_collected"
    RECIPIENT_UNREACHABLE = "recipient_unreachable"
    OUT_OF_AREA = "out_of_area"
    HELD = "held"
    DAMAGED = "damaged"
    CUSTOMS_PROBLEM = "customs_problem"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One row of a carrier's code table.

    name: the vendor's own word for the code. owner: in whose hands it lies. action_required: whether somebody must act
    before the parcel goes on. returning: whether the parcel is on its way back, or back.
    """

    name: str
    status: TrackingStatus
    reason: Reason | None = None
    owner: Owner | None = None
    action_required: bool = False
    returning: bool = False
