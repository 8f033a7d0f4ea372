"""A released revision holds nothing any more, on both databases."""

from dataclasses import replace
from datetime import timedelta

from streams.dispatch.entry import Entry, State
from streams.dispatch.intake import LaneKey, Taken, read_record
from streams.store.database import Database
from streams.store.ledger import LedgerStore
from streams.store.releasing import read_held, release
from streams.store.wanted import WantedStore
from tests.streams.dispatch.samples import START, record, snapshot, task

LATER = START + timedelta(hours=1)


def entry(order: str, revision: int, state: State = State.HELD, target: str = "desk") -> Entry:
    return Entry(target, "erp", "order", order, f"late of {order}", 1, START, state, policy_revision=revision)


async def fill(database: Database) -> WantedStore:
    wanted, ledger = WantedStore(database, "desk"), LedgerStore(database, "desk")
    for order in ("SO-1", "SO-2", "SO-3"):
        state = replace(read_record(record(snapshot(task(), order=order))), brought={"late": 2}, policy_revision=2)
        await wanted.take(Taken({state.key: state}), {}, [], START)
        lane = await wanted.read(state.key)
        assert lane is not None
        assert lane.state == state
        await wanted.rest(state.key, lane.sequence)
    await ledger.save([entry("SO-1", 2), entry("SO-2", 3), entry("SO-3", 2, State.OPEN)])
    await LedgerStore(database, "crm").save([entry("SO-1", 2, target="crm")])
    return wanted


async def test_what_is_held_is_counted_by_target_and_revision(database: Database) -> None:
    await fill(database)
    assert await read_held(database) == {"desk": {2: 1, 3: 1}, "crm": {2: 1}}
    holding = await LedgerStore(database, "desk").holding(1, shadow=False)
    assert (holding.released, holding.begun) == (0, {2: 1})
    assert [holding.holds(revision) for revision in (1, 2, 3)] == [False, True, False]


async def test_a_release_wakes_the_lanes_that_its_revision_holds_and_no_others(database: Database) -> None:
    wanted = await fill(database)
    assert await release(database, "desk", 2, LATER) == 1
    due = await wanted.due(LATER, {0}, (), 10)
    assert list(due) == [LaneKey("erp", "order", "SO-1")]
    holding = await LedgerStore(database, "desk").holding(0, shadow=False)
    assert [holding.holds(revision) for revision in (1, 2, 3)] == [False, False, True]
    assert not (await LedgerStore(database, "crm").holding(1, shadow=False)).released


async def test_an_earlier_release_takes_no_later_one_back(database: Database) -> None:
    await fill(database)
    assert await release(database, "desk", 3, LATER) == 2
    await release(database, "desk", 1, LATER)
    assert (await LedgerStore(database, "desk").holding(0, shadow=False)).released == 3
