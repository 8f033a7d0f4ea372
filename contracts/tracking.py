"""What carriers and tracking aggregators tell, in one vocabulary.

A detailed code is mapped first, then a group code, then it is `unknown` and counted: never a silent default. The
carrier's raw code and text are kept. A locker is `available_for_pickup`, not delivered; delivered on the way back is
returned.
"""

from enum import StrEnum

from pydantic import Field

from contracts.identity import digest
from contracts.model import Contract
from contracts.moment import Moment


class TrackingStatus(StrEnum):
    """Where a parcel is: a vocabulary of our own, into which each carrier's codes are mapped by the vendor's table."""

    REGISTERED = "registered"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    CUSTOMS = "customs"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    DELIVERY_ATTEMPTED = "delivery_attempted"
    DELIVERED = "delivered"
    PARTIALLY_DELIVERED = "partially_delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    EXCEPTION = "exception"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"

    @property
    def is_final(self) -> bool:
        """Whether no scan is expected after it."""
        return self in _FINAL

    @property
    def is_moving(self) -> bool:
        """Whether the parcel is on its way and scans are expected."""
        return self in _MOVING


_FINAL = {
    TrackingStatus.DELIVERED,
    TrackingStatus.RETURNED,
    TrackingStatus.CANCELLED,
    TrackingStatus.EXPIRED,
}
_MOVING = {
    TrackingStatus.PICKED_UP,
    TrackingStatus.IN_TRANSIT,
    TrackingStatus.CUSTOMS,
    TrackingStatus.OUT_FOR_DELIVERY,
    TrackingStatus.DELIVERY_ATTEMPTED,
    TrackingStatus.RETURNING,
    TrackingStatus.EXCEPTION,
    TrackingStatus.UNKNOWN,
}


class Reason(StrEnum):
    """Why a parcel does not move as it should, in one vocabulary for all carriers.

    What carries it is text: it may grow, and a newer reason must break no reader.
    """

    PROBLEM = "problem"
    NOT_SIGNED_IN_TIME = "not_signed_in_time"
    NO_NEWS = "no_news"
    REFUSED = "refused"
    DELIVERY_FAILED = "delivery_failed"
    NOT_COLLECTED = "not_collected"
    RECIPIENT_UNREACHABLE = "recipient_unreachable"
    OUT_OF_AREA = "out_of_area"
    WRONG_ADDRESS = "wrong_address"
    PAYMENT_DUE = "payment_due"
    HELD = "held"
    DELAYED = "delayed"
    DAMAGED = "damaged"
    LOST = "lost"
    DESTROYED = "destroyed"
    CUSTOMS_PROBLEM = "customs_problem"
    WITHDRAWN = "withdrawn"


class Owner(StrEnum):
    """In whose hands an exception lies."""

    CARRIER = "carrier"
    SHIPPER = "shipper"
    RECIPIENT = "recipient"
    CUSTOMS = "customs"
    EXTERNAL = "external"


class Coverage(StrEnum):
    """Whether a report tells all that its source knows of a parcel, or only what is new."""

    SNAPSHOT = "snapshot"
    INCREMENT = "increment"


class Subscription(StrEnum):
    """What a report says about its own subscription at the source."""

    ACTIVE = "active"
    COMPLETED = "completed"
    ABORTED = "aborted"


class Scan(Contract):
    """One tracking event.

    raw_code and raw_text are the carrier's own. reason (a `Reason`) and owner stand beside what went wrong. position is
    the place of the scan in its report, oldest first: it orders scans of one instant.
    """

    id: str = Field(min_length=1)
    occurred: Moment
    status: TrackingStatus
    reason: str = ""
    owner: Owner | None = None
    action_required: bool = False
    returning: bool = False
    raw_code: str = ""
    raw_text: str = ""
    location: str = ""
    position: int = Field(default=0, ge=0)


def scan_id(occurred: Moment, raw_code: str, raw_text: str, location: str = "") -> str:
    """Give a scan whose sender has no id of its own one that is the same whenever the same is told."""
    return digest(occurred.at.isoformat(), raw_code, raw_text, location, size=8)


class Tracking(Contract):
    """One report about one parcel.

    source: `CONNECTOR/ACCOUNT` that told it. carrier: as the sender names it. sent_version: the sender's own version or
    push time, sortable as text, empty where there is none. order: the order that the sender names, if it does.
    """

    account: str = Field(min_length=1)
    source: str = Field(min_length=1)
    number: str = Field(min_length=1)
    carrier: str = ""
    coverage: Coverage
    scans: tuple[Scan, ...] = ()
    eta: Moment | None = None
    sent_version: str = ""
    subscription: Subscription = Subscription.ACTIVE
    subscription_text: str = ""
    order: str = ""
