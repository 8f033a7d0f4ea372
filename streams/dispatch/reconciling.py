"""All that a target has is compared with all that should be there, and mended by the ordinary plan.

Nothing is written to the target from here: what disagrees is only marked as uncertain in the ledger and its lane woken.
The lane then asks the target and does what is left to do, as after a crash. Orders with work under way are left out.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from contracts import metrics
from contracts.clock import WallClock
from contracts.connector import Record, Target
from contracts.errors import Rejected
from contracts.identity import Scope, parts
from contracts.settings import Settings, TargetAccount
from streams.dispatch.comparing import Difference, Standing, What, differences, is_of
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import Entry
from streams.dispatch.intake import Lane, LaneKey
from streams.dispatch.order_wishes import needs_views
from streams.dispatch.pace import pace_of
from streams.dispatch.watching import LONGEST_POLL
from streams.dispatch.wishes import living_from_of, rules_of, wishes_of
from streams.store.database import Database
from streams.store.ledger import LedgerStore, Overtaken
from streams.store.paces import PaceStore
from streams.store.wanted import WantedStore

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it. orders: how many were compared; busy: how many were left out."""

    differences: tuple[Difference, ...]
    orders: int
    busy: int


@dataclass(frozen=True, slots=True)
class Mended:
    """marked: how many differences dispatch now looks at. left: those that it cannot mend, or was just busy with."""

    marked: int
    left: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Reconciles one target. living_from: since when polled accounts are pushed, by name.

    endpoint: of a session of its own. One that watches as well would lose its place: both read what changed.
    """

    account: TargetAccount
    target: Target
    endpoint: Endpoint
    ledger: LedgerStore
    wanted: WantedStore
    living_from: Mapping[str, datetime]
    clock: WallClock
    now: Callable[[], datetime]

    async def compare(self) -> Compared:
        """Compare every order; raises Retryable or Rejected where the target does not answer."""
        listed = {record.id: record for record in await self.endpoint.ask(self._everything(), LONGEST_POLL)}
        by_lane = _by_lane(listed.values())
        ours = _by_lane(one for one in listed.values() if one.is_open and is_of(self.account.name, one))
        found: list[Difference] = []
        orders = busy = 0
        async for lane, entries in self._lanes(ours):
            if lane.due_at is not None:
                busy += 1
                continue
            orders += 1
            there = {record.id: record for record in by_lane.get(lane.state.key, ())}
            there |= {one.remote_id: listed[one.remote_id] for one in entries if one.remote_id in listed}
            found += await self._of_lane(lane, entries, there)
        found += await self._of_nobody(ours)
        for what in What:
            metrics.DIFFERENCES.labels(self.account.name, what).set(sum(one.what is what for one in found))
        return Compared(tuple(found), orders, busy)

    async def mend(self, found: Sequence[Difference]) -> Mended:
        """Mark what disagrees, and wake its lanes."""
        left: list[Difference] = []
        lanes: set[LaneKey] = set()
        for one in found:
            try:
                if one.mark is None:
                    left.append(one)
                    continue
                await self.ledger.save([one.mark])
            except Overtaken:
                left.append(one)
                continue
            lanes.add(one.lane)
        await self.wanted.wake(sorted(lanes, key=str), self.now())
        return Mended(len(found) - len(left), tuple(left))

    async def _everything(self) -> list[Record]:
        return [record async for record in self.endpoint.session.changed_since("")]

    async def _lanes(self, told: Iterable[LaneKey]) -> AsyncIterator[tuple[Lane, list[Entry]]]:
        """Give every lane that wants or has anything, then those that have something open only there (`told`)."""
        seen: set[LaneKey] = set()
        last: LaneKey | None = None
        while lanes := await self.wanted.after(last, _AT_ONCE):
            last = lanes[-1].state.key
            entries = await self.ledger.of_lanes([lane.state.key for lane in lanes])
            for lane in lanes:
                seen.add(lane.state.key)
                yield lane, entries.get(lane.state.key, [])
        for key in [key for key in told if key not in seen]:
            if (resting := await self.wanted.read(key)) is not None:
                yield resting, (await self.ledger.of_lanes([key])).get(key, [])

    async def _of_nobody(self, ours: Mapping[LaneKey, Sequence[Record]]) -> list[Difference]:
        """Find our open records about orders of which no snapshot is known: no lane can see to them."""
        return [
            Difference(What.UNWANTED, key, record.key, record.id)
            for key, records in ours.items()
            for record in records
            if await self.wanted.read(key) is None
        ]

    async def _of_lane(self, lane: Lane, entries: list[Entry], there: Mapping[str, Record]) -> list[Difference]:
        """Compare one order; what disagrees by the list, which may tell less, is read before it is told."""
        at = self.clock.now()
        wishes = wishes_of(lane.state, self.target, self.account, at, entries)
        standing = Standing(lane.state.key, wishes, entries)
        rules = rules_of(self.account, None, lane.state, self.living_from)
        first = differences(standing, there, rules, at)
        if not first:
            return []
        known = dict(there)
        for record_id in {one.record for one in first if one.record}:
            found = await self.endpoint.ask(self.endpoint.session.read(record_id))
            if found is None:
                known.pop(record_id, None)
            else:
                known[record_id] = found
        return differences(standing, known, rules, at)


@asynccontextmanager
async def reconciling(
    settings: Settings, account: TargetAccount, target: Target, database: Database, now: Callable[[], datetime]
) -> AsyncIterator[Reconciler]:
    """Open a reconciler, with a session of its own that keeps the target's limit together with all others."""
    secret = account.secret.read() if account.secret else None
    pace = pace_of(target, account)
    turns = PaceStore(database, account.name, pace) if pace else None
    async with target.open(account, secret) as session:
        yield Reconciler(
            account=account,
            target=target,
            endpoint=Endpoint(session, now, turns, account.name),
            ledger=LedgerStore(database, account.name),
            wanted=WantedStore(database, account.name, with_views=needs_views(account)),
            living_from=living_from_of(settings),
            clock=settings.clock.clock(),
            now=now,
        )


def _by_lane(records: Iterable[Record]) -> dict[LaneKey, list[Record]]:
    found: dict[LaneKey, list[Record]] = {}
    for record in records:
        try:
            account, scope, subject = parts(record.key.encode())[:3]
        except (Rejected, ValueError):
            continue
        found.setdefault(LaneKey(account, cast("Scope", scope), subject), []).append(record)
    return found
