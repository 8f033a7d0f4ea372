"""Deadlines: whatever was armed and armed anew, what falls due is what a list of all keys would say."""

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.deadlines import Deadlines, Wakes

SOURCES = ("ingress", "poll/erp")
KEYS = st.sampled_from([b"a", b"b", b"c"])
WAKES = st.lists(st.tuples(st.integers(0, 50), st.sets(st.sampled_from(SOURCES)).map(sorted).map(tuple)), max_size=3)
HEARD = st.dictionaries(st.sampled_from(SOURCES), st.integers(0, 60))
ARM = st.tuples(st.just("arm"), KEYS, WAKES.map(tuple))
PASS = st.tuples(st.just("pass"), st.integers(0, 60), HEARD)


@given(steps=st.lists(st.one_of(ARM, PASS), max_size=40))
def test_due_is_what_a_list_of_all_keys_would_say(steps: list[tuple[str, object, object]]) -> None:
    deadlines = Deadlines()
    model: dict[bytes, Wakes] = {}
    for step in steps:
        match step:
            case ("arm", bytes() as key, tuple() as wakes):
                deadlines.arm(key, model.get(key, ()), wakes)
                model[key] = wakes
            case ("pass", int() as now, dict() as heard):
                due = {
                    key: min(at for at, rests_on in wakes if reached(at, rests_on, now, heard))
                    for key, wakes in model.items()
                    if any(reached(at, rests_on, now, heard) for at, rests_on in wakes)
                }
                assert list(deadlines.due(now, heard)) == sorted(due, key=lambda key: (due[key], key))
                for key in due:
                    deadlines.arm(key, model.pop(key), ())


def reached(at: int, rests_on: tuple[str, ...], now: int, heard: dict[str, int]) -> bool:
    return at <= now and all(source in heard and at <= heard[source] for source in rests_on)


def test_a_key_armed_anew_a_thousand_times_leaves_no_heap_behind() -> None:
    deadlines = Deadlines()
    before: Wakes = ()
    for at in range(10_000):
        after: Wakes = ((at, ()),)
        deadlines.arm(b"k", before, after)
        before = after
    assert len(deadlines) == 1
    assert len(deadlines._heaps[()]._entries) < 2000
    assert deadlines.due(10_000, {}) == [b"k"]
