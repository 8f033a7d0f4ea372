"""What cannot be taken is dead-lettered whole, with the reason; it changes nothing, and the next goes on."""

from collections.abc import Sequence

import pytest

from contracts.envelope import ReadHeader
from contracts.ticks import TICK_TYPE
from contracts.topics import DOCUMENTS, STATE_LIMIT
from streams.engine.keyrecord import MARKS_KEY
from streams.engine.replay import Stored
from streams.engine.stage import Stage
from tests.streams.engine import toys
from tests.streams.engine.bench import Bench
from tests.streams.engine.toys import COUNTER, NOON, headers_of


def test_a_step_that_raises_changes_nothing_and_its_event_is_dead_lettered_whole() -> None:
    bench = Bench(COUNTER)
    first, record = bench.record(b"x"), bench.record(b"boom")
    bench.take(first, record, b"x")
    assert bench.said() == [b"2"]
    (letter,) = bench.outputs["dead-letters"]
    assert (letter.key, letter.value) == (b"k", b"boom")
    assert letter.headers[: len(record.headers)] == record.headers
    dead = bench.dead()[0]
    assert dead["quayside-dead-stage"] == b"counter"
    assert dead["quayside-dead-code"] == b"bug"
    assert (dead["quayside-dead-reason"] or b"").startswith(b"ZeroDivisionError in tests.streams.engine.toys")
    assert dead["quayside-dead-topic"] == b"documents"
    assert dead["quayside-dead-offset"] == b"1"


def test_a_rejected_event_says_why_and_where() -> None:
    bench = Bench(COUNTER)
    bench.take(b"wrong")
    dead = bench.dead()[0]
    assert dead["quayside-dead-code"] == b"wrong"
    assert dead["quayside-dead-path"] == b"$.word"


NULLS: list[ReadHeader] = [("traceparent", None), ("of-somebody", None)]


def test_a_header_may_be_null_and_is_kept_wherever_its_record_waits_or_dies() -> None:
    bench = Bench(COUNTER)

    def record(data: bytes) -> Stored:
        return bench.record(data, headers=[*headers_of("e"), *NULLS])

    bench.take(record(b"x"), record(b"wrong"), record(b"boom"), record(b"boom"))
    bench.take(record(b"grow %d" % (STATE_LIMIT + 1)))
    assert [dead["quayside-dead-code"] for dead in bench.dead()] == [b"wrong", b"bug", b"bug", b"state_too_large"]
    assert all(dict(NULLS).items() <= dead.items() for dead in bench.dead())
    bench.take(*[record(b"boom")] * 3, record(b"x"))
    rest = bench.stored().rest
    assert rest is not None
    assert set(NULLS) <= set(rest.waiting[0].headers)
    bench.restart(Stage("counter", DOCUMENTS, toys.count, toys.COUNT_FORMAT, version=2, quarantined=toys.rest))
    assert bench.said()[-1] == b"2"


@pytest.mark.parametrize(
    ("key", "value", "headers", "code"),
    [
        (None, b"x", None, b"null_key"),
        (None, b"not a tick", [("ce_type", TICK_TYPE.encode())], b"bad_tick"),
        (b"k", None, None, b"tombstone"),
        (b"k", b"x", [], b"bad_envelope"),
        (b"k", b"x", [(name, None) for name, _ in headers_of("e")], b"bad_envelope"),
        (MARKS_KEY, b"x", None, b"foreign_key"),
    ],
)
def test_a_record_that_no_step_can_take_is_dead_lettered_and_the_next_goes_on(
    key: bytes | None, value: bytes | None, headers: Sequence[ReadHeader] | None, code: bytes
) -> None:
    bench = Bench(COUNTER)
    bench.take(bench.record(value, key, headers), b"x")
    assert [dead["quayside-dead-code"] for dead in bench.dead()] == [code]
    assert bench.said() == [b"1"]


def test_a_tick_of_somebody_who_is_no_upstream_is_dead_lettered() -> None:
    bench = Bench(COUNTER)
    bench.take(bench.tick(NOON, source="elsewhere"))
    assert [dead["quayside-dead-code"] for dead in bench.dead()] == [b"foreign_tick"]
