"""What a carrier's code means in our vocabulary. Each carrier's table is data of this shape, beside its mapping."""

from dataclasses import dataclass

from contracts.tracking import Owner, Reason, TrackingStatus


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
