"""What is stored, written, remembered or kept waiting is bounded, and what is too large harms its own key alone."""

from contracts.clock import Clock
from contracts.envelope import Event
from contracts.topics import DOCUMENTS, STATE_LIMIT
from streams.engine.keyrecord import MARKS_KEY
from streams.engine.stage import Outcome, Stage, StateFormat
from tests.streams.engine.bench import Bench
from tests.streams.engine.toys import ALARM, COUNTER, LIMIT, NOON, Rules, headers_of


def test_what_is_remembered_of_a_chunk_is_bounded() -> None:
    """For the case that a state cannot be stored, its events are remembered; they may be large and say nothing."""

    def see(state: bytes | None, event: Event | None, clock: Clock, rules: Rules) -> Outcome[bytes]:
        del state, event, clock, rules
        return Outcome(b"seen")

    bench = Bench(Stage("quiet", DOCUMENTS, see, StateFormat(1, bytes, bytes)))
    large = [bench.record(bytes(1_000_000)) for _ in range(20)]
    assert [writes.counts["applied"] for writes in bench.take(*large)] == [17, 3]


def test_dead_letters_are_written_in_bounded_parts_by_their_headers_too() -> None:
    bench = Bench(COUNTER)
    large = [bench.record(b"wrong", headers=[*headers_of("e"), ("own", bytes(1_000_000))]) for _ in range(20)]
    assert [writes.counts["dead_lettered"] for writes in bench.take(*large)] == [17, 3]


def test_what_waits_for_a_quarantined_key_is_bounded() -> None:
    bench = Bench(COUNTER)
    bench.take(b"boom", b"boom", b"boom", *[bytes(200_000)] * 4)
    assert bench.counts["waiting"] == 2
    assert [dead["quayside-dead-code"] for dead in bench.dead()][3:] == [b"quarantine_full"] * 2


def test_a_state_that_would_be_too_large_dead_letters_its_event_and_stays() -> None:
    bench = Bench(COUNTER)
    swollen = b"grow %-40000d" % (STATE_LIMIT + 1)
    bench.take(b"x", swollen, b"x")
    assert bench.said() == [b"2"]
    assert [dead["quayside-dead-code"] for dead in bench.dead()] == [b"state_too_large"]


def test_a_state_that_swells_out_of_proportion_takes_its_keys_chunk_with_it_and_no_other_key() -> None:
    bench = Bench(COUNTER)
    bench.take(b"x")
    bench.take(bench.record(b"x"), bench.record(b"grow %d" % (STATE_LIMIT + 1)), bench.record(b"x", b"other"))
    assert [dead["quayside-dead-code"] for dead in bench.dead()] == [b"state_too_large"] * 2
    bench.restart()
    bench.take(b"x")
    assert bench.said()[-1] == b"2"
    assert bench.stored(b"other").through == 3


def test_an_output_too_large_for_its_topic_dead_letters_its_event() -> None:
    bench = Bench(COUNTER)
    bench.take(b"x", b"shout 1048588", b"x")
    assert bench.said() == [b"2"]
    assert [dead["quayside-dead-code"] for dead in bench.dead()] == [b"record_too_large"]


def test_many_due_deadlines_are_written_in_bounded_parts_and_time_passes_behind_the_last() -> None:
    bench = Bench(ALARM)
    for number in range(4500):
        bench.take(b"x", key=b"key-%d" % number)
    parts = bench.take(bench.tick(NOON + LIMIT))
    assert len(parts) >= 3
    assert all(len(part.changelog) <= 2001 for part in parts)
    assert [bool(part.ticks) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert [any(key == MARKS_KEY for key, _ in part.changelog) for part in parts] == [
        bool(part.ticks) for part in parts
    ]
