"""What a document says to whom: a slice to each order that it names, a link to each parcel.

Pure functions of one document; whom it no longer names, and since when, is told by `naming`.
"""

from collections.abc import Mapping
from datetime import datetime

from contracts.documents import Document, GoodsIssue, Order
from contracts.errors import Rejected
from contracts.exchange import DocumentSlice, DroppedLine, LinesDropped, ParcelLink
from contracts.identity import digest, tracking_number
from contracts.receipts import Receipt
from streams.stages.naming import Edition, Name

LineName = tuple[str, str, str]
"""A line that a document serves: the order, its line (or nothing), the product."""
ParcelName = tuple[str, str]
"""A parcel that carries an order: its number, the order."""
_CONTENTS = ("order_document", "goods_issue", "goods_receipt", "return_receipt")


def slices_of(document: Document, edition: Edition) -> dict[str, DocumentSlice]:
    """Cut a document into what it says of each order."""
    if document.withdrawn:
        return {}
    match document:
        case Order():
            piece = empty_slice(document, document.document, edition)
            return {document.document: piece.model_copy(update={"order_document": _ordinary(document)})}
        case GoodsIssue():
            return {order: _slice_of_issue(document, order, edition) for order in document.orders()}
        case Receipt():
            return {order: _slice_of_receipt(document, order, edition) for order in document.orders()}
        case _:
            raise Rejected(f"nobody cuts a {document.kind} into slices", code="unroutable")


def _slice_of_issue(document: GoodsIssue, order: str, edition: Edition) -> DocumentSlice:
    lines = tuple(line for line in document.lines if line.order == order)
    others = tuple(other for other in document.orders() if other != order)
    issue = document.model_copy(update={"lines": lines, "shared_with": others, "afresh": False})
    return empty_slice(document, order, edition).model_copy(update={"goods_issue": issue})


def _slice_of_receipt(document: Receipt, order: str, edition: Edition) -> DocumentSlice:
    lines = tuple(line for line in document.lines if line.order == order)
    receipt = document.model_copy(update={"lines": lines, "afresh": False})
    return empty_slice(document, order, edition).model_copy(update={document.kind: receipt})


def empty_slice(document: Document, order: str, edition: Edition) -> DocumentSlice:
    """Give the slice of an order that an edition does not name."""
    version, content = edition
    return DocumentSlice(
        account=document.account,
        order=order,
        kind=document.kind,
        document=document.document,
        version=version,
        edition=content,
        afresh=document.afresh,
    )


def _ordinary(document: Order) -> Order:
    """Why a document was read is none of its content."""
    return document.model_copy(update={"afresh": False})


def links_of(document: Document, edition: Edition) -> dict[ParcelName, ParcelLink]:
    """Say which parcels of a document carry which orders."""
    if document.withdrawn or not isinstance(document, GoodsIssue):
        return {}
    moments = (document.despatched_at, document.planned_for)
    left_at = next((moment.at for moment in moments if moment is not None), document.version)
    return {
        (number, order): _link(document, (number, order), edition, left_at).model_copy(
            update={"carrier": package.carrier}
        )
        for package in document.packages
        if (number := tracking_number(package.tracking_number))
        for order in document.orders()
    }


def unlinked(document: Document, name: ParcelName, edition: Edition, since: datetime) -> ParcelLink:
    """Say that an edition says no longer, and since when not, that a parcel carries an order."""
    return _link(document, name, edition, since).model_copy(update={"linked": False})


def _link(document: Document, name: ParcelName, edition: Edition, at: datetime) -> ParcelLink:
    number, order = name
    version, content = edition
    return ParcelLink(
        account=document.account,
        order=order,
        document=document.document,
        version=version,
        edition=content,
        number=number,
        despatched_at=at,
        afresh=document.afresh,
    )


def lines_of(document: Document) -> set[LineName]:
    """Name the orders' lines that a document serves."""
    if document.withdrawn or not isinstance(document, GoodsIssue):
        return set()
    return {(line.order, line.order_line, line.product.code) for line in document.lines}


def drops_of(document: Document, dropped: Mapping[Name, datetime]) -> dict[str, LinesDropped]:
    """Say to each order which of its lines a document no longer serves, and since when. dropped: by `LineName`."""
    lines: dict[str, list[DroppedLine]] = {}
    for (order, order_line, product), since in dropped.items():
        lines.setdefault(order, []).append(DroppedLine(order_line=order_line, product=product, since=since))
    return {
        order: LinesDropped(
            account=document.account, order=order, kind=document.kind, document=document.document, lines=tuple(found)
        )
        for order, found in lines.items()
    }


def hash_of(told: DocumentSlice | ParcelLink) -> str:
    """Hash what is told, its version aside."""
    unversioned = told.model_dump_json(
        exclude={"version": True, "edition": True, "afresh": True} | {name: {"version"} for name in _CONTENTS},
        exclude_defaults=True,
    )
    return digest(unversioned, size=8)
