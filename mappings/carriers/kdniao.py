"""Kdniao (快递鸟) push to canonical events.

Source: "推送接口（商户实现）", https://apifox.com/apidoc/docs-site/2538027/doc-2282394, and its edition with detailed
states, https://apifox.com/apidoc/docs-site/2538027/doc-2283185. A push has several parcels, each with its whole
history, so each is a snapshot; `PushTime` orders them.

A trace's own code, `Action`, is sent with the detailed edition alone. Without it the parcel's `StateEx`, then its
`State`, counts for the newest trace. `Success` false says in `Reason` why there is no history; no page says that the
subscription ends by it, so it does not here. Dates are written with hyphens, and with slashes in the vendor's examples.
No page names the zone of the times: they are the account's where it names one, and else China's. The receiver's data
and the money of `RequestType` 107 are not read.
"""

from collections.abc import Iterator

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.moment import Moment, ZoneSource
from contracts.tracking import Coverage, Tracking
from mappings.carriers.kdniao_codes import CODES
from mappings.instants import moment
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import Told, first_of, judge, newest_of, scans_of

ZONE = "Asia/Shanghai"


class _Trace(Payload):
    accept_time: str = Field(alias="AcceptTime")
    accept_station: Text = Field(default="", alias="AcceptStation")
    location: Text = Field(default="", alias="Location")
    action: Text = Field(default="", alias="Action")


class _Parcel(Payload):
    shipper: Text = Field(default="", alias="ShipperCode")
    number: str = Field(alias="LogisticCode")
    order: Text = Field(default="", alias="OrderCode")
    reason: Text = Field(default="", alias="Reason")
    state: Text = Field(default="", alias="State")
    state_ex: Text = Field(default="", alias="StateEx")
    traces: tuple[_Trace, ...] | None = Field(default=None, alias="Traces")


class _Push(Payload):
    push_time: str = Field(alias="PushTime")
    data: tuple[_Parcel, ...] = Field(alias="Data", min_length=1)


def to_events(payload: object, context: Context) -> Mapped:
    """Map one push to one report a parcel; raises Rejected with the JSON path of the first wrong value."""
    push = read_payload(_Push, payload)
    zone = (context.zone, ZoneSource.ACCOUNT) if context.zone else (ZONE, ZoneSource.DOCUMENTATION)
    pushed = _moment(push.push_time, "$.PushTime", zone)
    unknown: set[str] = set()
    reports: list[Tracking] = []
    for index, parcel in enumerate(push.data):
        path = f"$.Data[{index}]"
        parcel_number(parcel.number, f"{path}.LogisticCode")
        reports.append(
            Tracking(
                account=context.account,
                source=context.source,
                number=parcel.number,
                carrier=parcel.shipper,
                coverage=Coverage.SNAPSHOT,
                scans=scans_of(_told(parcel, f"{path}.Traces", zone, unknown), Coverage.SNAPSHOT),
                sent_version=pushed.at.isoformat(),
                subscription_text=parcel.reason,
                order=parcel.order,
            )
        )
    return Mapped(tuple(reports), tuple(sorted(unknown)))


def _told(parcel: _Parcel, path: str, zone: tuple[str, ZoneSource], unknown: set[str]) -> Iterator[Told]:
    traces = parcel.traces or ()
    moments = [_moment(trace.accept_time, f"{path}[{index}].AcceptTime", zone) for index, trace in enumerate(traces)]
    newest = newest_of(moments)
    for trace, at in zip(traces, moments, strict=True):
        codes: tuple[str, ...] = (trace.action,)
        if newest is not None and at.at == moments[newest].at and trace == traces[newest]:
            codes = (trace.action, parcel.state_ex, parcel.state)
        yield Told(at, first_of(codes), judge(codes, CODES, unknown), trace.accept_station, trace.location)


def _moment(text: str, path: str, zone: tuple[str, ZoneSource]) -> Moment:
    return moment(text.replace("/", "-"), path, *zone)
