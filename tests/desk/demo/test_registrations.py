"""What became of registrations is compared number by number, and each difference is a sentence."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contracts.snapshot import WantedSubscription, subscription_key
from desk.demo.registrations import Answer, Registrations, differences, of_ledger
from streams.dispatch.entry import Entry, State

SINCE = datetime(2026, 3, 2, tzinfo=UTC)
ONCE = (Answer.REGISTERED,)
DAY = Registrations(frozenset({"A"}), frozenset({"B"}), {"A": ONCE, "B": ONCE}, frozenset({"B"}))


def entry(number: str, state: State, order: str = "SO-1") -> Entry:
    wanted = WantedSubscription(tracker="t", number=number, carrier="yuantong", since=SINCE)
    key = subscription_key("erp", "order", order, wanted)
    return Entry("t", "erp", "order", order, key, 1, SINCE, state)


def test_the_same_is_no_difference() -> None:
    assert list(differences(DAY, DAY)) == []
    assert DAY.granted() == 2


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (replace(DAY, open=frozenset()), "the registration of A is not in the ledger, and should not: it is open"),
        (
            replace(DAY, open=frozenset(), ended=DAY.ended | {"A"}),
            "the registration of A has ended, and should not: it is open",
        ),
        (
            replace(DAY, answers={**DAY.answers, "A": (Answer.REGISTERED, Answer.REGISTERED)}),
            "Kuaidi100 answered registered, registered for A instead of registered",
        ),
        (replace(DAY, answers={"A": ONCE}), "Kuaidi100 answered nothing for B instead of registered"),
        (replace(DAY, again=frozenset()), "B was not registered again after it was given up"),
        (replace(DAY, again=DAY.again | {"A"}), "A was registered again after it was given up"),
        (replace(DAY, other=("the registration of A is dead",)), "the registration of A is dead"),
    ],
)
def test_each_difference_is_named(found: Registrations, says: str) -> None:
    assert list(differences(DAY, found)) == [says]


def test_what_was_pushed_to_nobody_is_named() -> None:
    says = "Kuaidi100 still keeps A#2: nobody registered the parcel"
    assert list(differences(DAY, DAY, kept=["A#2"])) == [says]


def test_a_parcel_that_may_have_been_registered_for_a_while_may_be_there_once_and_ended_or_not_at_all() -> None:
    there = replace(DAY, ended=DAY.ended | {"C"}, answers={**DAY.answers, "C": ONCE})
    twice = replace(there, answers={**there.answers, "C": ONCE * 2})
    still = replace(there, open=DAY.open | {"C"}, ended=DAY.ended)
    assert list(differences(DAY, there, {"C"})) == []
    assert list(differences(DAY, DAY, {"C"})) == []
    assert list(differences(DAY, there)) != []
    assert list(differences(DAY, twice, {"C"})) != []
    assert list(differences(DAY, still, {"C"})) != []


def test_a_parcel_of_two_orders_has_ended_with_the_last_of_them() -> None:
    both = [entry("A", State.CLOSED), entry("A", State.OPEN, "SO-2"), entry("B", State.CLOSED), entry("C", State.DEAD)]
    found = of_ledger(both, {}, ())
    assert (set(found.open), set(found.ended)) == ({"A"}, {"B"})
    assert found.other == ("the registration of C is dead",)
