"""Short words for what comes in and what customers say of it: receipts, acceptances, remedies."""

from datetime import datetime

from contracts.acceptance import Acceptance, AcceptedLine, Cause, Deviation, Discrepancy, Disposition, Remedy
from contracts.documents import Product
from contracts.model import build
from contracts.moment import Moment, Window
from contracts.receipts import GoodsReceipt, ReceiptLine, ReturnLine, ReturnReceipt
from tests.streams.way import ERP, START, hours, pieces


def line(
    received: int,
    *,
    rejected: int | None = None,
    damaged: int | None = None,
    order_line: str = "1",
    product: str = "",
    discrepancy: Discrepancy | None = None,
    cause: Cause | None = None,
) -> AcceptedLine:
    """One line of an acceptance, in pieces."""
    return AcceptedLine(
        order_line=order_line,
        product=Product(code=product) if product else None,
        received=pieces(received),
        rejected=None if rejected is None else pieces(rejected),
        damaged=None if damaged is None else pieces(damaged),
        discrepancy=discrepancy,
        cause=cause,
    )


def acceptance(
    *lines: AcceptedLine,
    at: float = 32,
    name: str = "A1",
    order: str = "SO1",
    version: float | None = None,
    **told: object,
) -> Acceptance:
    """An acceptance, final unless told otherwise, so many hours after the start."""
    return build(
        Acceptance,
        account=ERP,
        order=order,
        id=name,
        version=hours(at if version is None else version),
        accepted_at=Moment(at=hours(at)),
        lines=lines,
        **told,
    )


def remedy(
    disposition: Disposition = Disposition.REPLACEMENT,
    count: int | None = None,
    *,
    of: Deviation | None = None,
    agreed: float = 33,
    until: datetime | None = None,
    name: str = "R1",
    version: float | None = None,
    **told: object,
) -> Remedy:
    """A remedy of order SO1, for all of it unless told otherwise."""
    return build(
        Remedy,
        account=ERP,
        order="SO1",
        id=name,
        version=hours(agreed if version is None else version),
        disposition=disposition,
        deviation=of,
        quantity=None if count is None else pieces(count),
        agreed_at=hours(agreed),
        promised=Window(closes=until, zone="UTC") if until else None,
        **told,
    )


def stocked(
    counts: dict[str, int],
    version: datetime = START,
    *,
    document: str = "GR1",
    withdrawn: bool = False,
    announced: bool = False,
) -> GoodsReceipt:
    """A goods receipt of pieces per order, of each order's first line."""
    return GoodsReceipt(
        account=ERP,
        document=document,
        version=version,
        withdrawn=withdrawn,
        received_at=None if announced else Moment(at=START),
        lines=tuple(
            ReceiptLine(
                line=str(place),
                order=number,
                order_line="1",
                product=Product(code="BRG-6204"),
                quantity=pieces(count),
            )
            for place, (number, count) in enumerate(counts.items())
        ),
    )


def returned(
    counts: dict[str, int], *, document: str = "RR1", at: float | None = 40, version: float = 40
) -> ReturnReceipt:
    """A return receipt of pieces per order. at: in hours after the start; None while it is only announced."""
    return ReturnReceipt(
        account=ERP,
        document=document,
        version=hours(version),
        received_at=None if at is None else Moment(at=hours(at)),
        lines=tuple(
            ReturnLine(
                line=str(place),
                order=number,
                order_line="1",
                product=Product(code="BRG-6204"),
                quantity=pieces(count),
                reason="rust",
            )
            for place, (number, count) in enumerate(counts.items())
        ),
    )
