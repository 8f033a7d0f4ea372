"""Time passes as far as every upstream has told it; a deadline falls due when its own sources were heard until then."""

import itertools
from datetime import timedelta

from contracts.envelope import Envelope
from contracts.ticks import TICK_TYPE, Tick
from streams.engine.keyrecord import MARKS_KEY
from streams.engine.placement import partition_of
from tests.streams.engine.bench import MINUTE, Bench
from tests.streams.engine.toys import ALARM, LIMIT, NOON, RELAY, headers_of


def test_relayed_ticks_are_thinned_and_show_no_gap_that_was_not_there() -> None:
    bench = Bench(RELAY)
    ticks = [Tick.of_source("ingress", NOON + timedelta(seconds=15 * n), 15.0) for n in range(200)]
    bench.take(*[bench.record(tick.encode(), None, [("ce_type", TICK_TYPE.encode())]) for tick in ticks])
    assert len(bench.ticks) < 60
    assert bench.ticks[-1].now == ticks[-1].now
    assert all(b.now - a.now < timedelta(seconds=15 * 12) for a, b in itertools.pairwise(bench.ticks))


def test_time_waits_for_every_partition_of_every_upstream() -> None:
    bench = Bench(ALARM, partitions=2)
    key = next(key for key in (b"%d" % n for n in range(99)) if partition_of(key, 2) == 0)
    bench.take(bench.record(b"x", key), bench.tick(NOON + 2 * LIMIT, partition=0))
    assert bench.ticks == []
    assert b'"raised":true' not in bench.said()[-1]
    bench.take(bench.tick(NOON + LIMIT, partition=1))
    assert [tick.now for tick in bench.ticks] == [NOON + LIMIT]
    assert b'"raised":true' in bench.said()[-1]


def test_a_deadline_waits_for_the_source_whose_silence_it_rests_on() -> None:
    bench = Bench(ALARM)
    bench.take(
        b"x", bench.tick(NOON + 2 * LIMIT, heard={"ingress": NOON + LIMIT - MINUTE, "poll/erp": NOON + 2 * LIMIT})
    )
    assert b'"raised":false' in bench.said()[-1]
    bench.take(bench.tick(NOON + 2 * LIMIT, heard={"ingress": NOON + LIMIT}))
    assert b'"raised":true' in bench.said()[-1]


def test_a_source_that_was_never_heard_holds_back_what_rests_on_it() -> None:
    bench = Bench(ALARM)
    bench.take(b"x", bench.tick(NOON + 2 * LIMIT, heard={}))
    assert b'"raised":false' in bench.said()[-1]


def test_a_deadline_is_judged_between_the_records_around_its_tick() -> None:
    bench = Bench(ALARM)
    bench.take(b"x", bench.tick(NOON + LIMIT))
    bench.take(bench.record(b"x", b"k", headers_of("later", at=NOON + LIMIT + MINUTE)))
    assert [b'"raised":true' in said for said in bench.said()] == [True, False]


def test_an_event_before_the_tick_keeps_the_deadline_from_falling_due() -> None:
    bench = Bench(ALARM)
    bench.take(b"x")
    bench.take(bench.record(b"x", b"k", headers_of("later", at=NOON + LIMIT - MINUTE)), bench.tick(NOON + LIMIT))
    assert [b'"raised":true' in said for said in bench.said()] == [False, False]


def test_a_deadline_that_was_armed_before_a_crash_takes_effect_after_it() -> None:
    bench = Bench(ALARM)
    bench.take(b"x")
    bench.restart()
    bench.take(bench.tick(NOON + LIMIT))
    assert b'"raised":true' in bench.said()[-1]
    assert dict(bench.outputs["snapshots"][-1].headers)["ce_origin"] == b"documents/0/0"


def test_a_deadline_that_was_due_when_the_marks_were_stored_is_judged_on_assignment_and_time_is_passed_on() -> None:
    bench = Bench(ALARM)
    bench.take(b"x")
    before = list(bench.changelog)
    bench.take(bench.tick(NOON + LIMIT))
    bench.changelog = before + [entry for entry in bench.changelog if entry[0] == MARKS_KEY]
    bench.outputs.clear()
    bench.ticks.clear()
    bench.restart()
    assert b'"raised":true' in bench.said()[-1]
    assert [tick.now for tick in bench.ticks] == [NOON + LIMIT]


def test_as_of_never_falls_for_a_key() -> None:
    bench = Bench(ALARM)
    bench.take(bench.tick(NOON + LIMIT), b"x")
    lost = [entry for entry in bench.changelog if entry[0] != MARKS_KEY]
    bench.changelog = lost
    bench.restart()
    bench.take(b"x")
    assert Envelope.read(bench.outputs["snapshots"][-1].headers).stamp.as_of == NOON + LIMIT
