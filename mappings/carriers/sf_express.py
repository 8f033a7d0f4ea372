"""SF Express (顺丰) route push to canonical events.

Source: "路由推送接口" (RoutePushService), https://open.sf-express.com/Api/ApiDetails?level3=404; readable without a
browser at https://www.showdoc.com.cn/hnqiao/9157102515696868. A push has up to ten `WaybillRoute`, each one node of one
waybill's route, of several waybills at once. What was told before is not repeated, so it is an increment. A push that
was not answered comes again as a whole, and receivers report nodes that come again without that, so a scan's id follows
from what it says, not from the sender's `id`. Times have no zone; they are China's.

`reasonCode`, told beside some codes, is kept with the code (`70/46`) and not judged: no page that we could read lists
the reasons. Nor are the states beside the code (`firstStatusCode`), which some customers are sent by agreement. What
goes back (631) is delivered to its sender by 80 or 660; in an increment each scan is told as it is, and the fold knows
what a delivery after the turn is.
"""

from dataclasses import dataclass, field

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.moment import ZoneSource
from contracts.tracking import Coverage, Tracking
from mappings.carriers.sf_express_codes import CODES
from mappings.instants import moment
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import Told, judge, scans_of

CARRIER = "SF"
ZONE = "Asia/Shanghai"


class _Route(Payload):
    mailno: str
    order: Text = Field(default="", alias="orderid")
    accept_time: str = Field(alias="acceptTime")
    accept_address: Text = Field(default="", alias="acceptAddress")
    remark: Text = ""
    op_code: Text = Field(default="", alias="opCode")
    reason_code: Text = Field(default="", alias="reasonCode")


@dataclass(slots=True)
class _Waybill:
    """What a push tells of one waybill. order: ours, which the sender repeats with every node."""

    number: str
    order: str = ""
    told: list[Told] = field(default_factory=list)


class _Body(Payload):
    routes: tuple[_Route, ...] = Field(alias="WaybillRoute", min_length=1)


class _Push(Payload):
    body: _Body = Field(alias="Body")


def to_events(payload: object, context: Context) -> Mapped:
    """Map one push to one report a waybill; raises Rejected with the JSON path of the first wrong value."""
    push = read_payload(_Push, payload)
    unknown: set[str] = set()
    parcels: dict[str, _Waybill] = {}
    for index, route in enumerate(push.body.routes):
        path = f"$.Body.WaybillRoute[{index}]"
        waybill = parcels.setdefault(parcel_number(route.mailno, f"{path}.mailno"), _Waybill(route.mailno))
        waybill.order = waybill.order or route.order
        waybill.told.append(_told(route, path, unknown))
    return Mapped(tuple(_report(waybill, context) for waybill in parcels.values()), tuple(sorted(unknown)))


def _told(route: _Route, path: str, unknown: set[str]) -> Told:
    at = moment(route.accept_time, f"{path}.acceptTime", ZONE, ZoneSource.DOCUMENTATION)
    code = f"{route.op_code}/{route.reason_code}" if route.reason_code else route.op_code
    return Told(at, code, judge([route.op_code], CODES, unknown), route.remark, route.accept_address)


def _report(waybill: _Waybill, context: Context) -> Tracking:
    return Tracking(
        account=context.account,
        source=context.source,
        number=waybill.number,
        carrier=CARRIER,
        coverage=Coverage.INCREMENT,
        scans=scans_of(waybill.told, Coverage.INCREMENT),
        order=waybill.order,
    )
