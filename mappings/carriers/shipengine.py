"""ShipEngine (now ShipStation API) tracking webhook to canonical events.

Source: "Webhooks Schema" (`API_TRACK`), https://docs.shipstation.com/apis/shipengine/docs/reference/webhooks-schemas,
and "Track a Package", https://docs.shipstation.com/apis/shipengine/docs/tracking/tracking. ShipStation's v2 pushes the
same as `TRACK_EVENT_V2` (https://docs.shipstation.com/apis/docs/guides/webhooks-schemas). A push is one parcel with all
its events, newest first, so it is a snapshot; it has no version of its own.

`occurred_at` is an instant. Where an event has only `carrier_occurred_at`, the carrier's local time, it is in the
account's zone. A detailed status counts before its group; the parcel's own count for the newest event where that has
neither. The expected delivery is a date where it is told as a midnight, in the account's zone; an account that names no
zone gets none. Coordinates and the signer's name are not read.
"""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.moment import Moment
from contracts.tracking import Coverage, Tracking
from mappings.carriers.shipengine_codes import CODES
from mappings.instants import moment
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import Told, first_of, judge, newest_of, scans_of

RESOURCES = {"API_TRACK", "TRACK_EVENT_V2"}


class _Event(Payload):
    occurred: Text = Field(default="", alias="occurred_at")
    occurred_locally: Text = Field(default="", alias="carrier_occurred_at")
    description: Text = ""
    city: Text = Field(default="", alias="city_locality")
    state: Text = Field(default="", alias="state_province")
    country: Text = Field(default="", alias="country_code")
    status: Text = Field(default="", alias="status_code")
    detail: Text = Field(default="", alias="status_detail_code")

    @property
    def location(self) -> str:
        return ", ".join(part for part in (self.city, self.state, self.country) if part)


class _Parcel(Payload):
    number: str = Field(alias="tracking_number")
    carrier: Text = Field(default="", alias="carrier_code")
    status: Text = Field(default="", alias="status_code")
    detail: Text = Field(default="", alias="status_detail_code")
    expected: Text = Field(default="", alias="estimated_delivery_date")
    events: tuple[_Event, ...] = ()


class _Push(Payload):
    resource: str = Field(alias="resource_type")
    url: Text = Field(default="", alias="resource_url")
    data: _Parcel


def to_events(payload: object, context: Context) -> Mapped:
    """Map one push; raises Rejected with the JSON path of the first wrong value."""
    push = read_payload(_Push, payload)
    if push.resource not in RESOURCES:
        expected = " or ".join(sorted(RESOURCES))
        raise Rejected(f"found {push.resource!r}; expected {expected}", code="invalid", path="$.resource_type")
    parcel = push.data
    parcel_number(parcel.number, "$.data.tracking_number")
    unknown: set[str] = set()
    tracking = Tracking(
        account=context.account,
        source=context.source,
        number=parcel.number,
        carrier=parcel.carrier or _carrier_in(push.url),
        coverage=Coverage.SNAPSHOT,
        scans=scans_of(_told(parcel, context.zone, unknown), Coverage.SNAPSHOT),
        eta=_expected(parcel.expected, context.zone),
    )
    return Mapped((tracking,), tuple(sorted(unknown)))


def _told(parcel: _Parcel, zone: str | None, unknown: set[str]) -> Iterator[Told]:
    """Give the events, oldest first; of one instant, the order in which they were told counts."""
    moments = [_occurred(event, f"$.data.events[{index}]", zone) for index, event in enumerate(parcel.events)]
    newest = newest_of(moments)
    for event, at in zip(reversed(parcel.events), reversed(moments), strict=True):
        codes: tuple[str, ...] = (event.detail, event.status)
        if newest is not None and at.at == moments[newest].at and event == parcel.events[newest]:
            codes = (*codes, parcel.detail, parcel.status)
        meaning = judge([code.upper() for code in codes], CODES, unknown)
        yield Told(at, first_of(codes), meaning, event.description, event.location)


def _occurred(event: _Event, path: str, zone: str | None) -> Moment:
    if event.occurred:
        return moment(event.occurred, f"{path}.occurred_at", zone)
    return moment(event.occurred_locally, f"{path}.carrier_occurred_at", zone)


def _expected(text: str, zone: str | None) -> Moment | None:
    if not text or zone is None:
        return None
    path = "$.data.estimated_delivery_date"
    day, midnight, rest = text.partition("T00:00:00")
    if midnight and not rest.strip(".0Z"):
        return moment(day, path, zone)
    return moment(text, path, zone)


def _carrier_in(url: str) -> str:
    """Give the carrier that the address of the tracking names: older pushes name it nowhere else."""
    try:
        return parse_qs(urlsplit(url).query).get("carrier_code", [""])[0]
    except ValueError:  # an address that is none
        return ""
