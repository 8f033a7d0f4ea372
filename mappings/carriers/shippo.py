"""Shippo webhook to canonical events.

Sources: "Webhooks", https://docs.goshippo.com/docs/tracking/webhooks; "Tracking",
https://docs.goshippo.com/docs/tracking/tracking/; `WebhookPayloadTrack`, `Track` and `TrackingStatus` of its API
description, as https://github.com/goshippo/shippo-python-sdk has them. `track_updated` carries the whole history,
earliest first: a snapshot, whose version is when its newest status was last changed. The other events that a webhook
may be told of (`transaction_created`, `batch_purchased` and so on) say nothing of a parcel.

A detail (`substatus`) counts before its status, but a parcel whose status says that it goes back goes back, whatever
else happens to it on the way.

`status_date` is in UTC, also where its `Z` is missing, as in test mode. `eta` is a date that is written as midnight in
UTC: it is the destination's, whose zone no field names, so the account's `zone` counts, else UTC.
"""

from collections.abc import Iterable
from dataclasses import replace

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.model import shown
from contracts.moment import Moment, ZoneSource
from contracts.tracking import Coverage, Tracking
from mappings.carriers.shippo_codes import CODES
from mappings.instants import day_at_midnight, moment
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import Told, judge, scans_of

TRACK_UPDATED = "track_updated"
OTHER_EVENTS = frozenset({"transaction_created", "transaction_updated", "batch_created", "batch_purchased"})


class _Place(Payload):
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    country: Text = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.city, self.state, self.zip, self.country) if part)


class _Substatus(Payload):
    code: Text = ""
    action_required: bool = False


class _Status(Payload):
    status_date: str
    status: Text = ""
    status_details: Text = ""
    substatus: _Substatus | None = None
    location: _Place | None = None
    object_created: Text = ""
    object_updated: Text = ""


class _Track(Payload):
    tracking_number: str
    carrier: Text = ""
    eta: Text = ""
    tracking_status: _Status | None = None
    tracking_history: tuple[_Status, ...] = ()


class _Event(Payload):
    event: str


class _TrackUpdated(_Event):
    track: _Track = Field(alias="data")


def to_events(payload: object, context: Context) -> Mapped:
    """Map one event; raises Rejected with the JSON path of the first wrong value."""
    event = read_payload(_Event, payload).event
    if event in OTHER_EVENTS:
        return Mapped()
    if event != TRACK_UPDATED:
        raise Rejected(f"found {shown(event)}; expected {TRACK_UPDATED}", code="invalid", path="$.event")
    track = read_payload(_TrackUpdated, payload).track
    unknown: set[str] = set()
    tracking = Tracking(
        account=context.account,
        source=context.source,
        number=parcel_number(track.tracking_number, "$.data.tracking_number"),
        carrier=track.carrier,
        coverage=Coverage.SNAPSHOT,
        scans=scans_of(_told(track, unknown), Coverage.SNAPSHOT),
        eta=_eta(track.eta, context),
        sent_version=_version(track.tracking_status),
    )
    return Mapped((tracking,), tuple(sorted(unknown)))


def _told(track: _Track, unknown: set[str]) -> Iterable[Told]:
    """Read the history; the latest status, which stands in it too, only where there is none."""
    for index, one in enumerate(track.tracking_history):
        yield _one(one, f"$.data.tracking_history[{index}]", unknown)
    if track.tracking_status and not track.tracking_history:
        yield _one(track.tracking_status, "$.data.tracking_status", unknown)


def _one(one: _Status, path: str, unknown: set[str]) -> Told:
    detail = one.substatus or _Substatus()
    unknown.update(code for code in (one.status, detail.code) if code and code not in CODES)
    meaning = judge((detail.code, one.status), CODES, unknown)
    goes_back = one.status in CODES and CODES[one.status].returning
    return Told(
        at=_in_utc(one.status_date, f"{path}.status_date"),
        code=f"{one.status}/{detail.code}" if detail.code else one.status,
        meaning=replace(meaning, returning=True) if goes_back else meaning,
        text=one.status_details,
        location=str(one.location or ""),
        action_required=detail.action_required,
    )


def _eta(eta: str, context: Context) -> Moment | None:
    if not eta:
        return None
    zone, source = (context.zone, ZoneSource.ACCOUNT) if context.zone else ("UTC", ZoneSource.DOCUMENTATION)
    return day_at_midnight(moment(eta, "$.data.eta", zone, source), zone, source)


def _version(latest: _Status | None) -> str:
    """Write when the newest status was last changed so that text sorts like time."""
    changed = (latest.object_updated or latest.object_created) if latest else ""
    return _in_utc(changed, "$.data.tracking_status.object_updated").at.isoformat() if changed else ""


def _in_utc(text: str, path: str) -> Moment:
    return moment(text, path, "UTC", ZoneSource.DOCUMENTATION)
