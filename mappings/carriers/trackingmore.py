"""TrackingMore v4 webhook to canonical events.

Source: the tracking that the API gives, as the models of the vendor's own libraries have it
(https://github.com/TrackingMore-API/trackingmore-sdk-net): the webhook sends it as `data`. One push is one parcel with
its whole history, newest first, so it is a snapshot: the carrier's at the origin (`origin_info`) and, abroad, that of
the one at the destination (`destination_info`). `update_date` orders pushes.

A scan's sub-status counts before its status; the parcel's own count for the newest scan where that has neither. Times
have no zone. They are those of the place of each scan, and the account's zone is taken for all of them. Customers' data
and the name of who signed are not read.
"""

from collections.abc import Iterator

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.moment import Moment
from contracts.tracking import Coverage, Tracking
from mappings.carriers.trackingmore_codes import CODES
from mappings.instants import moment
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import Told, first_of, judge, newest_of, scans_of


class _Checkpoint(Payload):
    date: str = Field(alias="checkpoint_date")
    detail: Text = Field(default="", alias="tracking_detail")
    location: Text = ""
    status: Text = Field(default="", alias="checkpoint_delivery_status")
    substatus: Text = Field(default="", alias="checkpoint_delivery_substatus")


class _Leg(Payload):
    trackinfo: tuple[_Checkpoint, ...] | None = None


class _Parcel(Payload):
    number: str = Field(alias="tracking_number")
    courier: Text = Field(default="", alias="courier_code")
    order: Text = Field(default="", alias="order_number")
    status: Text = Field(default="", alias="delivery_status")
    substatus: Text = ""
    updated: Text = Field(default="", alias="update_date")
    expected: Text = Field(default="", alias="scheduled_delivery_date")
    origin: _Leg | None = Field(default=None, alias="origin_info")
    destination: _Leg | None = Field(default=None, alias="destination_info")


class _Push(Payload):
    data: _Parcel


def to_events(payload: object, context: Context) -> Mapped:
    """Map one push; raises Rejected with the JSON path of the first wrong value."""
    parcel = read_payload(_Push, payload).data
    parcel_number(parcel.number, "$.data.tracking_number")
    unknown: set[str] = set()
    tracking = Tracking(
        account=context.account,
        source=context.source,
        number=parcel.number,
        carrier=parcel.courier,
        coverage=Coverage.SNAPSHOT,
        scans=scans_of(_told(parcel, context.zone, unknown), Coverage.SNAPSHOT),
        eta=_optional(parcel.expected, "$.data.scheduled_delivery_date", context.zone),
        sent_version=_version(parcel.updated, context.zone),
        order=parcel.order,
    )
    return Mapped((tracking,), tuple(sorted(unknown)))


def _told(parcel: _Parcel, zone: str | None, unknown: set[str]) -> Iterator[Told]:
    """Give both legs' scans, oldest first; of one instant, the order in which they were told counts."""
    checkpoints = [
        (checkpoint, moment(checkpoint.date, f"$.data.{name}.trackinfo[{index}].checkpoint_date", zone))
        for name, leg in (("origin_info", parcel.origin), ("destination_info", parcel.destination))
        for index, checkpoint in enumerate((leg and leg.trackinfo) or ())
    ]
    newest = newest_of([at for _, at in checkpoints])
    for checkpoint, at in reversed(checkpoints):
        codes: tuple[str, ...] = (checkpoint.substatus, checkpoint.status)
        if newest is not None and (checkpoint, at) == checkpoints[newest]:
            codes = (*codes, parcel.substatus, parcel.status)
        yield Told(at, first_of(codes), judge(codes, CODES, unknown), checkpoint.detail, checkpoint.location)


def _optional(text: str, path: str, zone: str | None) -> Moment | None:
    return moment(text, path, zone) if text else None


def _version(updated: str, zone: str | None) -> str:
    told = _optional(updated, "$.data.update_date", zone)
    return told.at.isoformat() if told else ""
