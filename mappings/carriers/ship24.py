"""Ship24 webhook message to canonical events.

Sources: "Sending behavior", https://docs.ship24.com/webhooks/delivery, and "Status", https://docs.ship24.com/status. A
message tells one or several trackings, each with the event that is new (an account may have them grouped), so it is an
increment.

Of an event its `statusCode` counts, then its `statusMilestone`, which is that of the shipment at the time. A milestone
`exception` says nothing of where the parcel is but that somebody must look; `pending` says that nothing is known.
`occurrenceDatetime` is the courier's local time; where `utcOffset` stands beside it, it is an instant, and where
`hasNoTime` says so, a date. Both names are those of the vendor's API reference. Else the account's zone counts.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.moment import Moment
from contracts.tracking import Coverage, Owner, Reason, Tracking, TrackingStatus
from mappings.instants import moment
from mappings.meaning import Meaning
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import Told, first_of, judge, scans_of

_Status = TrackingStatus
_DATE = len("2026-03-02")

CODES: Mapping[str, Meaning] = MappingProxyType(
    {
        "data_order_created": Meaning("data_order_created", _Status.REGISTERED),
        "data_order_cancelled": Meaning("data_order_cancelled", _Status.CANCELLED, Reason.WITHDRAWN),
        "data_delivery_proposed": Meaning("data_delivery_proposed", _Status.UNKNOWN),
        "data_delivery_decided": Meaning("data_delivery_decided", _Status.UNKNOWN),
        "transit_handover": Meaning("transit_handover", _Status.PICKED_UP),
        "transit_origin_country_departure": Meaning("transit_origin_country_departure", _Status.IN_TRANSIT),
        "destination_arrival": Meaning("destination_arrival", _Status.IN_TRANSIT),
        "customs_received": Meaning("customs_received", _Status.CUSTOMS),
        "customs_exception": Meaning(
            "customs_exception", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS, action_required=True
        ),
        "customs_rejected": Meaning(
            "customs_rejected", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS, action_required=True
        ),
        "customs_cleared": Meaning("customs_cleared", _Status.IN_TRANSIT),
        "delivery_available_for_pickup": Meaning("delivery_available_for_pickup", _Status.AVAILABLE_FOR_PICKUP),
        "delivery_out_for_delivery": Meaning("delivery_out_for_delivery", _Status.OUT_FOR_DELIVERY),
        "delivery_attempted": Meaning("delivery_attempted", _Status.DELIVERY_ATTEMPTED),
        "delivery_exception": Meaning(
            "delivery_exception", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER, action_required=True
        ),
        "delivery_refused": Meaning(
            "delivery_refused", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True
        ),
        "delivery_delivered": Meaning("delivery_delivered", _Status.DELIVERED),
        "exception_return": Meaning("exception_return", _Status.RETURNING, returning=True),
        "exception_lost": Meaning("exception_lost", _Status.EXPIRED, Reason.LOST, Owner.CARRIER, action_required=True),
        "exception_discarded": Meaning(
            "exception_discarded", _Status.EXPIRED, Reason.DESTROYED, Owner.CARRIER, action_required=True
        ),
        "pending": Meaning("pending", _Status.UNKNOWN),
        "info_received": Meaning("info_received", _Status.REGISTERED),
        "in_transit": Meaning("in_transit", _Status.IN_TRANSIT),
        "out_for_delivery": Meaning("out_for_delivery", _Status.OUT_FOR_DELIVERY),
        "failed_attempt": Meaning("failed_attempt", _Status.DELIVERY_ATTEMPTED),
        "available_for_pickup": Meaning("available_for_pickup", _Status.AVAILABLE_FOR_PICKUP),
        "delivered": Meaning("delivered", _Status.DELIVERED),
        "exception": Meaning("exception", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
    }
)
"""From each `statusCode`, then each `statusMilestone`, to its meaning."""


class _Event(Payload):
    occurred: str = Field(alias="occurrenceDatetime")
    offset: Text = Field(default="", alias="utcOffset")
    has_no_time: bool = Field(default=False, alias="hasNoTime")
    status: Text = ""
    location: Text = ""
    courier: Text = Field(default="", alias="courierCode")
    code: Text = Field(default="", alias="statusCode")
    milestone: Text = Field(default="", alias="statusMilestone")


class _Tracker(Payload):
    number: str = Field(alias="trackingNumber")


class _Metadata(Payload):
    generated: Text = Field(default="", alias="generatedAt")


class _Tracking(Payload):
    metadata: _Metadata = _Metadata()
    tracker: _Tracker
    events: tuple[_Event, ...] = ()


class _Message(Payload):
    trackings: tuple[_Tracking, ...] = Field(min_length=1)


def to_events(payload: object, context: Context) -> Mapped:
    """Map one message to one report a tracking; raises Rejected with the JSON path of the first wrong value."""
    unknown: set[str] = set()
    reports = tuple(
        _report(tracking, f"$.trackings[{index}]", context, unknown)
        for index, tracking in enumerate(read_payload(_Message, payload).trackings)
    )
    return Mapped(reports, tuple(sorted(unknown)))


def _report(tracking: _Tracking, path: str, context: Context, unknown: set[str]) -> Tracking:
    told = _told(tracking.events, f"{path}.events", context.zone, unknown)
    return Tracking(
        account=context.account,
        source=context.source,
        number=parcel_number(tracking.tracker.number, f"{path}.tracker.trackingNumber"),
        carrier=first_of([event.courier for event in tracking.events]),
        coverage=Coverage.INCREMENT,
        scans=scans_of(told, Coverage.INCREMENT),
        sent_version=tracking.metadata.generated,
    )


def _told(events: tuple[_Event, ...], path: str, zone: str | None, unknown: set[str]) -> Iterator[Told]:
    for index, event in enumerate(events):
        codes = (event.code, event.milestone)
        at = _occurred(event, f"{path}[{index}].occurrenceDatetime", zone)
        yield Told(at, first_of(codes), judge(codes, CODES, unknown), event.status, event.location)


def _occurred(event: _Event, path: str, zone: str | None) -> Moment:
    if event.has_no_time:
        return moment(event.occurred[:_DATE], path, zone)
    return moment(event.occurred + event.offset, path, zone)
