"""The newest wanted state counts, and it is durable together with how far it was read."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from streams.dispatch.intake import LaneKey, Taken, WantedState, read_record, take
from streams.store.consumed import Consumed
from streams.store.database import Database
from streams.store.outbox import Letter, Outbox
from streams.store.wanted import WantedStore
from tests.streams.dispatch import samples
from tests.streams.dispatch.samples import START, record, snapshot, task

LANE = LaneKey("erp", "order", "SO-1")


@pytest.fixture
def store(database: Database) -> WantedStore:
    return WantedStore(database, "desk")


def state(through: int, title: str | None = "late", **values: object) -> WantedState:
    tasks = [] if title is None else [task(title=title)]
    return replace(read_record(record(snapshot(*tasks), through)), **values)  # type: ignore[arg-type]


async def put(store: WantedStore, *states: WantedState) -> None:
    for one in states:
        await store.take(Taken({one.key: one}), {}, [], START)


async def test_what_is_stored_is_read_back_as_it_was(store: WantedStore) -> None:
    told = state(3, ask_first=True)
    await put(store, told)
    lane = await store.read(LANE)
    assert lane is not None
    assert lane.state == told
    assert (lane.due_at, lane.dirty_since, lane.parked) == (START, START, False)


async def test_a_lower_stamp_is_skipped_and_an_equal_one_is_not(store: WantedStore) -> None:
    await put(store, state(3, "newest"), state(2, "older"))
    lane = await store.read(LANE)
    assert lane is not None
    assert "newest" in lane.state.wanted
    await put(store, state(3, "folded again"))
    lane = await store.read(LANE)
    assert lane is not None
    assert "folded again" in lane.state.wanted


def test_of_one_batch_the_newest_state_counts_in_whatever_order_it_stands() -> None:
    newest, older = (record(snapshot(task(title=title)), through) for title, through in (("newest", 5), ("older", 4)))
    for batch in ((older, newest), (newest, older)):
        assert "newest" in take(batch).newest[LANE].wanted
    assert "folded again" in take([newest, record(snapshot(task(title="folded again")), 5)]).newest[LANE].wanted


async def test_a_new_epoch_is_newer_than_any_offset(store: WantedStore) -> None:
    old = state(900)
    told = record(snapshot(), 1)
    new = read_record(replace(told, headers=tuple(samples.headers(1, epoch=2))))
    await put(store, old, new)
    lane = await store.read(LANE)
    assert lane is not None
    assert lane.state.tasks == 0


async def test_a_lane_rests_only_for_the_state_that_was_finished(store: WantedStore) -> None:
    await put(store, state(1))
    await put(store, state(2, "changed"))
    await store.rest(LANE, sequence=1)
    assert await store.due(START, [0], [], 10) == {LANE: 0}
    await store.rest(LANE, sequence=2)
    assert await store.due(START, [0], [], 10) == {}


async def test_a_state_that_wants_the_same_wakes_nobody(store: WantedStore) -> None:
    await put(store, state(1))
    await store.rest(LANE, sequence=1)
    await put(store, state(2))
    assert await store.due(START, [0], [], 10) == {}
    await put(store, state(3, None))
    assert await store.due(START, [0], [], 10) == {LANE: 0}


async def test_a_parked_lane_waits_for_its_time_though_a_newer_state_came(store: WantedStore) -> None:
    await put(store, state(1))
    later = START + timedelta(minutes=5)
    await store.park(LANE, later)
    await put(store, state(2, "changed"))
    assert await store.due(START, [0], [], 10) == {}
    assert await store.backlog(START) == (1, START)
    assert await store.due(later, [0], [], 10) == {LANE: 0}


async def test_only_lanes_of_owned_partitions_that_are_not_at_work_are_due(store: WantedStore) -> None:
    await put(store, state(1))
    assert await store.due(START, [1, 2], [], 10) == {}
    assert await store.due(START, [0], {LANE}, 10) == {}


async def test_one_batch_with_its_letters_and_its_offsets_is_one_transaction(
    database: Database, store: WantedStore
) -> None:
    broken = record(snapshot(task()), 1)
    taken = take([record(snapshot(task()), 1), replace(broken, value=b"{", offset=1)])
    assert [error.code for _, error in taken.unreadable] == ["invalid"]
    letter = Letter("dead-letters", b"k", b"{", [("not-text", b"\xff"), ("null", None)])
    await store.take(taken, {("quayside.snapshots", 0): Consumed(1, 2, 7)}, [letter], START)
    assert await store.consumed("quayside.snapshots", 0) == Consumed(1, 2, 7)
    outbox = Outbox(database, "desk")
    ((letter_id, waiting),) = await outbox.waiting(10)
    assert waiting == letter
    await outbox.sent([letter_id])
    assert await outbox.waiting(10) == []


async def test_targets_do_not_see_each_other(database: Database, store: WantedStore) -> None:
    await put(store, state(1))
    assert await WantedStore(database, "crm").read(LANE) is None


async def test_processes_that_store_the_same_lanes_at_once_keep_the_newest_state(store: WantedStore) -> None:
    """As during a handover, while both have the partition's records."""
    keys = [LaneKey("erp", "order", f"SO-{number}") for number in range(20)]

    async def tell(through: int) -> None:
        told = [read_record(record(snapshot(task(title=str(through)), order=key.subject), through)) for key in keys]
        await store.take(Taken({state.key: state for state in told}), {("t", 0): Consumed(1, through, 0)}, [], START)

    for newest, throughs in ((8, (3, 8, 1, 7, 2, 6)), (18, (13, 18, 11, 17, 12, 16))):
        await asyncio.gather(*map(tell, throughs))
        for key in keys:
            lane = await store.read(key)
            assert lane is not None
            assert lane.state.stamp.through.offset == newest


async def test_a_target_that_asks_for_orders_views_later_reads_all_snapshots_again(database: Database) -> None:
    tasks_alone = WantedStore(database, "desk")
    place = {("snapshots", 0): Consumed(1, 7, 0)}
    await tasks_alone.take(Taken(), place, [], START)
    with_views = WantedStore(database, "desk", with_views=True)
    assert await with_views.consumed("snapshots", 0) is None
    told = record(snapshot())
    await with_views.take(take([told], with_views=True), place, [], START)
    lane = await with_views.read(LANE)
    assert lane is not None
    assert "in_transit" in lane.state.view
    assert lane.due_at == START
    assert take([told]).newest[LANE].view == ""
    assert await tasks_alone.consumed("snapshots", 0) == place["snapshots", 0]
