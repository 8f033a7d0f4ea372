"""Processes of one target share its pace."""

import asyncio
from datetime import timedelta

from contracts.connector import Limit
from streams.dispatch.pace import Pace
from streams.store.database import Database
from streams.store.paces import PaceStore
from tests.streams.dispatch.samples import START

PACE = Pace.of(Limit(2, 1))


async def test_two_processes_of_a_target_take_turns(database: Database) -> None:
    for number in range(5):
        stores = [PaceStore(database, f"crm-{number}", PACE) for _ in range(2)]
        turns = await asyncio.gather(*(store.take(START) for store in stores * 3))
        assert sorted(turns) == [START + turn * PACE.spacing for turn in range(6)]


async def test_another_target_has_a_pace_of_its_own(database: Database) -> None:
    for target in ("crm", "desk"):
        assert await PaceStore(database, target, PACE).take(START) == START


async def test_a_pace_that_was_not_used_is_not_saved_up(database: Database) -> None:
    store = PaceStore(database, "crm", PACE)
    later = START + timedelta(hours=1)
    assert [await store.take(at) for at in (START, later, later)] == [START, later, later + PACE.spacing]
