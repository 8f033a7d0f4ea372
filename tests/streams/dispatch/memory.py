"""The ledger and the wanted states in memory, for tests that cut a lane between any two of its steps."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from contracts.clock import WallClock
from contracts.settings import TargetAccount
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import Entry, State
from streams.dispatch.holding import Holding
from streams.dispatch.intake import Lane, LaneKey, WantedState, merge
from streams.dispatch.lane import LaneRunner
from streams.dispatch.performing import Performer
from streams.dispatch.wishes import configuration_of
from streams.store.ledger import Overtaken
from streams.store.outbox import Letter
from tests.streams.dispatch.fake_target import FakeTarget, connector


async def _nothing() -> None:
    """No fault."""


@dataclass
class MemoryStore:
    """Does in memory what the stores do in SQL. before and after: awaited around each write."""

    lanes: dict[LaneKey, Lane] = field(default_factory=dict)
    ledger: dict[tuple[str, bool, int], Entry] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    released: int = 0
    before: Callable[[], Awaitable[None]] = _nothing
    after: Callable[[], Awaitable[None]] = _nothing

    def take(self, state: WantedState, now: datetime) -> None:
        merged = merge(self.lanes.get(state.key), state, now)
        if merged is not None:
            self.lanes[state.key] = merged

    def wake(self, now: datetime) -> None:
        self.lanes = {key: replace(lane, due_at=now) for key, lane in self.lanes.items()}

    async def read(self, key: LaneKey) -> Lane | None:
        return self.lanes.get(key)

    async def rest(self, key: LaneKey, sequence: int) -> None:
        if self.lanes[key].sequence == sequence:
            self.lanes[key] = replace(self.lanes[key], due_at=None, dirty_since=None, parked=False)

    async def park(self, key: LaneKey, until: datetime) -> None:
        self.lanes[key] = replace(self.lanes[key], due_at=until, parked=True)

    async def entries(self, key: LaneKey) -> list[Entry]:
        return [
            e for e in self.ledger.values() if (e.account, e.scope, e.subject) == (key.account, key.scope, key.subject)
        ]

    async def is_shared(self, entry: Entry) -> bool:
        needing = {State.IN_FLIGHT, State.OPEN}
        others = [one for one in self.ledger.values() if one.task != entry.task and one.remote_id == entry.remote_id]
        return any(one.state in needing and not one.shadow for one in others)

    async def holding(self, above: int, *, shadow: bool) -> Holding:
        told = [entry for entry in self.ledger.values() if entry.shadow == shadow and entry.state is not State.HELD]
        return Holding(above, self.released, Counter(entry.policy_revision for entry in told))

    async def save(self, entries: Sequence[Entry], letters: Sequence[Letter] = ()) -> list[Entry]:
        await self.before()
        names = [(entry.task, entry.shadow, entry.episode) for entry in entries]
        for name, entry in zip(names, entries, strict=True):
            held = self.ledger.get(name)
            if (held.revision if held else 0) != entry.revision:
                raise Overtaken(entry.task)
        saved = [replace(entry, revision=entry.revision + 1) for entry in entries]
        self.ledger.update(zip(names, saved, strict=True))
        self.letters += letters
        await self.after()
        return saved


def runner(
    store: MemoryStore, fake: FakeTarget, account: TargetAccount, now: Callable[[], datetime], secret: str | None = None
) -> LaneRunner:
    """A lane runner over a store and a target in memory."""
    performer = Performer(
        endpoint=Endpoint(fake, now),
        ledger=store,
        account=account,
        configuration=configuration_of(account, secret, {}),
        clock=WallClock(),
        now=now,
        lease=60,
    )
    return LaneRunner(store, store, performer, connector(fake), account, secret, {}, now)
