"""What a poll tells, what it remembers, and in which order that becomes durable."""

import asyncio
from datetime import timedelta

import pytest

from contracts.errors import Retryable
from contracts.topics import BODY_LIMIT
from tests.connectors.polling.doubles import ACCOUNT, MORNING, Durable, System, poll_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def durable() -> Durable:
    return Durable()


def contents(durable: Durable) -> list[object]:
    return [told.get("content", "withdrawn") for told in durable.told()]


def test_a_mark_moves_only_behind_what_it_speaks_for_and_time_behind_the_mark(system: System, durable: Durable) -> None:
    system.write("1", "ten")
    asyncio.run(poll_of(system, durable).once())
    assert durable.order == ["store", "bury", "sent", "mark", "tick"]


@pytest.mark.parametrize("write", ["store", "sent", "mark", "tick"])
def test_what_a_crash_at_any_write_leaves_undone_is_done_by_the_next_process(
    system: System, durable: Durable, write: str
) -> None:
    system.write("1", "ten")
    durable.fails_at = write
    with pytest.raises(ConnectionError):
        asyncio.run(poll_of(system, durable).once())
    assert durable.ticks() == []
    durable.fails_at = ""
    system.wait(MINUTE)
    asyncio.run(poll_of(system, durable).once())
    assert set(contents(durable)) == {"ten"}
    assert len(durable.ticks()) == 1
    assert durable.recalled().progress.mark == "after-1"


def test_equal_content_is_not_told_again_not_even_after_a_restart(system: System, durable: Durable) -> None:
    system.write("1", "ten")
    for _ in range(3):
        asyncio.run(poll_of(system, durable).once())
        system.wait(MINUTE)
    assert contents(durable) == ["ten"]
    assert system.asked == ["", "after-1", "after-1"]


def test_content_that_came_back_is_told_again_because_another_was_told_between(
    system: System, durable: Durable
) -> None:
    for content in ("ten", "eight", "ten"):
        system.write("1", content)
        asyncio.run(poll_of(system, durable).once())
        system.wait(MINUTE)
    assert contents(durable) == ["ten", "eight", "ten"]


def test_a_poll_that_fails_half_way_tells_what_it_read_and_passes_no_time_on(system: System, durable: Durable) -> None:
    system.write("1", "ten")
    system.write("2", "three")
    system.fails_after = (1, Retryable("away", code="unreachable"))
    with pytest.raises(Retryable):
        asyncio.run(poll_of(system, durable).once())
    assert contents(durable) == ["ten"]
    assert durable.ticks() == []
    assert durable.recalled().progress.mark == ""
    system.fails_after = None
    asyncio.run(poll_of(system, durable).once())
    assert contents(durable) == ["ten", "three"]


def test_a_document_that_vanished_is_withdrawn_by_the_next_reading_of_all_open_ones(
    system: System, durable: Durable
) -> None:
    system.write("1", "ten")
    asyncio.run(poll_of(system, durable).once())
    system.documents.clear()
    system.changed.clear()
    system.wait(timedelta(seconds=ACCOUNT.reconcile_every_seconds - 1))
    asyncio.run(poll_of(system, durable).once())
    assert contents(durable) == ["ten"]
    system.wait(timedelta(seconds=1))
    asyncio.run(poll_of(system, durable).once())
    assert contents(durable) == ["ten", "withdrawn"]
    assert len(durable.recalled()) == 0


def test_a_document_that_can_no_longer_change_is_not_read_again(system: System, durable: Durable) -> None:
    system.write("1", "ten", is_open=False)
    asyncio.run(poll_of(system, durable).once())
    system.documents.clear()
    system.changed.clear()
    system.wait(timedelta(days=1))
    asyncio.run(poll_of(system, durable).once())
    assert contents(durable) == ["ten"]


def test_what_was_closed_long_ago_is_forgotten(system: System, durable: Durable) -> None:
    system.write("1", "ten", is_open=False)
    system.write("2", "three")
    asyncio.run(poll_of(system, durable).once())
    system.changed.clear()
    system.wait(timedelta(days=91))
    asyncio.run(poll_of(system, durable).once())
    assert [document.remote for document in durable.recalled().open_documents()] == ["2"]
    assert len(durable.recalled()) == 1


def test_a_document_that_got_another_name_is_withdrawn_under_its_former_one(system: System, durable: Durable) -> None:
    system.write("1", "ten", name="SO1")
    asyncio.run(poll_of(system, durable).once())
    system.wait(MINUTE)
    system.write("1", "ten, renamed", name="SO1-A")
    asyncio.run(poll_of(system, durable).once())
    assert durable.told()[1:] == [
        {"document": "SO1", "withdrawn": True},
        {"document": "SO1-A", "content": "ten, renamed"},
    ]


def test_a_reading_that_no_record_can_hold_goes_to_the_dead_letters_once(system: System, durable: Durable) -> None:
    system.write("1", "x" * BODY_LIMIT)
    system.write("2", "three")
    for _ in range(2):
        asyncio.run(poll_of(system, durable).once())
        system.wait(MINUTE)
    assert [reading.document.remote for reading in durable.dead] == ["1"]
    assert contents(durable) == ["three"]


def test_the_tick_carries_the_instant_at_which_the_poll_began(system: System, durable: Durable) -> None:
    asyncio.run(poll_of(system, durable).once())
    [tick] = durable.ticks()
    assert (tick.source, tick.now, tick.every) == ("poll/erp", MORNING, ACCOUNT.every_seconds)


def test_a_clock_that_went_back_is_told_instead_of_sending_what_would_lose(system: System, durable: Durable) -> None:
    system.write("1", "ten")
    asyncio.run(poll_of(system, durable).once())
    system.wait(-MINUTE)
    system.write("1", "eight")
    with pytest.raises(Retryable, match="the clock went back"):
        asyncio.run(poll_of(system, durable).once())
    assert contents(durable) == ["ten"]


def test_many_readings_become_durable_bit_by_bit(system: System, durable: Durable) -> None:
    """A first poll of a large system begins with what it has, and a crash in its middle repeats little."""
    for number in range(450):
        system.write(str(number), "ten")
    asyncio.run(poll_of(system, durable).once())
    assert durable.order.count("sent") == 3
    assert len(durable.told()) == 450
