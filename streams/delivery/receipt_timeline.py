"""What came in and was received, as entries of a delivery's timeline."""

from collections.abc import Iterable

from contracts.acceptance import Acceptance
from contracts.receipts import GoodsReceipt
from contracts.snapshot import TimelineEntry
from streams.delivery.deviations import in_force
from streams.delivery.facts import Delivery
from streams.delivery.receipt import Receipt


def receipt_timeline(delivery: Delivery, receipt: Receipt) -> Iterable[TimelineEntry]:
    """Tell goods receipts, returns, acceptances and remedies."""
    for stocked in delivery.documents("goods_receipt", GoodsReceipt):
        if stocked.received_at is not None:
            yield TimelineEntry(at=stocked.received_at.at, what="stocked", subject=stocked.document)
    for back in receipt.returns:
        if back.received_at is not None:
            text = "; ".join(dict.fromkeys(line.reason for line in back.lines if line.reason))
            yield TimelineEntry(at=back.received_at.at, what="given_back", subject=back.document, text=text)
    for acceptance in receipt.acceptances.all:
        text = " ".join(part for part in (acceptance.signed_by, acceptance.reason) if part)
        yield TimelineEntry(at=acceptance.accepted_at.at, what=_said(acceptance), subject=acceptance.id, text=text)
    for remedy in in_force(receipt.remedies):
        yield TimelineEntry(
            at=remedy.agreed_at, what=f"{remedy.disposition}_agreed", subject=remedy.id, text=remedy.agreed_by
        )
        if remedy.done_at is not None:
            yield TimelineEntry(at=remedy.done_at, what=f"{remedy.disposition}_done", subject=remedy.id)


def _said(acceptance: Acceptance) -> str:
    if acceptance.refused:
        return "refused"
    return "accepted" if acceptance.final else "partially_accepted"
