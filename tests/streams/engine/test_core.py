"""The pure core: what a partition of a stage makes of its records, whatever carries them."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.clock import Clock
from contracts.envelope import Envelope, Event, Headers, ReadHeader, Through
from contracts.errors import Fatal, Retryable
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import DEAD_LETTERS, DOCUMENTS, MARKS, SNAPSHOTS, STATE_LIMIT, TRACKING, Topic
from streams.engine.core import PartitionCore
from streams.engine.keyrecord import MARKS_KEY, KeyRecord, read_key
from streams.engine.placement import murmur2, partition_of
from streams.engine.replay import Stored
from streams.engine.stage import Outcome, Output, Stage, StateFormat
from streams.engine.writes import Writes, Written
from tests.streams.engine import toys
from tests.streams.engine.toys import ALARM, COUNTER, LIMIT, NOON, RELAY, Rules, headers_of

MINUTE = timedelta(minutes=1)


AnyStage = Stage[Any, Rules]
KEYS = st.binary(min_size=1, max_size=9).filter(lambda key: key[0] != 0)
"""No key of ours begins with a zero byte: such a one is the engine's own."""


class Bench:
    """One core with a partition of its own, its changelog, and what it wrote."""

    def __init__(self, stage: AnyStage, rules: Rules | None = None, *, partitions: int = 1, epoch: int = 1) -> None:
        self.stage, self.rules, self.partitions, self.epoch = stage, rules or Rules(), partitions, epoch
        self.changelog: list[tuple[bytes, bytes | None]] = []
        self.outputs: dict[str, list[Written]] = {}
        self.ticks: list[Tick] = []
        self.counts: dict[str, int] = {}
        self.offset = itertools.count()
        self.core = self.restart()

    def restart(self, stage: AnyStage | None = None, rules: Rules | None = None) -> PartitionCore[Any, Rules]:
        self.stage, self.rules = stage or self.stage, rules or self.rules
        self.core = PartitionCore(
            self.stage,
            self.rules,
            partition=0,
            partitions=self.partitions,
            epoch=self.epoch,
            route=toys.ROUTE,
        )
        for key, value in list(self.changelog):
            self.core.recover(key, value)
        self.keep(self.core.resume(NOON))
        return self.core

    def keep(self, all_writes: Iterable[Writes]) -> list[Writes]:
        kept = []
        for writes in all_writes:
            kept.append(writes)
            self.changelog += writes.changelog
            for (topic, _), batch in writes.outputs.items():
                self.outputs.setdefault(topic, []).extend(batch)
            passed = [written.value for batch in writes.ticks.values() for written in batch]
            self.ticks += [Tick.decode(value) for value in dict.fromkeys(passed)]
            for outcome, number in writes.counts.items():
                self.counts[outcome] = self.counts.get(outcome, 0) + number
        return kept

    def record(
        self, data: bytes | None, key: bytes | None = b"k", headers: Sequence[ReadHeader] | None = None
    ) -> Stored:
        offset = next(self.offset)
        return Stored("documents", 0, offset, key, data, headers_of(f"e{offset}") if headers is None else headers)

    def tick(
        self,
        at: datetime,
        *,
        every: float = 0.0,
        source: str = "normalise",
        partition: int = 0,
        heard: dict[str, datetime] | None = None,
    ) -> Stored:
        tick = Tick(source, at, {"ingress": at} if heard is None else heard, every, partition)
        return self.record(tick.encode(), None, [("ce_type", TICK_TYPE.encode())])

    def take(self, *data: bytes | Stored | None, key: bytes = b"k") -> list[Writes]:
        chunk = [each if isinstance(each, Stored) else self.record(each, key) for each in data]
        return self.keep(self.core.take(chunk, NOON))

    def said(self, topic: Topic = SNAPSHOTS) -> list[bytes]:
        return [written.value or b"" for written in self.outputs.get(topic.name, [])]

    def dead(self) -> list[dict[str, bytes | None]]:
        return [dict(written.headers) for written in self.outputs.get(DEAD_LETTERS.name, [])]

    def stored(self, key: bytes = b"k") -> KeyRecord:
        return read_key(self.core.table[key])


def test_keys_are_placed_as_kafkas_java_client_places_them() -> None:
    """Source: Apache Kafka, UtilsTest.testMurmur2."""
    expected = {
        b"21": -973932308,
        b"foobar": -790332482,
        b"a-little-bit-long-string": -985981536,
        b"a-little-bit-longer-string": -1486304829,
        b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
        b"abc": 479470107,
    }
    assert {key: murmur2(key) - (murmur2(key) >> 31 << 32) for key in expected} == expected


def test_a_chunk_writes_one_snapshot_and_one_changelog_record_for_a_key() -> None:
    bench = Bench(COUNTER)
    (writes,) = bench.take(b"x", b"x", b"x")
    assert bench.said() == [b"3"]
    assert [key for key, _ in writes.changelog] == [b"k"]
    assert bench.counts == {"applied": 3}


@given(own=KEYS, other=KEYS)
def test_every_output_goes_where_its_own_key_belongs(own: bytes, other: bytes) -> None:
    """Also where it follows from another key, and to the only partition of a topic that has one."""

    def both(_state: bytes | None, event: Event | None, _clock: Clock, _rules: Rules) -> Outcome[bytes]:
        assert event is not None
        outputs = [Output(topic, key, "toy", "an-id", b"x") for topic in (*topics, MARKS) for key in (own, other)]
        return Outcome(event.data, tuple(outputs))

    topics = (SNAPSHOTS, TRACKING)
    stage: AnyStage = Stage("both", DOCUMENTS, both, StateFormat(1, bytes, bytes))
    home = partition_of(own, 4)
    core = PartitionCore(stage, Rules(), partition=home, partitions=4)
    (writes,) = core.take([Stored("documents", home, 0, own, b"x", headers_of("e"))], NOON)
    expected = {(topic.name, partition_of(key, 4)) for topic in topics for key in (own, other)}
    assert set(writes.outputs) == expected | {(MARKS.name, 0)}
    assert all(
        partition == partition_of(written.key or b"", 4)
        for (topic, partition), batch in writes.outputs.items()
        for written in batch
        if topic != MARKS.name
    )


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


def test_an_epoch_below_the_states_is_fatal() -> None:
    bench = Bench(COUNTER, epoch=2)
    bench.take(b"x")
    bench.epoch = 1
    with pytest.raises(Fatal, match="epoch 2"):
        bench.restart()


def test_a_forgotten_key_leaves_a_tombstone_and_begins_anew() -> None:
    bench = Bench(COUNTER)
    bench.take(b"x")
    bench.take(b"forget")
    assert bench.changelog[-1] == (b"k", None)
    bench.restart()
    bench.take(b"x")
    assert bench.said() == [b"1", b"1"]


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


def test_what_is_remembered_of_a_chunk_is_bounded() -> None:
    """For the case that a state cannot be stored, its events are remembered; they may be large and say nothing."""

    def see(state: bytes | None, event: Event | None, clock: Clock, rules: Rules) -> Outcome[bytes]:
        del state, event, clock, rules
        return Outcome(b"seen")

    bench = Bench(Stage("quiet", DOCUMENTS, see, StateFormat(1, bytes, bytes)))
    large = [bench.record(bytes(1_000_000)) for _ in range(20)]
    assert [writes.counts["applied"] for writes in bench.take(*large)] == [17, 3]


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


def test_a_key_that_belongs_elsewhere_is_dead_lettered() -> None:
    bench = Bench(COUNTER, partitions=4)
    here = next(key for key in (b"%d" % n for n in range(99)) if partition_of(key, 4) == 0)
    there = next(key for key in (b"%d" % n for n in range(99)) if partition_of(key, 4) == 3)
    bench.take(bench.record(b"x", here), bench.record(b"x", there))
    assert [dead["quayside-dead-code"] for dead in bench.dead()] == [b"foreign_key"]


def test_a_tick_of_somebody_who_is_no_upstream_is_dead_lettered() -> None:
    bench = Bench(COUNTER)
    bench.take(bench.tick(NOON, source="elsewhere"))
    assert [dead["quayside-dead-code"] for dead in bench.dead()] == [b"foreign_tick"]


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


def test_a_stage_without_state_passes_on_buries_and_relays_ticks() -> None:
    bench = Bench(RELAY)
    tick = Tick.of_source("ingress", NOON, 15.0)
    bench.take(b"a", b"boom", bench.record(tick.encode(), None, [("ce_type", TICK_TYPE.encode())]), b"b")
    assert bench.said(DOCUMENTS) == [b"a", b"b"]
    assert len(bench.dead()) == 1
    assert bench.ticks == [Tick("normalise", NOON, {"ingress": NOON}, 15.0, 0)]


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


def test_a_deadline_that_raises_quarantines_its_key_and_stalls_no_other() -> None:
    bench = Bench(ALARM)
    bench.take(b"fragile")
    bench.take(b"x", key=b"other")
    bench.take(bench.tick(NOON + LIMIT))
    assert bench.stored().rest is not None
    assert b'"raised":true' in bench.said()[-1]
    bench.take(b"x")
    assert bench.counts["waiting"] == 1


def test_as_of_never_falls_for_a_key() -> None:
    bench = Bench(ALARM)
    bench.take(bench.tick(NOON + LIMIT), b"x")
    lost = [entry for entry in bench.changelog if entry[0] != MARKS_KEY]
    bench.changelog = lost
    bench.restart()
    bench.take(b"x")
    assert Envelope.read(bench.outputs["snapshots"][-1].headers).stamp.as_of == NOON + LIMIT


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


def test_a_lower_record_behind_a_higher_is_ignored_at_recovery_and_written_over() -> None:
    bench = Bench(COUNTER)
    bench.take(b"x")
    older = bench.changelog[-1]
    bench.take(b"x")
    newer = bench.changelog[-1]
    bench.changelog.append(older)
    bench.restart()
    assert bench.changelog[-1] == newer
    bench.take(b"x")
    assert bench.said()[-1] == b"3"


def test_a_higher_policy_revision_folds_keys_again_a_lower_one_does_not() -> None:
    bench = Bench(COUNTER, Rules(2))
    bench.take(b"x")
    bench.restart(rules=Rules(1))
    assert bench.core.to_refold == 0
    bench.restart(rules=Rules(3))
    assert bench.core.to_refold == 1
    bench.keep(bench.core.refold(100, NOON))
    assert bench.said()[-1] == b"revision 3"
    bench.restart()
    assert bench.core.to_refold == 0


def test_a_changelog_of_a_newer_format_is_fatal() -> None:
    bench = Bench(COUNTER)
    bench.changelog.append((b"k", b"\x02anything"))
    with pytest.raises(Fatal, match="format 02"):
        bench.restart()


def test_a_step_that_asks_to_be_tried_again_is_not_pure_and_ends_the_process() -> None:
    def step(*_: object) -> Outcome[toys.Count]:
        raise Retryable("the network is away")

    with pytest.raises(Fatal, match="not pure"):
        Bench(Stage("counter", DOCUMENTS, step, toys.COUNT_FORMAT)).take(b"x")


def test_a_snapshot_of_fewer_facts_written_after_a_crash_is_one_that_readers_skip() -> None:
    bench = Bench(COUNTER)
    records = [bench.record(b"x"), bench.record(b"x")]
    bench.take(*records)
    bench.changelog.clear()
    bench.restart()
    bench.take(records[0])
    stamps = [Envelope.read(written.headers).stamp for written in bench.outputs["snapshots"]]
    assert bench.said() == [b"2", b"1"]
    assert stamps[1] < stamps[0]


def test_a_step_that_is_fatal_is_not_swallowed() -> None:
    def step(*_: object) -> Outcome[toys.Count]:
        raise Fatal("no")

    with pytest.raises(Fatal):
        Bench(Stage("counter", DOCUMENTS, step, toys.COUNT_FORMAT)).take(b"x")


@given(
    data=st.lists(st.sampled_from([b"x", b"y", b"boom", b"wrong", b"tick"]), max_size=25),
    cuts=st.lists(st.integers(1, 6), min_size=1, max_size=25),
    crashes=st.sets(st.integers(0, 24)),
)
def test_chunks_and_crashes_do_not_change_what_a_key_comes_to(
    data: list[bytes], cuts: list[int], crashes: set[int]
) -> None:
    """Whatever the chunks, and with each chunk perhaps read twice over a restart, the last snapshot is the same."""

    def run(sizes: list[int], twice: set[int]) -> tuple[list[bytes], dict[bytes, bytes]]:
        bench = Bench(COUNTER)
        chunk = [
            bench.tick(NOON + n * MINUTE) if each == b"tick" else bench.record(each) for n, each in enumerate(data)
        ]
        read = 0
        for number, size in enumerate(itertools.cycle(sizes)):
            if read >= len(chunk):
                break
            part = chunk[read : read + size]
            bench.take(*part)
            if number in twice:
                bench.restart()
                bench.take(*part)
            read += size
        return bench.said()[-1:], bench.core.table

    assert run(cuts, set()) == run([100], set())
    assert run(cuts, crashes) == run([100], set())
