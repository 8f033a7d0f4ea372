"""ERPNext's delivery notes: goods issues, and return receipts where they take goods back.

A draft is planned, a submitted one has left, at its posting date and time, which people may set. A return
(`is_return`) has negative quantities; as a draft it is announced, and one that was cancelled never came.

Tracking numbers are those of the shipments made from a delivery note (`awb_number`); without any the transporter's
receipt number (`lr_no`) names the consignment.
"""

from datetime import datetime

from contracts.connector import Context
from contracts.documents import GoodsIssue, IssueLine, IssueState, Package
from contracts.moment import Moment, ZoneSource
from contracts.receipts import ReturnLine, ReturnReceipt
from mappings.erp import erpnext_records as erpnext
from mappings.erp.erpnext_values import product_of, quantity_of

ISSUE_STATES = {0: IssueState.PLANNED, 1: IssueState.DESPATCHED, 2: IssueState.CANCELLED}
"""By `docstatus`; the status of a delivery note says no more than what was billed and returned of it."""


def goods_issue(reading: erpnext.DeliveryReading, context: Context) -> GoodsIssue:
    """Map the reading of a delivery note. Rows that serve no sales order are left out."""
    if reading.withdrawn:
        return GoodsIssue(**reading.withdrawal(context))
    note = reading.expect("a delivery note")
    state, posted = ISSUE_STATES[note.docstatus], posted_at(note, context)
    ended = {IssueState.DESPATCHED: posted.at, IssueState.CANCELLED: _local(note.modified, context).at}.get(state)
    return GoodsIssue(
        **reading.said(context),
        state=state,
        planned_for=posted if state.is_open else None,
        despatched_at=posted if state is IssueState.DESPATCHED else None,
        closed_at=None if ended is None else min(ended, reading.read_at),
        lines=tuple(
            IssueLine(
                line=item.name,
                order=order,
                order_line=item.so_detail or "",
                product=product_of(item, path),
                quantity=quantity_of(item.qty, item, context.options, path),
            )
            for item, order, path in _serving(note)
            if item.qty >= 0
        ),
        packages=packages(note),
    )


def return_receipt(reading: erpnext.DeliveryReading, context: Context) -> ReturnReceipt:
    """Map the reading of a return."""
    if reading.withdrawn or ISSUE_STATES[(note := reading.expect("a delivery note")).docstatus] is IssueState.CANCELLED:
        return ReturnReceipt(**reading.withdrawal(context))
    return ReturnReceipt(
        **reading.said(context),
        received_at=None if ISSUE_STATES[note.docstatus].is_open else posted_at(note, context),
        goods_issue=note.return_against or "",
        lines=tuple(
            ReturnLine(
                line=item.name,
                order=order,
                order_line=item.so_detail or "",
                product=product_of(item, path),
                quantity=quantity_of(-item.qty, item, context.options, path),
            )
            for item, order, path in _serving(note)
            if item.qty <= 0
        ),
    )


def posted_at(note: erpnext.DeliveryNote, context: Context) -> Moment:
    """Give the posting date and time in the site's zone; the date alone where there is no time."""
    if note.posting_time is None:
        return Moment.on(note.posting_date, context.zone or "UTC", ZoneSource.ACCOUNT)
    return _local(datetime.combine(note.posting_date, note.posting_time), context)


def packages(note: erpnext.DeliveryNote) -> tuple[Package, ...]:
    """Give a package for each shipment that has a number, else one for the transporter's receipt."""
    found = tuple(
        Package(carrier=shipment.carrier or shipment.service_provider or "", tracking_number=shipment.awb_number)
        for shipment in note.shipments
        if shipment.awb_number
    )
    if found or not note.lr_no:
        return found
    return (Package(carrier=note.transporter_name or "", tracking_number=note.lr_no),)


def _local(wall: datetime, context: Context) -> Moment:
    return Moment.local(wall, context.zone or "UTC", ZoneSource.ACCOUNT)


def _serving(note: erpnext.DeliveryNote) -> list[tuple[erpnext.DeliveryItem, str, str]]:
    """Give the rows that serve a sales order, that order, and where they stand."""
    return [
        (item, item.against_sales_order, f"$.record.items[{index}]")
        for index, item in enumerate(note.items)
        if item.against_sales_order
    ]
