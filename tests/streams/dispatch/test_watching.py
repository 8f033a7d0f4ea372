"""What people did at the target is noticed once, and nothing of it is missed."""

from dataclasses import replace
from datetime import datetime

import pytest

from contracts.clock import WallClock
from contracts.connector import Record
from contracts.errors import Retryable
from contracts.identity import key
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import Entry, State, idempotency_key
from streams.dispatch.intake import LaneKey, Taken, read_record
from streams.dispatch.watching import Watcher, notice
from streams.store.database import Database
from streams.store.ledger import LedgerStore
from streams.store.wanted import WantedStore
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.samples import START, record, snapshot

TASK = key("erp", "order", "SO-1", "order:SO-1", "late").decode()
LANE = LaneKey("erp", "order", "SO-1")
FOUND = Record("1", is_open=True, version="1", fields={}, key=TASK, idempotency_key=idempotency_key("desk", TASK, 1))


def entry(state: State) -> Entry:
    return Entry("desk", "erp", "order", "SO-1", TASK, 1, START, state, remote_id="1")


def now() -> datetime:
    return START


class Watched:
    """A target, a ledger with one resting lane, and who watches."""

    def __init__(self, database: Database) -> None:
        self.fake = FakeTarget(records={"1": FOUND}, changes=["1"])
        self.ledger, self.wanted = LedgerStore(database, "desk"), WantedStore(database, "desk")
        self.watcher = Watcher("desk", Endpoint(self.fake, now), self.ledger, self.wanted, WallClock(), now)

    async def begin(self, state: State | None) -> None:
        resting = read_record(record(snapshot()))
        await self.wanted.take(Taken({LANE: resting}), {}, [], START)
        if state is not None:
            await self.ledger.save([entry(state)])

    async def state(self) -> State:
        (known,) = await self.ledger.entries(LANE)
        return known.state

    async def is_awake(self) -> bool:
        return bool(await self.wanted.due(START, [0], [], 1))


@pytest.fixture
def watched(database: Database) -> Watched:
    return Watched(database)


async def test_a_record_that_somebody_closed_wakes_its_lane_to_look_at_it(watched: Watched) -> None:
    await watched.begin(State.OPEN)
    watched.fake.person_closes("1")
    assert await watched.watcher.poll() == 1
    assert (await watched.state(), await watched.is_awake()) == (State.IN_FLIGHT, True)
    assert await watched.ledger.mark() == "2"


async def test_a_record_that_is_as_the_ledger_says_wakes_nobody(watched: Watched) -> None:
    await watched.begin(State.OPEN)
    assert await watched.watcher.poll() == 0
    assert (await watched.state(), await watched.is_awake()) == (State.OPEN, False)
    assert await watched.ledger.mark() == "1"


@pytest.mark.parametrize("state", [State.IN_FLIGHT, State.CLOSING])
async def test_what_is_told_while_an_answer_is_under_way_is_asked_for_again(watched: Watched, state: State) -> None:
    await watched.begin(state)
    watched.fake.person_closes("1")
    assert await watched.watcher.poll() == 0
    assert await watched.ledger.mark() == ""


async def test_an_open_record_that_the_ledger_has_lost_comes_back(watched: Watched) -> None:
    await watched.begin(None)
    assert await watched.watcher.poll() == 1
    assert (await watched.state(), await watched.is_awake()) == (State.IN_FLIGHT, True)


async def test_a_poll_that_fails_is_done_again_from_the_same_mark(watched: Watched) -> None:
    await watched.begin(State.OPEN)

    async def fail() -> None:
        raise Retryable("no answer")

    watched.fake.before = fail
    with pytest.raises(Retryable):
        await watched.watcher.poll()
    assert await watched.ledger.mark() == ""


@pytest.mark.parametrize(
    "stranger",
    [
        replace(FOUND, idempotency_key="made by hand"),
        replace(FOUND, idempotency_key=idempotency_key("crm", TASK, 1)),
        replace(FOUND, key="not a key", idempotency_key=idempotency_key("desk", "not a key", 1)),
        replace(FOUND, key='["erp"]', idempotency_key=idempotency_key("desk", '["erp"]', 1)),
        replace(FOUND, is_open=False),
    ],
)
def test_what_is_not_an_open_record_of_ours_is_left_alone(stranger: Record) -> None:
    assert notice("desk", stranger, None, START) is None


async def test_whose_a_record_became_is_noticed_where_the_target_tells(watched: Watched) -> None:
    await watched.begin(State.OPEN)
    watched.fake.person_gives("1", "Mei")
    assert await watched.watcher.poll() == 1
    assert (await watched.state(), await watched.is_awake()) == (State.IN_FLIGHT, True)
    assert notice("desk", FOUND, replace(entry(State.OPEN), assigned_to="Mei"), START) is None, "it tells nobody"


async def test_who_follows_a_record_that_is_closed_is_woken_though_it_is_another_s(watched: Watched) -> None:
    """Its record was merged into one of another order, whose own entry is told as well."""
    await watched.begin(None)
    await watched.ledger.save([replace(entry(State.OPEN), remote_id="2", merged_into="2")])
    survivor = replace(FOUND, id="2", key="another", idempotency_key="another")
    watched.fake.records["2"] = survivor
    watched.fake.person_closes("2")
    watched.fake.changes = ["2"]
    assert await watched.watcher.poll() == 1
    assert (await watched.state(), await watched.is_awake()) == (State.IN_FLIGHT, True)
