"""EasyPost webhook event to canonical events.

Sources: "Event object", https://docs.easypost.com/docs/events, and "Tracker object",
https://docs.easypost.com/docs/trackers. `tracker.created` and `tracker.updated` carry the whole tracker, and with it
the parcel's whole history: a snapshot, whose version is the tracker's `updated_at`. A webhook of EasyPost's is told of
all that happens in the account; events about something else (`batch.updated`, `refund.successful`) say nothing of a
parcel.

Times are ISO with an offset, in UTC. Where enough is known of a scan's place, its time was converted from the place's
zone; where not, "timestamps default to UTC": what stands there may be a local time, and is told as one.

The expected arrival is the local date of `carrier_detail`, with its local time where there is one. It is of the
destination, whose zone no field names: the account's `zone` counts, else UTC. `est_delivery_date` stands in where the
carrier tells no local one; at midnight in UTC it is a date.

`is_return` says that the label is that of a return, not that the parcel turned back: nothing follows from it here.
"""

from collections.abc import Iterable

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.moment import Moment, Precision, ZoneSource
from contracts.tracking import Coverage, Subscription, Tracking
from mappings.carriers.easypost_codes import CODES, DECIDING
from mappings.instants import day_at_midnight, moment
from mappings.meaning import Meaning
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import Told, judge, scans_of

TRACKER_EVENTS = frozenset({"tracker.created", "tracker.updated"})


class _Place(Payload):
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    country: Text = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.city, self.state, self.zip, self.country) if part)


class _Detail(Payload):
    at: str = Field(alias="datetime")
    status: Text = ""
    status_detail: Text = ""
    message: Text = ""
    place: _Place | None = Field(default=None, alias="tracking_location")


class _CarrierDetail(Payload):
    date: Text = Field(default="", alias="est_delivery_date_local")
    time: Text = Field(default="", alias="est_delivery_time_local")


class _Tracker(Payload):
    tracking_code: str
    carrier: Text = ""
    updated_at: Text = ""
    est_delivery_date: Text = ""
    finalized: bool = False
    carrier_detail: _CarrierDetail | None = None
    tracking_details: tuple[_Detail, ...] = ()


class _Event(Payload):
    description: str = Field(pattern=r"^[a-z_]+\.[a-z_.]+$")


class _TrackerEvent(_Event):
    result: _Tracker


def to_events(payload: object, context: Context) -> Mapped:
    """Map one event; raises Rejected with the JSON path of the first wrong value."""
    if read_payload(_Event, payload).description not in TRACKER_EVENTS:
        return Mapped()
    tracker = read_payload(_TrackerEvent, payload).result
    unknown: set[str] = set()
    tracking = Tracking(
        account=context.account,
        source=context.source,
        number=parcel_number(tracker.tracking_code, "$.result.tracking_code"),
        carrier=tracker.carrier,
        coverage=Coverage.SNAPSHOT,
        scans=scans_of(_told(tracker.tracking_details, unknown), Coverage.SNAPSHOT),
        eta=_eta(tracker, context),
        sent_version=_version(tracker.updated_at),
        subscription=Subscription.COMPLETED if tracker.finalized else Subscription.ACTIVE,
    )
    return Mapped((tracking,), tuple(sorted(unknown)))


def _told(details: tuple[_Detail, ...], unknown: set[str]) -> Iterable[Told]:
    for index, detail in enumerate(details):
        place = detail.place or _Place()
        at = moment(detail.at, f"$.result.tracking_details[{index}].datetime", "UTC", ZoneSource.DOCUMENTATION)
        if not (place.city or place.state or place.zip):
            at = Moment(at=at.at, precision=Precision.LOCAL, zone_source=ZoneSource.DOCUMENTATION)
        meaning = _judge(detail.status, detail.status_detail, unknown)
        code = f"{detail.status}/{detail.status_detail}" if detail.status_detail else detail.status
        yield Told(at, code, meaning, detail.message, str(place))


def _judge(status: str, status_detail: str, unknown: set[str]) -> Meaning:
    """Give what a scan means: its detail counts where its status leaves open where the parcel is."""
    detail = f"/{status_detail}" if status_detail else ""
    if status in DECIDING:
        if detail and detail not in CODES:
            unknown.add(detail)
        return CODES[status]
    if status and status not in CODES:
        unknown.add(status)
    return judge((detail, status), CODES, unknown)


def _eta(tracker: _Tracker, context: Context) -> Moment | None:
    zone, source = (context.zone, ZoneSource.ACCOUNT) if context.zone else ("UTC", ZoneSource.DOCUMENTATION)
    local = tracker.carrier_detail
    if local and local.date:
        written = f"{local.date}T{local.time}" if local.time else local.date
        return moment(written, "$.result.carrier_detail.est_delivery_date_local", zone, source)
    if not tracker.est_delivery_date:
        return None
    return day_at_midnight(moment(tracker.est_delivery_date, "$.result.est_delivery_date", zone, source), zone, source)


def _version(updated_at: str) -> str:
    """Write the tracker's version so that text sorts like time."""
    if not updated_at:
        return ""
    return moment(updated_at, "$.result.updated_at", "UTC", ZoneSource.DOCUMENTATION).at.isoformat()
