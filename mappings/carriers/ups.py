"""UPS Track Alert event to canonical events.

Source: UPSTrackAlert.yaml (schema TrackingEventRequest), and Tracking.yaml (schema Activity), which the history that is
read with each subscription has; https://github.com/UPS-API/api-documentation. An event tells one thing that happened to
one package, so it is an increment.

An event has its local time and its time in GMT; the latter counts. Without it, the local time counts with `gmtOffset`,
written `-04:00`, `-0400` or `-04.00`; with neither, in the account's zone. A date without a time is a date.

The description code counts before the type. The expected arrival is the local date of `scheduledDeliveryDate` with
`deliveryEndTime`, in the destination's zone, which no field names: the account's `zone` counts, and an account that
names none gets no arrival. Once a package is delivered there is none. The postal code is left out of a scan's place: it
is "blank until the delivery event occurs", and the same event from the history has it.
"""

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.model import shown
from contracts.moment import Moment
from contracts.tracking import Coverage, Tracking
from mappings.carriers.ups_codes import CODES
from mappings.instants import moment
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import Told, judge, scans_of

CARRIER = "UPS"
_DATE, _TIME = len("20260302"), len("090540")


class _Location(Payload):
    city: Text = ""
    state: Text = Field(default="", alias="stateProvince")
    country: Text = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.city, self.state, self.country) if part)


class _Status(Payload):
    type: Text = ""
    code: Text = ""
    description: Text = ""
    description_code: Text = Field(default="", alias="descriptionCode")


class _Event(Payload):
    number: str = Field(alias="trackingNumber")
    status: _Status = Field(alias="activityStatus")
    location: _Location | None = Field(default=None, alias="activityLocation")
    local_date: Text = Field(default="", alias="localActivityDate")
    local_time: Text = Field(default="", alias="localActivityTime")
    gmt_date: Text = Field(default="", alias="gmtActivityDate")
    gmt_time: Text = Field(default="", alias="gmtActivityTime")
    gmt_offset: Text = Field(default="", alias="gmtOffset")
    scheduled_date: Text = Field(default="", alias="scheduledDeliveryDate")
    end_time: Text = Field(default="", alias="deliveryEndTime")
    delivered_date: Text = Field(default="", alias="actualDeliveryDate")


def to_events(payload: object, context: Context) -> Mapped:
    """Map one event; raises Rejected with the JSON path of the first wrong value."""
    event = read_payload(_Event, payload)
    status, unknown = event.status, set[str]()
    meaning = judge((status.description_code, status.type), CODES, unknown)
    code = "/".join(filter(None, (status.type, status.code, status.description_code)))
    told = Told(_occurred(event, context.zone), code, meaning, status.description, str(event.location or ""))
    tracking = Tracking(
        account=context.account,
        source=context.source,
        number=parcel_number(event.number, "$.trackingNumber"),
        carrier=CARRIER,
        coverage=Coverage.INCREMENT,
        scans=scans_of((told,), Coverage.INCREMENT),
        eta=_expected(event, context.zone),
    )
    return Mapped((tracking,), tuple(sorted(unknown)))


def _occurred(event: _Event, zone: str | None) -> Moment:
    if event.gmt_date and event.gmt_time:
        return moment(_iso(event.gmt_date, event.gmt_time, "$.gmtActivityDate") + "Z", "$.gmtActivityDate")
    path = "$.localActivityDate"
    local = _iso(event.local_date, event.local_time, path)
    if event.local_time and event.gmt_offset:
        return moment(local + event.gmt_offset.replace(".", ":"), path)
    return moment(local, path, zone)


def _expected(event: _Event, zone: str | None) -> Moment | None:
    if not event.scheduled_date or event.delivered_date or zone is None:
        return None
    path = "$.scheduledDeliveryDate"
    return moment(_iso(event.scheduled_date, event.end_time, path), path, zone)


def _iso(day: str, time: str, path: str) -> str:
    """Write `YYYYMMDD` and `HHMMSS`, or no time, as ISO 8601."""
    if len(day) != _DATE or len(time) not in {0, _TIME}:
        raise Rejected(f"found {shown(day)} and {shown(time)}; expected YYYYMMDD and HHMMSS", code="invalid", path=path)
    date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return f"{date}T{time[:2]}:{time[2:4]}:{time[4:]}" if time else date
