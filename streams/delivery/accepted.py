"""How far a delivery is by its customer's word."""

from contracts.snapshot import DeliveryStatus
from streams.delivery.case import Case


def status_by_acceptance(case: Case) -> DeliveryStatus | None:
    """Say whether it was accepted, in part or whole, or refused; None where its customer has said nothing of goods."""
    receipt = case.receipt
    if receipt.acceptances.is_refused:
        return DeliveryStatus.REFUSED
    received = [receipt.lines[line.view.line] for line in case.live_lines if line.view.line in receipt.lines]
    if not any(line.received.value or line.wrong.quantity.value for line in received):
        return None
    is_whole = all(line.is_answered and not line.uncounted for line in received)
    is_closed = all(line.closed_at is not None for line in case.live_lines)
    deviates = any(one.is_open for one in receipt.deviations)
    return DeliveryStatus.ACCEPTED if is_whole and is_closed and not deviates else DeliveryStatus.PARTIALLY_ACCEPTED
