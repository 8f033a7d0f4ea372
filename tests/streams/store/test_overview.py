"""What people ask of the ledger, over all targets, on both databases."""

from dataclasses import replace
from datetime import timedelta

from streams.dispatch.entry import State
from streams.dispatch.intake import Taken, read_record
from streams.store.database import Database
from streams.store.ledger import LedgerStore
from streams.store.overview import Asked, TargetStatus, find, statuses
from streams.store.wanted import WantedStore
from tests.streams.dispatch.samples import START, record, snapshot, task
from tests.streams.store.test_ledger import ENTRY, LANE

WELL = replace(ENTRY, tries=0, failing_since=None, failed_at=None, error_code="", error="")
OTHER = replace(
    WELL, subject="SO-2", task='["erp","order","SO-2","order:SO-2","late"]', since=START + timedelta(hours=1)
)
LATER = START + timedelta(minutes=2)


async def fill(database: Database) -> None:
    """Two targets: at one something fails and is parked; the other has a shadow, and something new to do."""
    desk, crm = WantedStore(database, "desk"), WantedStore(database, "crm")
    state = read_record(record(snapshot(task())))
    for store in (desk, crm):
        await store.take(Taken(newest={state.key: state}), {}, [], START)
    await desk.park(LANE, LATER)
    await LedgerStore(database, "desk").save([ENTRY, replace(OTHER, state=State.DEAD)])
    await LedgerStore(database, "crm").save([replace(WELL, target="crm", shadow=True)])


async def asked(database: Database, **what: object) -> list[tuple[str, str]]:
    found = await find(database, Asked(**what))  # type: ignore[arg-type]
    return [(line.entry.target, line.entry.subject) for line in found]


async def test_what_is_asked_for_is_found_with_the_next_try_the_last_begun_at_the_end(database: Database) -> None:
    await fill(database)
    failing, dead = await find(database, Asked())
    assert (failing.entry, failing.next_at) == (replace(ENTRY, revision=1), LATER)
    assert (dead.entry.subject, dead.next_at) == ("SO-2", None)
    assert await asked(database, target="crm") == []
    assert await asked(database, subject="SO-2") == [("desk", "SO-2")]
    assert await asked(database, states=frozenset({State.OPEN, State.CLOSED})) == [("desk", "SO-1")]
    assert await asked(database, failing=True) == [("desk", "SO-1")]
    assert await asked(database, shadow=True) == [("crm", "SO-1")]
    assert await asked(database, limit=1) == [("desk", "SO-2")]


async def test_every_target_s_standing_is_counted(database: Database) -> None:
    assert await statuses(database) == {}
    await fill(database)
    assert await statuses(database) == {
        "desk": TargetStatus({State.OPEN: 1, State.DEAD: 1}, failing=1, waiting=1, waiting_since=START, parked=1),
        "crm": TargetStatus(shadow=1, waiting=1, waiting_since=START),
    }
