"""When what left reached the customer, by who moves it.

A carrier's parcels are told by their scans. A vehicle of our own is told by its arrival, where the goods issue tells
its stations. What the customer fetches, and what travels without a number, has arrived when it was despatched.
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
    transport = part.issue.transport
    if method is DeliveryMethod.OWN_FLEET and not part.parcels and transport is not None:
        if transport.arrived_at is not None:
            return transport.arrived_at.at
        if transport.departed_at is not None:
            return None
    return max([left_at, *(at for at in delivered if at is not None)])


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


def has_left(issue: GoodsIssue) -> datetime | None:
    """When the goods of an issue left: the vehicle's departure, where it is told."""
    if issue.transport is not None and issue.transport.departed_at is not None:
        return issue.transport.departed_at.at
    return issue.despatched_at.at if issue.despatched_at else None
