"""A hint leads to a reading, and to nothing else: what is told is what then stands in the system."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

import pytest

from connectors.hinting.waiting import Waiting
from connectors.polling.polls import Polling
from contracts.clock import WallClock
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.hint import ANYTHING, Named
from contracts.metrics import REGISTRY
from contracts.ticks import Tick
from tests.connectors.polling.doubles import ACCOUNT, Durable, System, poll_of
from tests.connectors.polling.test_polls import answering

SEVEN = Named("order", "7")


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def durable() -> Durable:
    return Durable()


def look(system: System, durable: Durable, *hinted: Named) -> frozenset[Named]:
    """Look at hints a minute later, as a process that has just started."""
    system.wait(timedelta(minutes=1))
    return asyncio.run(poll_of(system, durable).look(hinted))


def contents(durable: Durable) -> list[object]:
    return [told.get("content", "withdrawn") for told in durable.told()]


def test_a_document_is_read_by_its_id_though_no_poll_is_due(system: System, durable: Durable) -> None:
    system.write("7", "ten")
    assert look(system, durable, SEVEN) == {SEVEN}
    assert contents(durable) == ["ten"]
    assert system.asked == []


def test_a_document_that_was_told_is_found_by_its_name(system: System, durable: Durable) -> None:
    system.write("7", "ten")
    look(system, durable, SEVEN)
    system.write("7", "eight")
    by_name = Named("order", "", "SO7")
    assert look(system, durable, by_name) == {by_name}
    assert contents(durable) == ["ten", "eight"]
    assert system.asked == []


def test_a_name_that_was_never_told_leads_to_all_that_changed(system: System, durable: Durable) -> None:
    system.write("7", "ten")
    by_name = Named("order", "", "SO7")
    assert look(system, durable, by_name) == {by_name}
    assert (contents(durable), system.asked) == (["ten"], [""])


def test_a_hint_without_a_name_is_a_poll_at_once_with_its_mark_and_its_tick(system: System, durable: Durable) -> None:
    system.write("7", "ten")
    assert look(system, durable, ANYTHING) == {ANYTHING}
    assert durable.recalled().progress.mark == "after-1"
    assert len(durable.ticks()) == 1


def test_a_document_that_is_gone_is_withdrawn(system: System, durable: Durable) -> None:
    system.write("7", "ten")
    look(system, durable, SEVEN)
    system.documents.clear()
    assert look(system, durable, SEVEN) == {SEVEN}
    assert durable.told()[-1] == {"document": "SO7", "withdrawn": True}


@pytest.mark.parametrize("stranger", [Named("order", "404"), Named("order", "404", "SO7"), Named("invoice", "7")])
def test_what_was_never_told_and_is_not_there_tells_nothing(system: System, durable: Durable, stranger: Named) -> None:
    """A forged hint cannot withdraw a document: neither its id nor its name is believed."""
    system.write("7", "ten")
    look(system, durable, SEVEN)
    assert look(system, durable, stranger) == frozenset()
    assert contents(durable) == ["ten"]


def test_what_stands_as_it_was_told_is_no_news(system: System, durable: Durable) -> None:
    system.write("7", "ten")
    look(system, durable, SEVEN)
    assert look(system, durable, SEVEN) == frozenset()
    assert contents(durable) == ["ten"]


def test_of_several_hints_each_says_for_itself_whether_it_was_news(system: System, durable: Durable) -> None:
    system.write("7", "ten")
    system.write("8", "three")
    look(system, durable, SEVEN, Named("order", "8"))
    system.write("8", "two")
    assert look(system, durable, SEVEN, Named("order", "8")) == {Named("order", "8")}


def looks(outcome: str) -> float:
    labels = {"account": ACCOUNT.name, "outcome": outcome}
    return REGISTRY.get_sample_value("quayside_hinted_looks_total", labels) or 0.0


class Heard(Durable):
    """It says when a reading, or a tick, became durable."""

    def __init__(self) -> None:
        super().__init__()
        self.told_something, self.ticked = asyncio.Event(), asyncio.Event()

    async def remember(self, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        await super().remember(records)
        if self.told():
            self.told_something.set()

    async def tick(self, tick: Tick) -> None:
        await super().tick(tick)
        self.ticked.set()


async def test_a_thousand_hints_in_a_burst_are_one_reading_long_before_the_next_poll() -> None:
    system, durable, hints = System(), Heard(), Waiting()
    account = ACCOUNT.model_copy(update={"every_seconds": 3600.0})
    keeping = asyncio.create_task(
        Polling(account, answering(system), durable.recalled(), durable, WallClock(), hints).keep()
    )
    async with asyncio.timeout(10):
        await durable.ticked.wait()
        system.write("7", "ten")
        system.wait(timedelta(minutes=1))
        for _ in range(1000):
            hints.add(SEVEN)
        await durable.told_something.wait()
    await asyncio.sleep(0)
    assert await hints.take(asyncio.get_running_loop().time() + 0.01) == {}
    keeping.cancel()
    assert contents(durable) == ["ten"]
    assert len(system.read) == 1


@pytest.mark.parametrize(
    "error", [Retryable("away", code="throttled", retry_after=timedelta(minutes=5)), Rejected("no", code="refused")]
)
async def test_a_look_that_fails_is_counted_and_gives_the_system_rest(error: QuaysideError) -> None:
    durable, hints, before = Durable(), Waiting(), looks("failed")
    polling = Polling(ACCOUNT, answering(error), durable.recalled(), durable, WallClock(), hints)
    hints.add(SEVEN)
    now = asyncio.get_running_loop().time
    taken = await hints.take(now() + 10)
    assert await polling.look(taken) == frozenset()
    assert looks("failed") == before + 1
    hints.add(Named("order", "8"))
    assert await hints.take(now() + 0.2) == {}
