"""When what left reached the customer, by who moves it.

A carrier's parcels are told by their scans. A vehicle of our own is told by its arrival, where the goods issue tells
its stations; without it, and of all else that travels without a number, by a proof of delivery that names the order.
What nobody tells of, and what the customer fetches, has arrived when it was despatched.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from contracts.documents import DeliveryMethod, GoodsIssue
from contracts.errors import Rejected
from contracts.snapshot import TimelineEntry
from streams.delivery.parcel import Life
from streams.delivery.serving import Served


def ended_at(issue: GoodsIssue) -> datetime:
    """When a goods issue that is not open was despatched or cancelled; the contract says that it tells."""
    ended = issue.despatched_at.at if issue.despatched_at else issue.closed_at
    if ended is None:
        raise Rejected(f"goods issue {issue.document} does not say since when it is {issue.state}", code="no_instant")
    return ended


def reached_at(part: Served, lives: Mapping[str, Life], method: DeliveryMethod) -> datetime | None:
    """When a despatched goods issue's part reached the customer; None while it is on its way."""
    left_at = ended_at(part.issue)
    if method is DeliveryMethod.SELF_PICKUP:
        return left_at
    delivered = [lives[number].delivered_at if number in lives else None for number in part.parcels]
    if any(at is None for at in delivered):
        return None
    if part.parcels:
        return max([left_at, *(at for at in delivered if at is not None)])
    transport = part.issue.transport if method is DeliveryMethod.OWN_FLEET else None
    if transport is not None and transport.arrived_at is not None:
        return transport.arrived_at.at
    if part.signed_at is not None:
        return part.signed_at
    is_awaited = transport is not None and transport.departed_at is not None
    return None if is_awaited else left_at


def stations(issues: Iterable[GoodsIssue]) -> Iterable[TimelineEntry]:
    """Tell when vehicles departed and arrived, and whose they were."""
    for issue in issues:
        transport = issue.transport
        if transport is None:
            continue
        who = " ".join(filter(None, (transport.vehicle, transport.driver)))
        for what, moment in (("departed", transport.departed_at), ("arrived", transport.arrived_at)):
            if moment is not None:
                yield TimelineEntry(at=moment.at, what=what, subject=issue.document, text=who)
