"""An operator's action goes the whole way: written to a real broker, read by the real stages, shown, and undone."""

import asyncio

import pytest

from contracts.operator_action import Act, OperatorAction
from contracts.settings import Settings
from contracts.tracking import TrackingStatus
from desk.acting.choosing import undoable
from desk.acting.taking import Details, Wish, take
from desk.broker import Broker
from streams.tracing.outcome import Outcome
from streams.tracing.snapshots import snapshots_named
from tests.streams.tracing.test_trace import Sent, deployment
from tests.streams.way import hours, issue, order, report

pytestmark = pytest.mark.broker


async def taken(way: Sent, wish: Wish, details: Details) -> OperatorAction:
    """Take an action, and wait until it is applied."""
    action, origin = await take(Settings(kafka=way.kafka), wish, details)
    await way.fate(origin, Outcome.APPLIED)
    return action


async def parcels(way: Sent, expected: dict[str, TrackingStatus]) -> None:
    """Wait until the order has these parcels."""
    async with asyncio.timeout(60):
        while True:
            known = await snapshots_named(way.kafka, "SO1")
            views = [snapshot.view for snapshot in known if snapshot.view is not None]
            if [{parcel.number: parcel.status for parcel in view.parcels} for view in views] == [expected]:
                return


async def test_a_parcel_is_linked_by_hand_and_the_link_is_undone(broker: Broker) -> None:
    async with deployment(broker) as way:
        await way.tell(order(), delay=1)
        await way.tell(issue(numbers=()))
        await way.tell(report("YT9", (hours(2), TrackingStatus.PICKED_UP)))
        await way.hear(6)
        await parcels(way, {})
        wish = Wish(Act.LINK, "SO1", "li", "The driver noted it.", is_order=True)
        link = await taken(way, wish, lambda _snapshot, now: {"parcel": "yt 9", "happened_at": min(now, hours(2))})
        await parcels(way, {"YT9": TrackingStatus.PICKED_UP})
        wish = Wish(Act.UNDO, "SO1", "mei", "It is another customer's.")
        await taken(way, wish, lambda snapshot, _now: {"undoes": link.id, "parcel": undoable(snapshot, link.id)})
        await parcels(way, {})
        [snapshot] = await snapshots_named(way.kafka, "SO1")
        assert snapshot.view is not None
        by_hand = [(entry.what, entry.by, entry.text) for entry in snapshot.view.timeline if entry.id]
        assert by_hand == [
            ("operator_link", "li", "The driver noted it."),
            ("operator_undo", "mei", "It is another customer's."),
        ]
