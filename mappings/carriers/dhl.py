"""DHL Shipment Tracking Unified Push to canonical events.

Sources: "Shipment Tracking - Unified - Push",
https://developer.dhl.com/api-reference/shipment-tracking-unified-push; its shipments are the TrackingShipment of
https://developer.dhl.com/sites/default/files/2026-08/track_v1.5.8.yaml. A push has several. One with its events has its
whole history, so it is a snapshot; its version is the time of its status. One with its status alone is an increment of
that one scan.

Each message has a `scope` (https://app.beeceptor.com/virtual-sandbox/dhl-utapi-push, and public receivers). One asks to
activate a subscription: somebody must send its secret to DHL, so it is Rejected and found among the dead letters with
it, and so is the failure of one. `subscription.ready` says nothing of a parcel.

A time without a zone is to be "interpreted as in the place of the respective shipment event", which has an address and
no zone: the account's counts. The expected arrival is the end of the estimated time frame, else the
estimated time; a midnight is the date that it poses as. `returnFlag` says that the parcel goes back. Telemetry is not
read.
"""

from collections.abc import Iterator
from typing import NoReturn

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.moment import Moment
from contracts.tracking import Coverage, Tracking, TrackingStatus
from mappings.carriers.dhl_codes import CODES
from mappings.instants import moment
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import Told, judge, scans_of

CARRIER = "DHL"
WITH_CODES = frozenset({"express", "parcel-de"})
"""The services whose `status` is a code."""
_CODE_LENGTHS, _MIDNIGHT = {2, 3}, "T00:00:00"


class _Address(Payload):
    locality: Text = Field(default="", alias="addressLocality")
    country: Text = Field(default="", alias="countryCode")


class _Place(Payload):
    address: _Address | None = None

    def __str__(self) -> str:
        address = self.address or _Address()
        return ", ".join(part for part in (address.locality, address.country) if part)


class _Status(Payload):
    timestamp: str
    code: Text = Field(default="", alias="statusCode")
    status: Text = ""
    description: Text = ""
    remark: Text = ""
    location: _Place | None = None

    def detail(self, service: str) -> str:
        """Give the code of its service, if it is one and not a title."""
        is_code = service in WITH_CODES and len(self.status) in _CODE_LENGTHS and self.status.isalnum()
        return f"{service}/{self.status.upper()}" if is_code else ""


class _TimeFrame(Payload):
    through: Text = Field(default="", alias="estimatedThrough")


class _Shipment(Payload):
    id: str
    service: Text = ""
    status: _Status | None = None
    events: tuple[_Status, ...] | None = None
    estimated: Text = Field(default="", alias="estimatedTimeOfDelivery")
    time_frame: _TimeFrame | None = Field(default=None, alias="estimatedDeliveryTimeFrame")
    returns: bool | None = Field(default=None, alias="returnFlag")


class _Failure(Payload):
    detail: Text = ""


class _Message(Payload):
    scope: Text = "subscription.push"
    failure: _Failure | None = None


class _Push(Payload):
    shipments: tuple[_Shipment, ...] = Field(min_length=1)


def to_events(payload: object, context: Context) -> Mapped:
    """Map one message to one report a shipment; raises Rejected with the JSON path of the first wrong value."""
    message = read_payload(_Message, payload)
    if message.scope == "subscription.ready":
        return Mapped()
    if message.scope != "subscription.push":
        _refuse(message)
    unknown: set[str] = set()
    shipments = read_payload(_Push, payload).shipments
    reports = tuple(_report(one, f"$.shipments[{at}]", context, unknown) for at, one in enumerate(shipments))
    return Mapped(reports, tuple(sorted(unknown)))


def _refuse(message: _Message) -> NoReturn:
    if message.scope == "subscription.validate":
        reason = "a subscription waits to be activated: send the `secret` of this message to DHL"
        raise Rejected(reason, code="subscription_not_active", path="$.secret")
    told = message.failure.detail if message.failure else ""
    raise Rejected(f"found {message.scope!r} {told}; expected `subscription.push`", code="invalid", path="$.scope")


def _report(shipment: _Shipment, path: str, context: Context, unknown: set[str]) -> Tracking:
    coverage = Coverage.SNAPSHOT if shipment.events else Coverage.INCREMENT
    status = shipment.status and judge((shipment.status.detail(shipment.service), shipment.status.code), CODES, set())
    is_delivered = status is not None and status.status is TrackingStatus.DELIVERED
    version = shipment.status and moment(shipment.status.timestamp, f"{path}.status.timestamp", context.zone)
    return Tracking(
        account=context.account,
        source=context.source,
        number=parcel_number(shipment.id, f"{path}.id"),
        carrier=CARRIER,
        coverage=coverage,
        scans=scans_of(_told(shipment, path, context.zone, unknown), coverage, is_back=bool(shipment.returns)),
        eta=None if is_delivered else _expected(shipment, path, context.zone),
        sent_version=version.at.isoformat() if version and shipment.events else "",
    )


def _told(shipment: _Shipment, path: str, zone: str | None, unknown: set[str]) -> Iterator[Told]:
    """Give the events; they come newest first, so of one instant the last one told was first."""
    events = shipment.events or ((shipment.status,) if shipment.status else ())
    name = "events[{}]" if shipment.events else "status"
    for index in range(len(events) - 1, -1, -1):
        event = events[index]
        at = moment(event.timestamp, f"{path}.{name.format(index)}.timestamp", zone)
        detail = event.detail(shipment.service)
        meaning = judge((detail, event.code), CODES, unknown)
        text = event.description or (event.status if not detail else event.remark)
        yield Told(at, detail or event.code, meaning, text, str(event.location or ""))


def _expected(shipment: _Shipment, path: str, zone: str | None) -> Moment | None:
    through = shipment.time_frame.through if shipment.time_frame else ""
    if through:
        return moment(through, f"{path}.estimatedDeliveryTimeFrame.estimatedThrough", zone)
    written, at = shipment.estimated, f"{path}.estimatedTimeOfDelivery"
    if not written:
        return None
    day, midnight, rest = written.partition(_MIDNIGHT)
    is_day = bool(midnight) and zone is not None and not rest.strip(".0Z")
    return moment(day if is_day else written, at, zone)
