"""Notices to customers at a target: each goes once, only where the account asks for them, and none too late."""

import asyncio
from datetime import datetime, timedelta

from contracts.settings import TargetAccount
from contracts.snapshot import Notice, Snapshot, Text, Wanted
from streams.dispatch.intake import read_record
from tests.streams.dispatch import samples
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.memory import MemoryStore, runner

ACCOUNT = TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1", notices=True)
TOMORROW = samples.START + timedelta(days=3650)


def arrival(*, title: str = "It arrives tomorrow", expires_at: datetime | None = TOMORROW) -> Notice:
    text = Text(title=title, body="Please have somebody ready.")
    return Notice(
        key="arrival/YT1/2026-03-05",
        audience="C7",
        since=samples.START,
        expires_at=expires_at,
        texts={"en": text, "zh-CN": text},
    )


def wanting(*notices: Notice) -> Snapshot:
    return samples.snapshot().model_copy(update={"wanted": Wanted(notices=notices)})


async def tell(store: MemoryStore, fake: FakeTarget, *said: Snapshot, account: TargetAccount = ACCOUNT) -> None:
    """Let the target follow each snapshot to rest."""
    for through, snapshot in enumerate(said, 1):
        state = read_record(samples.record(snapshot, through, offset=through))
        store.take(state, samples.START)
        await asyncio.wait_for(runner(store, fake, account, lambda: samples.START).run(state.key, lambda: True), 5)


async def test_a_notice_is_written_once_however_often_it_is_wanted() -> None:
    store, fake = MemoryStore(), FakeTarget()
    await tell(store, fake, wanting(arrival()), wanting(arrival(title="other words")), wanting(), wanting(arrival()))
    assert len(fake.named("create")) == 1
    assert (fake.named("update"), fake.named("close")) == ([], [])


async def test_a_notice_that_is_overtaken_before_it_goes_is_not_sent() -> None:
    store, fake = MemoryStore(), FakeTarget()
    await tell(store, fake, wanting(arrival(expires_at=samples.START - timedelta(hours=1))))
    assert fake.calls == []


async def test_an_account_that_asks_for_no_notices_gets_none() -> None:
    store, fake = MemoryStore(), FakeTarget()
    await tell(store, fake, wanting(arrival()), account=ACCOUNT.model_copy(update={"notices": False}))
    assert fake.calls == []
