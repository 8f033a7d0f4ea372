"""Where a record goes: to the partition of its own key, as Kafka's clients place it, and it is taken nowhere else."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.clock import Clock
from contracts.envelope import Event
from contracts.topics import DOCUMENTS, MARKS, SNAPSHOTS, TRACKING
from streams.engine.core import PartitionCore
from streams.engine.placement import murmur2, partition_of
from streams.engine.replay import Stored
from streams.engine.stage import Outcome, Output, Stage, StateFormat
from tests.streams.engine.bench import AnyStage, Bench
from tests.streams.engine.toys import COUNTER, NOON, Rules, headers_of

KEYS = st.binary(min_size=1, max_size=9).filter(lambda key: key[0] != 0)
"""No key of ours begins with a zero byte: such a one is the engine's own."""


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


def test_a_key_that_belongs_elsewhere_is_dead_lettered() -> None:
    bench = Bench(COUNTER, partitions=4)
    here = next(key for key in (b"%d" % n for n in range(99)) if partition_of(key, 4) == 0)
    there = next(key for key in (b"%d" % n for n in range(99)) if partition_of(key, 4) == 3)
    bench.take(bench.record(b"x", here), bench.record(b"x", there))
    assert [dead["quayside-dead-code"] for dead in bench.dead()] == [b"foreign_key"]
