"""An entry is changed by one writer, together with what follows from it, or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

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
    assert await ledger.by_idempotency_key([ENTRY.idempotency_key, "other-1"]) == {ENTRY.idempotency_key: saved}
    assert await ledger.count() == {State.OPEN: 1}


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


async def test_a_changed_configuration_wakes_the_lanes_of_dead_entries(database: Database, ledger: LedgerStore) -> None:
    wanted = WantedStore(database, "desk")
    state = read_record(record(snapshot(task())))
    await wanted.take(Taken({state.key: state}), {}, [], START)
    await wanted.rest(LANE, 1)
    await ledger.save([replace(ENTRY, state=State.DEAD)])
    await wanted.wake_changed("c", START)
    assert await wanted.due(START, [0], [], 10) == []
    await wanted.wake_changed("another", START)
    assert await wanted.due(START, [0], [], 10) == [LANE]
