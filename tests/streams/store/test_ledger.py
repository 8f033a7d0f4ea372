"""An entry is changed by one writer, together with what follows from it, or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.connector import Record
from streams.dispatch.entry import Entry, State
from streams.dispatch.intake import LaneKey, Taken, read_record
from streams.store.database import Database
from streams.store.ledger import LedgerStore, Overtaken
from streams.store.outbox import Letter, Outbox
from streams.store.wanted import WantedStore
from tests.streams.dispatch.samples import START, record, snapshot, task

LANE = LaneKey("erp", "order", "SO-1")
ENTRY = Entry(
    target="desk",
    account="erp",
    scope="order",
    subject="SO-1",
    task='["erp","order","SO-1","order:SO-1","late"]',
    episode=1,
    since=START,
    state=State.OPEN,
    remote_id="17",
    remote_version="3",
    fields={"标题": "延迟"},
    attempt="a",
    configuration="c",
    tries=2,
    failing_since=START,
    failed_at=START + timedelta(seconds=3),
    error_code="timeout",
    error="no answer",
    opened_at=START,
)


@pytest.fixture
def ledger(database: Database) -> LedgerStore:
    return LedgerStore(database, "desk")


async def test_what_is_written_is_read_back_as_it_was(ledger: LedgerStore) -> None:
    (saved,) = await ledger.save([ENTRY])
    assert saved == replace(ENTRY, revision=1)
    assert await ledger.entries(LANE) == [saved]
    assert await ledger.count() == {State.OPEN: 1}


async def test_a_record_is_known_by_its_key_or_else_by_its_id(ledger: LedgerStore) -> None:
    (saved,) = await ledger.save([ENTRY])
    by_key = Record("99", is_open=True, version="", fields={}, key="", idempotency_key=ENTRY.idempotency_key)
    stripped = Record("17", is_open=False, version="", fields={}, key="", idempotency_key="")
    stranger = Record("18", is_open=True, version="", fields={}, key="", idempotency_key="")
    assert await ledger.of_records([by_key, stripped, stranger]) == {"99": saved, "17": saved}


async def test_the_second_of_two_writers_is_told_and_nothing_of_it_is_kept(
    database: Database, ledger: LedgerStore
) -> None:
    (saved,) = await ledger.save([ENTRY])
    await ledger.save([replace(saved, state=State.CLOSED)])
    other = replace(ENTRY, task="other")
    with pytest.raises(Overtaken):
        await ledger.save([other, replace(saved, state=State.CLOSING)], [Letter("inbound", b"k", b"v")])
    (kept,) = await ledger.entries(LANE)
    assert (kept.state, kept.revision) == (State.CLOSED, 2)
    assert await Outbox(database, "desk").count() == 0


async def test_the_same_episode_is_not_begun_twice(ledger: LedgerStore) -> None:
    await ledger.save([ENTRY])
    with pytest.raises(Overtaken):
        await ledger.save([ENTRY])


async def test_a_shadow_entry_stands_beside_the_live_one_and_is_not_counted(ledger: LedgerStore) -> None:
    await ledger.save([ENTRY, replace(ENTRY, shadow=True)])
    assert await ledger.count() == {State.OPEN: 1}
    assert len(await ledger.entries(LANE)) == 2


async def test_an_entry_and_its_letters_are_durable_together(database: Database, ledger: LedgerStore) -> None:
    await ledger.save([ENTRY], [Letter("inbound", b"k", b"v", [("ce_id", b"1")])])
    assert await Outbox(database, "desk").count() == 1


async def test_the_mark_of_a_target_is_kept(ledger: LedgerStore) -> None:
    assert await ledger.mark() == ""
    await ledger.save_mark("1")
    await ledger.save_mark("2")
    assert await ledger.mark() == "2"


async def test_a_changed_configuration_wakes_once_every_lane_that_wants_or_has_anything(
    database: Database, ledger: LedgerStore
) -> None:
    wanted = WantedStore(database, "desk")
    wants = read_record(record(snapshot(task())))
    has, rests = (read_record(record(snapshot(order=order))) for order in ("SO-2", "SO-3"))
    await wanted.take(Taken({state.key: state for state in (wants, has, rests)}), {}, [], START)
    await wanted.rest(LANE, 1)
    await ledger.save([replace(ENTRY, subject="SO-2", state=State.DEAD), replace(ENTRY, task="t", subject="SO-3")])
    (closed,) = await ledger.entries(rests.key)
    await ledger.save([replace(closed, state=State.CLOSED)])
    await wanted.wake_all_at("a", START)
    assert (await wanted.due(START, [0], [], 10)).keys() == {wants.key, has.key}
    await wanted.rest(wants.key, 1)
    await wanted.wake_all_at("a", START)
    assert (await wanted.due(START, [0], [], 10)).keys() == {has.key}
    assert await ledger.mark() == ""


async def test_a_record_that_two_tasks_need_is_shared_until_one_of_them_needs_it_no_more(database: Database) -> None:
    ledger = LedgerStore(database, "desk")
    other = replace(ENTRY, subject="SO-2", task='["erp","order","SO-2","order:SO-2","late"]')
    [mine] = await ledger.save([ENTRY])
    assert not await ledger.is_shared(mine)
    [theirs] = await ledger.save([replace(other, state=State.IN_FLIGHT)])
    assert await ledger.is_shared(mine)
    await ledger.save([replace(theirs, state=State.CLOSED), replace(other, episode=2, remote_id="18")])
    await ledger.save([replace(other, shadow=True)])
    assert not await ledger.is_shared(mine)
