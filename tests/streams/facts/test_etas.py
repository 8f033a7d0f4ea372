"""What a source told of an arrival is kept whatever order it arrives in, and the first word beside the last."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from streams.facts.etas import FIRST, LAST, EtaFact, as_told, join_etas
from tests.properties import examples
from tests.streams.way import hours


def told(place: int, eta: int = 0, received: int = 0) -> EtaFact:
    return EtaFact(("", hours(place), place), hours(eta), hours(received))


facts = st.lists(st.builds(told, st.integers(0, 30), st.integers(0, 3), st.integers(0, 5)), max_size=40)


@examples(60)
@given(one=facts, other=facts, data=st.data())
def test_joining_depends_on_neither_order_nor_repetition(
    one: list[EtaFact], other: list[EtaFact], data: st.DataObject
) -> None:
    whole = join_etas(one, other)
    shuffled = data.draw(st.permutations([*one, *other, *one[:3]]), label="shuffled")
    piecewise: tuple[EtaFact, ...] = ()
    for fact in shuffled:
        piecewise = join_etas(piecewise, (fact,))
    assert {(fact.rank, fact.eta) for fact in piecewise} == {(fact.rank, fact.eta) for fact in whole}
    assert len(whole) <= FIRST + LAST
    if len({(fact.rank, fact.eta) for fact in (*one, *other)}) <= FIRST + LAST:
        assert piecewise == whole


def test_of_many_tellings_the_first_and_the_last_are_kept() -> None:
    kept = join_etas((), [told(place) for place in range(40)])
    assert [fact.rank[2] for fact in kept] == [*range(FIRST), *range(40 - LAST, 40)]


def test_tellings_without_a_new_scan_follow_each_other_by_their_receipt() -> None:
    assert [fact.eta for fact in as_told([told(1, eta=9, received=3), told(1, eta=8, received=5)])] == [
        hours(9),
        hours(8),
    ]


def test_a_report_without_a_scan_tells_its_arrival_when_it_was_received() -> None:
    never = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    assert EtaFact(("", never, 0), hours(9), hours(3)).placed_at == hours(3)
