"""A key that fails again and again rests, its events wait, and code that is mended takes them up."""

from contracts.topics import DOCUMENTS
from streams.engine.stage import Stage
from tests.streams.engine import toys
from tests.streams.engine.bench import Bench
from tests.streams.engine.toys import ALARM, COUNTER, LIMIT, NOON


def test_three_failures_in_a_row_quarantine_a_key_and_its_events_wait() -> None:
    bench = Bench(COUNTER)
    bench.take(b"x", b"boom", b"boom")
    bench.take(b"boom", b"x")
    bench.take(b"x")
    assert bench.said() == [b"1", b"resting"]
    assert bench.counts["waiting"] == 2
    assert len(bench.dead()) == 3


def test_a_success_between_failures_begins_the_count_anew_and_what_is_rejected_does_not_count() -> None:
    bench = Bench(COUNTER)
    bench.take(b"boom", b"boom", b"x", b"boom", b"boom", b"wrong", b"wrong", b"x")
    assert bench.said() == [b"2"]
    assert "quarantined" not in bench.counts


def test_a_higher_version_tries_a_quarantined_key_again_with_what_waited() -> None:
    bench = Bench(COUNTER)
    bench.take(b"x", b"boom", b"boom", b"boom", b"x", b"x")
    bench.restart()
    assert bench.said()[-1] == b"resting"
    mended = Stage("counter", DOCUMENTS, toys.count, toys.COUNT_FORMAT, version=2, quarantined=toys.rest)
    bench.restart(mended)
    assert bench.said()[-1] == b"3"
    bench.take(b"x")
    assert bench.said()[-1] == b"4"
    assert bench.stored().rest is None


def test_a_key_that_fails_again_after_the_mend_keeps_what_waits_behind_the_failure() -> None:
    bench = Bench(COUNTER)
    bench.take(b"boom", b"boom", b"boom", b"x", b"boom", b"boom", b"boom", b"x")
    bench.restart(Stage("counter", DOCUMENTS, toys.count, toys.COUNT_FORMAT, version=2, quarantined=toys.rest))
    assert bench.said()[-1] == b"resting"
    rest = bench.stored().rest
    assert rest is not None
    assert [waiting.value for waiting in rest.waiting] == [b"x"]
    assert len(bench.dead()) == 6


def test_a_deadline_that_raises_quarantines_its_key_and_stalls_no_other() -> None:
    bench = Bench(ALARM)
    bench.take(b"fragile")
    bench.take(b"x", key=b"other")
    bench.take(bench.tick(NOON + LIMIT))
    assert bench.stored().rest is not None
    assert b'"raised":true' in bench.said()[-1]
    bench.take(b"x")
    assert bench.counts["waiting"] == 1
