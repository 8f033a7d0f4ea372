"""Keys that stay decoded between chunks: how many, and that nobody can tell by what is written."""

from dataclasses import replace

from streams.engine.stage import StateFormat
from streams.engine.warm import WARM_BYTES, Warm
from streams.engine.working import Working
from tests.streams.engine.bench import Bench
from tests.streams.engine.toys import COUNT_FORMAT, COUNTER, Count

TEXT: StateFormat[str] = StateFormat(1, str.encode, bytes.decode)


def closed(key: bytes, state: str | None) -> Working[str]:
    working = Working(key, None, 1, TEXT)
    working.state = state
    working.close()
    return working


def test_what_was_closed_last_is_found_and_memory_stays_bounded() -> None:
    warm: Warm[str] = Warm()
    state = "x" * 10_000
    for number in range(1000):
        key = b"%d" % number
        warm.keep({key: closed(key, state)}, len(state))
        assert warm.find(key) is not None
    kept = sum(warm.find(b"%d" % number) is not None for number in range(1000))
    assert WARM_BYTES // 4 <= kept * len(state) <= WARM_BYTES


def test_a_forgotten_key_begins_anew() -> None:
    warm: Warm[str] = Warm()
    warm.keep({b"a": closed(b"a", None), b"b": closed(b"b", "here")}, 4)
    assert warm.find(b"a") is None
    assert warm.find(b"b") is not None


def test_a_key_is_decoded_once_for_many_chunks() -> None:
    decoded = 0

    def decode(stored: bytes) -> Count:
        nonlocal decoded
        decoded += 1
        state: Count = COUNT_FORMAT.decode(stored)
        return state

    stage = replace(COUNTER, state=StateFormat(1, COUNT_FORMAT.encode, decode))
    bench = Bench(stage)
    bench.take(b"x")
    bench.restart()
    for _ in range(5):
        bench.take(b"x")
    assert decoded == 1


def test_what_cannot_be_stored_leaves_a_warm_key_as_it_was_stored() -> None:
    bench = Bench(COUNTER)
    for data in (b"one", b"grow 600000", b"two"):
        bench.take(data)
    warm = bench.core.table[b"k"]
    assert bench.counts == {"applied": 2, "dead_lettered": 1}
    cold = Bench(COUNTER)
    for data in (b"one", b"grow 600000", b"two"):
        cold.take(data)
        cold.restart()
    assert warm == cold.core.table[b"k"]
