"""The projection of the dead letters, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from streams.dead_letters.letter import DeadLetter, LetterId
from streams.store.database import Database
from streams.store.dead_letters import DeadLetterStore
from tests.streams.dispatch.samples import START

TOPIC = "quayside.dead-letters"
LETTER = DeadLetter(
    LetterId(1, 5),
    START,
    "normalise",
    "invalid",
    "不是数字",
    "$.lines[0]",
    "quayside.inbound",
    3,
    17,
    "k",
    "00-aa-bb-01",
)


@pytest.fixture
def store(database: Database) -> DeadLetterStore:
    return DeadLetterStore(database, epoch=1)


async def test_a_letter_whose_record_never_stood_anywhere_is_kept_as_such(store: DeadLetterStore) -> None:
    letter = replace(LETTER, partition=None, offset=None)
    await store.add([letter], TOPIC, {1: 6})
    assert await store.get(letter.id) == letter


async def test_a_letter_is_kept_once_with_how_far_was_read(store: DeadLetterStore) -> None:
    await store.add([LETTER], TOPIC, {1: 6})
    await store.add([LETTER], TOPIC, {1: 6})
    assert await store.select() == [LETTER]
    assert await store.get(LETTER.id) == LETTER
    assert (await store.consumed(TOPIC, 1), await store.consumed(TOPIC, 0)) == (6, 0)


async def test_reading_again_does_not_forget_that_it_was_replayed(store: DeadLetterStore) -> None:
    await store.add([LETTER], TOPIC, {1: 6})
    await store.mark_replayed(LETTER.id, START)
    await store.add([LETTER], TOPIC, {1: 6})
    assert await store.select() == []
    assert await store.select(replayed=True) == [replace(LETTER, replayed_at=START)]
    assert (await store.count(), await store.count(replayed=True)) == (0, 1)


async def test_the_newest_are_chosen_by_stage_and_code_and_told_in_their_order(store: DeadLetterStore) -> None:
    letters = [replace(LETTER, id=LetterId(0, n), at=START + timedelta(seconds=n)) for n in range(4)]
    other = replace(LETTER, id=LetterId(2, 0), stage="deliver", code="bug")
    await store.add([*letters, other], TOPIC, {0: 4})
    assert [letter.id.offset for letter in await store.select(stage="normalise", limit=2)] == [2, 3]
    assert await store.select(code="bug") == [other]


async def test_what_the_topic_keeps_no_longer_is_forgotten(store: DeadLetterStore) -> None:
    await store.add([LETTER, replace(LETTER, id=LetterId(0, 1))], TOPIC, {})
    await store.forget_before(1, 6)
    assert [letter.id for letter in await store.select()] == [LetterId(0, 1)]


async def test_a_topic_that_was_made_anew_begins_anew(database: Database, store: DeadLetterStore) -> None:
    await store.add([LETTER], TOPIC, {1: 6})
    anew = DeadLetterStore(database, epoch=2)
    assert await anew.consumed(TOPIC, 1) == 0
    assert await anew.select() == []
