"""What a record becomes, whatever carries it: a state, and outputs that say what they follow from; and that once."""

import itertools

import pytest

from contracts.envelope import Envelope, Headers, Through
from contracts.errors import Fatal, Retryable
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import DOCUMENTS
from streams.engine.stage import Outcome, Stage
from tests.streams.engine import toys
from tests.streams.engine.bench import Bench
from tests.streams.engine.toys import ALARM, COUNTER, LIMIT, NOON, RELAY


def test_a_chunk_writes_one_snapshot_and_one_changelog_record_for_a_key() -> None:
    bench = Bench(COUNTER)
    (writes,) = bench.take(b"x", b"x", b"x")
    assert bench.said() == [b"3"]
    assert [key for key, _ in writes.changelog] == [b"k"]
    assert bench.counts == {"applied": 3}


def test_an_output_carries_the_stamp_and_the_causing_events_origin() -> None:
    bench = Bench(COUNTER)
    bench.take(bench.tick(NOON), b"x", b"x")
    envelope = Envelope.read(bench.outputs["snapshots"][0].headers)
    assert envelope.stamp.through == Through(1, 2)
    assert envelope.stamp.as_of == NOON
    assert str(envelope.origin) == "documents/0/2"
    assert envelope.source == "test/toys"


TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def traced(identity: str) -> Headers:
    return Envelope(id=identity, type="toy.v1", source="test", time=NOON, received_at=NOON, traceparent=TRACE).headers()


def test_the_trace_goes_on_through_outputs_and_dead_letters() -> None:
    bench = Bench(COUNTER)
    bench.take(bench.record(b"x", headers=traced("one")), bench.record(b"boom", headers=traced("two")))
    assert Envelope.read(bench.outputs["snapshots"][0].headers).traceparent == TRACE
    [dead] = bench.dead()
    assert (dead["quayside-dead-traceparent"], dead["quayside-dead-partition"]) == (TRACE.encode(), b"0")


def test_what_a_deadline_writes_belongs_to_the_trace_of_the_keys_last_event() -> None:
    bench = Bench(ALARM)
    bench.take(bench.record(b"x", headers=traced("one")))
    bench.restart()
    bench.take(bench.tick(NOON + LIMIT))
    assert Envelope.read(bench.outputs["snapshots"][-1].headers).traceparent == TRACE


def test_a_record_that_comes_again_is_a_duplicate() -> None:
    bench = Bench(COUNTER)
    record = bench.record(b"x")
    bench.take(record)
    bench.restart()
    bench.take(record, b"x")
    assert bench.said() == [b"1", b"2"]
    assert bench.counts["duplicate"] == 1


def test_a_recreated_source_counts_from_its_first_offset_again() -> None:
    bench = Bench(COUNTER)
    bench.take(b"x", b"x")
    bench.epoch, bench.offset = 2, itertools.count()
    bench.restart()
    bench.take(b"x")
    assert bench.said()[-1] == b"3"
    assert (bench.stored().epoch, bench.stored().through) == (2, 0)


def test_a_forgotten_key_leaves_a_tombstone_and_begins_anew() -> None:
    bench = Bench(COUNTER)
    bench.take(b"x")
    bench.take(b"forget")
    assert bench.changelog[-1] == (b"k", None)
    bench.restart()
    bench.take(b"x")
    assert bench.said() == [b"1", b"1"]


def test_a_stage_without_state_passes_on_buries_and_relays_ticks() -> None:
    bench = Bench(RELAY)
    tick = Tick.of_source("ingress", NOON, 15.0)
    bench.take(b"a", b"boom", bench.record(tick.encode(), None, [("ce_type", TICK_TYPE.encode())]), b"b")
    assert bench.said(DOCUMENTS) == [b"a", b"b"]
    assert len(bench.dead()) == 1
    assert bench.ticks == [Tick("normalise", NOON, {"ingress": NOON}, 15.0, 0)]


def test_a_step_that_asks_to_be_tried_again_is_not_pure_and_ends_the_process() -> None:
    def step(*_: object) -> Outcome[toys.Count]:
        raise Retryable("the network is away")

    with pytest.raises(Fatal, match="not pure"):
        Bench(Stage("counter", DOCUMENTS, step, toys.COUNT_FORMAT)).take(b"x")


def test_a_step_that_is_fatal_is_not_swallowed() -> None:
    def step(*_: object) -> Outcome[toys.Count]:
        raise Fatal("no")

    with pytest.raises(Fatal):
        Bench(Stage("counter", DOCUMENTS, step, toys.COUNT_FORMAT)).take(b"x")
