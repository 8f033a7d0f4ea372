"""A core that is begun anew from its changelog comes to what it was, and refuses one that is newer than itself."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import Envelope
from contracts.errors import Fatal
from tests.streams.engine.bench import MINUTE, Bench
from tests.streams.engine.toys import COUNTER, NOON, Rules


def test_an_epoch_below_the_states_is_fatal() -> None:
    bench = Bench(COUNTER, epoch=2)
    bench.take(b"x")
    bench.epoch = 1
    with pytest.raises(Fatal, match="epoch 2"):
        bench.restart()


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
