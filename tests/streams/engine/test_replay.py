"""Stages in one process: what a test or `simulate` sees is what Kafka would give, in any of its orders."""

import random
from datetime import timedelta

import pytest

from contracts.topics import DOCUMENTS, INBOUND, SNAPSHOTS
from streams.engine.replay import Replay
from tests.streams.engine import toys
from tests.streams.engine.toys import ALARM, LIMIT, NOON, RELAY, Rules, headers_of


def day(replay: Replay) -> dict[bytes, bytes | None]:
    """Three parcels: one is silent at the end, one is heard of in time, one only after the alarm."""
    scans = [(b"silent", 0), (b"lively", 0), (b"late", 0), (b"lively", 50), (b"late", 90), (b"lively", 100)]
    for minute in range(0, 125, 5):
        now = NOON + timedelta(minutes=minute)
        for key in [key for key, at in scans if at == minute]:
            replay.put(INBOUND, key, b"scan", headers_of(f"{key!r}-{minute}", at=now))
        replay.tick("ingress", now, every=60.0)
        if minute % 25 == 0:
            replay.settle()
    replay.settle()
    return {key: record.value for key, record in replay.latest(SNAPSHOTS).items()}


EXPECTED = {
    b"silent": b'{"number":1,"raised":true}',
    b"lively": b'{"number":3,"raised":false}',
    b"late": b'{"number":2,"raised":false}',
}


@pytest.mark.parametrize("seed", range(20))
def test_a_day_comes_to_the_same_whatever_order_kafka_chooses(seed: int) -> None:
    drawn = random.Random(seed)
    replay = Replay(
        [RELAY, ALARM],
        Rules(),
        partitions=drawn.choice([1, 2, 4]),
        chunk=drawn.choice([1, 3, 500]),
        choose=drawn.randrange,
        route=toys.ROUTE,
    )
    assert day(replay) == EXPECTED


def test_a_stage_that_is_restarted_goes_on_from_its_changelog() -> None:
    replay = Replay([RELAY, ALARM], Rules(), route=toys.ROUTE)
    replay.put(INBOUND, b"k", b"scan", headers_of("one"))
    replay.settle()
    replay.restart(ALARM)
    replay.tick("ingress", NOON + LIMIT)
    replay.settle()
    assert replay.latest(SNAPSHOTS)[b"k"].value == b'{"number":1,"raised":true}'


def test_a_record_tells_where_it_stands_and_what_became_of_it() -> None:
    replay = Replay([RELAY], Rules(), route=toys.ROUTE)
    origin = replay.put(INBOUND, b"k", b"boom", headers_of("one"))
    replay.put(INBOUND, b"k", b"scan", headers_of("two"))
    replay.settle()
    assert str(origin) == "inbound/0/0"
    assert replay.counts["normalise"] == {"dead_lettered": 1, "applied": 1}
    assert [record.value for record in replay.written(DOCUMENTS)] == [b"scan"]
