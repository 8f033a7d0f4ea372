"""A rehearsal of one target: the newest snapshots, read from the topic, against the ledger and the target.

What is wanted is read afresh, so a target that has never been dispatched to can be rehearsed as well; it then has no
entries. Nothing is stored, and no place in the topic is kept.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import DBAPIError

from connectors.scanning import places, reading, scan
from contracts.connector import Target
from contracts.errors import Rejected
from contracts.settings import KafkaSettings, Settings, TargetAccount
from contracts.topics import SNAPSHOTS
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import Entry
from streams.dispatch.holding import Holding
from streams.dispatch.intake import Lane, LaneKey, Taken, WantedState, merge, take
from streams.dispatch.order_wishes import needs_views
from streams.dispatch.pace import pace_of
from streams.dispatch.plan import Rules
from streams.dispatch.rehearsing import Rehearser, Step, Would
from streams.dispatch.wishes import living_from_of, rules_of
from streams.store.database import Database, missing_file, open_database
from streams.store.ledger import LedgerStore
from streams.store.paces import PaceStore
from streams.store.wanted import WantedStore


class Ledger(Protocol):
    """What is known of a target."""

    async def entries(self, key: LaneKey) -> list[Entry]:
        """Read the entries of one lane."""

    async def read(self, key: LaneKey) -> Lane | None:
        """Read what was last wanted there."""

    async def holding(self) -> Holding:
        """Read what is known of policy revisions."""


class Nothing:
    """The ledger of a target to which nothing was ever dispatched."""

    def __init__(self, above: int) -> None:
        """Take how many new tasks of one policy revision go by themselves."""
        self._above = above

    async def entries(self, _key: LaneKey) -> list[Entry]:
        """Know of none."""
        return []

    async def read(self, _key: LaneKey) -> Lane | None:
        """Know of none."""
        return None

    async def holding(self) -> Holding:
        """Know of none."""
        return Holding(self._above)


class Stored:
    """The ledger in the database, read only."""

    def __init__(self, database: Database, account: TargetAccount) -> None:
        """Take the database and the target's account."""
        self._ledger = LedgerStore(database, account.name)
        self._wanted = WantedStore(database, account.name, with_views=needs_views(account))
        self._account = account

    async def entries(self, key: LaneKey) -> list[Entry]:
        """Read the entries of one lane."""
        return await self._ledger.entries(key)

    async def read(self, key: LaneKey) -> Lane | None:
        """Read what was last wanted there."""
        return await self._wanted.read(key)

    async def holding(self) -> Holding:
        """Read what is known of policy revisions."""
        return await self._ledger.holding(self._account.hold_above, shadow=self._account.mode == "shadow")


async def rehearse(
    settings: Settings, account: TargetAccount, target: Target, now: Callable[[], datetime]
) -> AsyncIterator[Step]:
    """Give what dispatch would do at a target now, order by order.

    Raises Fatal where the broker is away, Retryable or Rejected where the target is or refuses us.
    """
    states = await newest_states(settings.kafka, account)
    secret = account.secret.read() if account.secret else None
    async with _ledger(settings, account) as (ledger, turns_in), target.open(account, secret) as session:
        pace = pace_of(target, account)
        turns = PaceStore(turns_in, account.name, pace) if pace and turns_in else None
        endpoint = Endpoint(session, now, turns, account.name)
        begun, living_from, holding = Counter[int](), living_from_of(settings), await ledger.holding()

        def rules(state: WantedState) -> Rules:
            held = replace(holding, begun=Counter(holding.begun) + begun)
            return rules_of(account, secret, state, living_from, held)

        rehearser = Rehearser(account, target, endpoint, settings.clock.clock(), rules)
        for key in sorted(states, key=str):
            lane = merge(await ledger.read(key), states[key], now())
            state = states[key] if lane is None else lane.state
            for step in await rehearser.order(state, await ledger.entries(key)):
                if step.would is Would.CREATE:
                    begun[state.brought.get(step.task, 0)] += 1
                yield step


async def newest_states(kafka: KafkaSettings, account: TargetAccount) -> Mapping[LaneKey, WantedState]:
    """Read the newest wanted state of every order; what cannot be read is left to dispatch, which tells of it."""
    taken = Taken()
    async with reading(kafka) as consumer:
        async for record in scan(consumer, places(kafka, SNAPSHOTS)):
            read = take([record], with_views=needs_views(account))
            for key, state in read.newest.items():
                held = taken.newest.get(key)
                if held is None or state.stamp >= held.stamp:
                    taken.newest[key] = state
    return taken.newest


@asynccontextmanager
async def _ledger(settings: Settings, account: TargetAccount) -> AsyncIterator[tuple[Ledger, Database | None]]:
    """Open the ledger as it is; raises Rejected where its tables are of another version."""
    if missing_file(settings.database_url()) is not None:
        yield Nothing(account.hold_above), None
        return
    async with open_database(settings.database_url()) as database:
        try:
            yield Stored(database, account), database
        except DBAPIError as error:
            reason = "the ledger is of another version, or cannot be read: start `quayside dispatch` once"
            raise Rejected(f"{reason} ({type(error.orig).__name__})", code="ledger_version") from error
