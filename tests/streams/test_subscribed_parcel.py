"""A parcel's whole life at a tracker: all stages, the ledger, and Kuaidi100 as its pages describe it, in one process.

Goods are issued; the parcel is registered, given up as not found, registered again, scanned, asked for when a push was
lost, delivered, and wanted no more. The process that registers is killed between any two of its steps.
"""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from connectors.registry import SOURCES, TRACKERS
from contracts.clock import WallClock
from contracts.connector import TargetSession
from contracts.policy import Policy, TrackerRule
from contracts.raw import RawRequest
from contracts.settings import TrackerAccount
from contracts.snapshot import DeliveryStatus, Kind
from contracts.topics import INBOUND, SNAPSHOTS
from contracts.tracking import TrackingStatus
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import State
from streams.dispatch.intake import LaneKey, take
from streams.dispatch.lane import LaneRunner
from streams.dispatch.performing import Performer
from streams.dispatch.wishes import configuration_of
from streams.stages.normalise import Connectors
from tests.fakes.kuaidi100 import Kuaidi100
from tests.fakes.serving import serving
from tests.fakes.tracking import DELIVERED
from tests.streams.dispatch.memory import MemoryStore
from tests.streams.way import ERP, START, Way, hours, issue, order

KUAIDI100 = TRACKERS["kuaidi100"]
RULE = TrackerRule(name="express", carriers=("yuantong",), again_after=KUAIDI100.again_after)
NUMBER = "YT8800100200"


class Killed(Exception):
    """The process ends here."""


@dataclass
class World:
    """Everything that is there. lossy: whether pushes are lost on the way to us."""

    cloud: Kuaidi100
    account: TrackerAccount
    session: TargetSession
    way: Way = field(
        default_factory=lambda: Way(Policy(pollers=(ERP,), trackers=(RULE,)), connectors=Connectors(sources=SOURCES))
    )
    store: MemoryStore = field(default_factory=MemoryStore)
    lossy: bool = False
    sent: int = 0

    async def at(self, now: datetime) -> None:
        """Let time come to `now`, and everything that follows happen."""
        if now > self.cloud.now:
            self.cloud.later(now - self.cloud.now)
        is_news = True
        while is_news:
            self._push()
            self.way.hear(now)
            is_news = await self._dispatch()

    async def _dispatch(self) -> bool:
        """Run the lanes that are due; tell whether anything came of it that the stages have not read."""
        for state in take(self.way.replay.latest(SNAPSHOTS).values()).newest.values():
            self.store.take(state, self.cloud.now)
        for key, lane in list(self.store.lanes.items()):
            if lane.due_at is not None and lane.due_at <= self.cloud.now:
                await self._lane(key)
        new = [letter for letter in self.store.letters[self.sent :] if letter.topic == INBOUND.name]
        for letter in new:
            self.way.replay.put(INBOUND, letter.key, letter.value, letter.headers)
        self.sent = len(self.store.letters)
        return bool(new or self.cloud.outbox)

    async def _lane(self, key: LaneKey) -> None:
        """Run a lane; where its process is killed, another one takes over."""
        for _ in range(2):
            try:
                await self._runner().run(key, lambda: True)
            except Killed:
                continue
            return

    def _runner(self) -> LaneRunner:
        configuration = configuration_of(self.account, None, {})
        endpoint, clock = Endpoint(self.session, self._now), WallClock(self.cloud.now, time.time())
        performer = Performer(endpoint, self.store, self.account, configuration, clock, self._now, lease=60)
        return LaneRunner(self.store, self.store, performer, KUAIDI100.target, self.account, None, {}, self._now)

    def _now(self) -> datetime:
        return self.cloud.now

    def _push(self) -> None:
        for pushed in self.cloud.pushed():
            if self.lossy:
                continue
            raw = RawRequest("kuaidi100", "pushes", pushed.body, self.cloud.now, pushed.headers["content-type"])
            key, value, headers = raw.record()
            self.way.replay.put(INBOUND, key, value, headers)

    def statuses(self) -> list[TrackingStatus]:
        view = self.way.order().view
        return [TrackingStatus(one.what) for one in (view.timeline if view else ()) if one.subject == NUMBER]


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    async with serving(Kuaidi100(now=START, pace=timedelta(0))) as cloud:
        account = TrackerAccount(
            name="express",
            connector="kuaidi100",
            url=cloud.url,
            source="pushes",
            carriers={"yuantong": "yuantong"},
            callback="https://quayside.example/in/kuaidi100/pushes",
            options={"customer": cloud.customer},
        )
        KUAIDI100.check(account)
        async with KUAIDI100.target.open(account, cloud.key) as session:
            yield World(cloud, account, session)


async def live(world: World) -> None:
    """Live through all of it, and look at each step."""
    cloud, way = world.cloud, world.way
    way.tell(order(), hours(0))
    way.tell(issue(at=hours(2), numbers=(NUMBER,)), hours(2))
    await world.at(hours(2))
    assert cloud.is_registered(NUMBER)
    await world.at(hours(76))
    assert not cloud.is_registered(NUMBER), "nothing was found for three days"
    await world.at(hours(76.4))
    assert not cloud.is_registered(NUMBER), "it may be registered again half an hour later"
    await world.at(hours(76.6))
    assert cloud.is_registered(NUMBER)
    await world.at(hours(78))
    cloud.scan(NUMBER)
    await world.at(hours(78.1))
    assert world.statuses() == [TrackingStatus.IN_TRANSIT]
    await world.at(hours(80))
    world.lossy = True
    cloud.scan(NUMBER)
    await world.at(hours(81))
    assert len(world.statuses()) == 1, "the push was lost"
    await world.at(hours(78 + 24.1))
    await world.at(hours(78 + 25))
    assert len(world.statuses()) == 2, "silent for half of what is ordinary, it was asked for"
    world.lossy = False
    await world.at(hours(110))
    cloud.scan(NUMBER, DELIVERED)
    await world.at(hours(110.1))
    assert world.statuses()[-1] is TrackingStatus.DELIVERED
    await world.at(hours(112))


async def test_a_parcel_is_registered_given_up_registered_again_asked_for_delivered_and_let_go() -> None:
    async with world() as everything:
        await live(everything)
        snapshot = everything.way.order()
        assert snapshot.view is not None
        assert snapshot.view.status is DeliveryStatus.DELIVERED
        assert snapshot.wanted.subscriptions == ()
        assert Kind.UNSUBSCRIBED not in {one.kind for one in everything.way.findings()}
        assert [(e.state, e.episode) for e in everything.store.ledger.values()] == [(State.CLOSED, 1)]
        assert len(everything.cloud.monitored[NUMBER].times) == 2


WRITES = 16
"""Each call is marked in the ledger by one write and recorded by the next."""


@pytest.mark.parametrize("write", range(WRITES))
async def test_a_process_killed_on_either_side_of_a_call_leaves_nothing_undone_and_nothing_doubled(write: int) -> None:
    """It is killed when a call was marked and not made, or made and not recorded."""
    async with world() as everything:
        writes: Iterator[int] = count()

        async def die() -> None:
            if next(writes) == write:
                raise Killed

        store, is_mark = everything.store, write % 2 == 0
        everything.store = replace(store, after=die) if is_mark else replace(store, before=die)
        await live(everything)
        assert next(writes) > WRITES
        assert [entry.state for entry in everything.store.ledger.values()] == [State.CLOSED]
        assert len(everything.cloud.monitored[NUMBER].times) == 2


async def test_a_parcel_that_the_tracker_refuses_is_found_and_found_no_more_once_it_takes_it() -> None:
    async with world() as everything:
        refused = "99"
        everything.way.tell(order(), hours(0))
        everything.way.tell(issue(at=hours(2), numbers=(refused,), carrier="yuantong"), hours(2))
        everything.account = everything.account.model_copy(update={"carriers": {"yuantong": "yto"}})
        await everything.at(hours(2))
        await everything.at(hours(2.1))
        [found] = [one for one in everything.way.findings() if one.kind is Kind.UNSUBSCRIBED]
        assert (found.subject, "700" in found.details["reason"]) == (refused, True)
        everything.account = everything.account.model_copy(update={"carriers": {"yuantong": "yuantong"}})
        everything.store.wake(everything.cloud.now)
        await everything.at(hours(3))
        assert everything.cloud.is_registered(refused)
        assert Kind.UNSUBSCRIBED not in {one.kind for one in everything.way.findings()}
