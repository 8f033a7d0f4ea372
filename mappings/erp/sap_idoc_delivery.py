"""A goods issue of an IDoc of basic type DELVRY07 (or an older DELVRY).

An item serves the order that it refers to (VGBEL and VGPOS, else E1EDL43 with QUALF C, the category of sales orders);
one that refers to none is left out. Batches of an item are items of their own, and refer to the same.

It has left when the deadline of its goods issue has an actual date (ISDD, ISDZ), or when it is to be posted (E1EDL18
with QUALF PGI), at its planned one. No page that can be reached lists the qualifiers of deadlines: that 006 is the
goods issue and 007 the delivery is what implementations agree on, so the option `goods_issue` names another. E1EDL18
with DEL withdraws a delivery. Qualifiers of E1EDL18: ORI, CHG, PIC, PGI, DEL; one that is none of these is told as
unknown.

A handling unit (E1EDL37) is a package, EXIDV its mark. Where the carrier's number stands is each company's choice, and
no page says otherwise: the option `tracking` names the field, `BOLNR` (the bill of lading, unless told otherwise),
`TRAID`, `LIFEX`, `EXIDV` or `EXIDV2`, or `none`. Of a delivery's number all packages have the same. The carrier is the
forwarding agent (E1ADRM1 with PARTNER_Q SP).
"""

from collections.abc import Mapping
from datetime import datetime

from contracts.connector import Context
from contracts.documents import GoodsIssue, IssueLine, IssueState, Package, Product, Transport
from contracts.errors import Rejected
from contracts.model import build
from contracts.moment import Moment
from mappings.erp.sap_idoc_segments import Deadline, DeliveryHead, DeliveryItem, HandlingUnit, Idoc
from mappings.erp.sap_values import moment_at, plain, quantity_of

TRACKING, GOODS_ISSUE = "tracking", "goods_issue"
OF_DELIVERY, OF_PACKAGE, NOWHERE = ("BOLNR", "TRAID", "LIFEX"), ("EXIDV", "EXIDV2"), "none"
UNLESS_TOLD = {TRACKING: "BOLNR", GOODS_ISSUE: "006"}
DELETE, POST = "DEL", "PGI"
PURPOSES = frozenset({"ORI", "CHG", "PIC", POST, DELETE})
FORWARDER, SALES_ORDER = "SP", "C"


def check_tracking(options: Mapping[str, str]) -> None:
    """Refuse an option `tracking` that names no field; raises Rejected."""
    known = (*OF_DELIVERY, *OF_PACKAGE, NOWHERE)
    if options.get(TRACKING, NOWHERE) not in known:
        reason = f"the option `{TRACKING}` is {options[TRACKING]!r}; expected one of {', '.join(known)}"
        raise Rejected(reason, code="bad_option")


def goods_issue(idoc: Idoc, version: datetime, context: Context, path: str) -> tuple[GoodsIssue, tuple[str, ...]]:
    """Map a delivery; gives the purposes, too, that no table lists."""
    if not idoc.E1EDL20:
        raise Rejected("found none; expected a delivery's head", code="invalid", path=f"{path}.E1EDL20")
    head, path = idoc.E1EDL20[0], f"{path}.E1EDL20[0]"
    purposes = {one.QUALF for one in head.E1EDL18 if one.QUALF}
    unknown = tuple(f"E1EDL18/{purpose}" for purpose in sorted(purposes - PURPOSES))
    number = plain(head.VBELN)
    if DELETE in purposes:
        return build(GoodsIssue, account=context.account, document=number, version=version, withdrawn=True), unknown
    left, planned = _left(head, context, posted=POST in purposes)
    picked = "PIC" in purposes
    found = build(
        GoodsIssue,
        account=context.account,
        document=number,
        version=version,
        state=IssueState.DESPATCHED if left else IssueState.PICKED if picked else IssueState.PLANNED,
        planned_for=None if left else planned,
        despatched_at=left,
        closed_at=min(left.at, version) if left else None,
        lines=_lines(head, context, path),
        packages=_packages(head, context.options),
        transport=_transport(head, context.options),
    )
    return found, unknown


def _left(head: DeliveryHead, context: Context, *, posted: bool) -> tuple[Moment | None, Moment | None]:
    """Say when it left, None where it has not, and for when that is planned."""
    wanted = _option(context.options, GOODS_ISSUE)
    deadline = next((one for one in head.E1EDT13 if wanted == one.QUALF), Deadline())
    zone = context.zone or "UTC"
    actual, planned = moment_at(deadline.ISDD, deadline.ISDZ, zone), moment_at(deadline.NTANF, deadline.NTANZ, zone)
    return actual or (planned if posted else None), planned


def _lines(head: DeliveryHead, context: Context, path: str) -> tuple[IssueLine, ...]:
    lines = []
    for at, item in enumerate(head.E1EDL24):
        order, order_line = _serves(item)
        if not order:
            continue
        where = f"{path}.E1EDL24[{at}]"
        if not item.MATNR and not item.ARKTX:
            raise Rejected("found an item that names no product", code="invalid", path=f"{where}.MATNR")
        lines.append(
            IssueLine(
                line=plain(item.POSNR),
                order=order,
                order_line=order_line,
                product=Product(code=plain(item.MATNR) or item.ARKTX, name=item.ARKTX),
                quantity=quantity_of(item.LFIMG, item.VRKME, "", context.options, f"{where}.VRKME"),
            )
        )
    return tuple(lines)


def _serves(item: DeliveryItem) -> tuple[str, str]:
    if item.VGBEL:
        return plain(item.VGBEL), plain(item.VGPOS)
    for one in item.E1EDL43:
        if one.QUALF == SALES_ORDER and one.BELNR:
            return plain(one.BELNR), plain(one.POSNR)
    return "", ""


def _packages(head: DeliveryHead, options: Mapping[str, str]) -> tuple[Package, ...]:
    field = _option(options, TRACKING)
    carrier = next((one.NAME1 or one.PARTNER_ID for one in head.E1ADRM1 if one.PARTNER_Q == FORWARDER), "")
    of_all = getattr(head, field) if field in OF_DELIVERY else ""
    units = head.E1EDL37 or ((HandlingUnit(),) if of_all else ())
    return tuple(
        Package(
            mark=unit.EXIDV,
            carrier=carrier,
            tracking_number=getattr(unit, field) if field in OF_PACKAGE else of_all,
        )
        for unit in units
    )


def _transport(head: DeliveryHead, options: Mapping[str, str]) -> Transport | None:
    is_vehicle = head.TRAID and _option(options, TRACKING) != "TRAID"
    return Transport(vehicle=head.TRAID) if is_vehicle else None


def _option(options: Mapping[str, str], name: str) -> str:
    return options.get(name, UNLESS_TOLD[name])
