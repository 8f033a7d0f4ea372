"""The lanes stage on a real broker, in one worker with all others: what it answers reaches the delivery that asked."""

import asyncio

from contracts.documents import Place
from contracts.lane import Basis, TransitEstimate
from contracts.policy import LanePolicy, Policy
from contracts.tracking import TrackingStatus
from desk.broker import Broker
from streams.tracing.snapshots import read_snapshots
from tests.streams.tracing.test_trace import Sent, deployment
from tests.streams.way import hours, issue, order, report

BAVARIA = Place(country="DE", region="BY")


async def despatch(way: Sent, number: str) -> None:
    await way.tell(order(number).model_copy(update={"destination": BAVARIA}))
    await way.tell(issue(f"GI-{number}", {number: 10}, numbers=(f"YT-{number}",)))


async def parcel_shows(way: Sent, number: str, *, leg: bool) -> TransitEstimate | None:
    """Wait until the parcel of an order has come to its end, or is told an estimate of its lane's history."""
    async with asyncio.timeout(60):
        while True:
            for snapshot in await read_snapshots(way.kafka):
                parcels = snapshot.view.parcels if snapshot.view and snapshot.subject == number else ()
                for parcel in parcels:
                    if leg and parcel.leg is not None:
                        return None
                    if not leg and parcel.estimate is not None and parcel.estimate.rests_on is Basis.HISTORY:
                        return parcel.estimate


async def test_a_delivery_is_told_what_its_lane_has_learned_from_another(broker: Broker) -> None:
    async with deployment(broker, Policy(lanes=LanePolicy(enough=2))) as way:
        for number, took in (("SO1", 24), ("SO2", 30)):
            await despatch(way, number)
            picked_up, delivered = (hours(2), TrackingStatus.PICKED_UP), (hours(2 + took), TrackingStatus.DELIVERED)
            await way.tell(report(f"YT-{number}", picked_up, delivered))
            await parcel_shows(way, number, leg=True)
        await despatch(way, "SO3")
        estimate = await parcel_shows(way, "SO3", leg=False)
        assert estimate is not None
        assert estimate.sample == 2
