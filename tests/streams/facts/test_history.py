"""A parcel's history: joining leaves no trace of order, and a snapshot withdraws just what it may."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts.moment import Moment
from contracts.tracking import Coverage, Scan, Subscription, Tracking, TrackingStatus
from streams.facts.exchange import from_contract, to_contract
from streams.facts.history import History, join, of_report
from streams.facts.reading import first_received, in_order, newest_report, visible
from tests.streams.way import hours

A, B, C, D = (hours(at) for at in (1, 2, 3, 4))


def told(*instants: datetime, received: float = 10, coverage: Coverage = Coverage.SNAPSHOT, **also: str) -> History:
    """The history that one report of these scans tells."""
    scans = tuple(
        Scan(id=at.isoformat(), occurred=Moment(at=at), status=TrackingStatus.IN_TRANSIT, position=position)
        for position, at in enumerate(instants)
    )
    report = Tracking.model_validate(
        {"account": "express", "source": "s/express", "number": "N", "coverage": coverage, "scans": scans, **also}
    )
    return of_report(report, hours(received))


def joined(*histories: History) -> History:
    """Join them one after another."""
    whole: History | None = None
    for history in histories:
        whole = join(whole, history)
    assert whole is not None
    return whole


def seen(history: History) -> list[datetime]:
    """The instants of the visible scans."""
    return [fact.at for _, fact in in_order(visible(history))]


def test_a_newer_snapshot_withdraws_a_scan_that_it_does_not_tell() -> None:
    assert seen(joined(told(A, B, C), told(A, C, D, received=11))) == [A, C, D]


def test_a_stale_snapshot_that_comes_late_withdraws_nothing() -> None:
    assert seen(joined(told(A, B, C), told(A, B, received=11))) == [A, B, C]


def test_a_truncated_snapshot_withdraws_nothing_older_than_its_own_oldest() -> None:
    assert seen(joined(told(A, B), told(C, D, received=11))) == [A, B, C, D]


def test_an_increment_withdraws_nothing() -> None:
    assert seen(joined(told(A, B), told(D, received=11, coverage=Coverage.INCREMENT))) == [A, B, D]


def test_a_withdrawn_scan_that_a_newer_snapshot_tells_again_is_back() -> None:
    withdrawn = joined(told(A, B), told(A, C, received=11))
    assert seen(withdrawn) == [A, C]
    assert seen(join(withdrawn, told(A, B, C, received=12))) == [A, B, C]


def test_of_two_snapshots_alike_in_rank_the_one_received_first_is_the_older() -> None:
    assert seen(joined(told(A, B, D, received=11), told(A, C, D, received=12))) == [A, C, D]
    assert seen(joined(told(A, C, D, received=12), told(A, B, D, received=11))) == [A, C, D]


def test_the_senders_own_version_outranks_everything() -> None:
    assert seen(joined(told(A, C, D, sent_version="1"), told(A, B, received=1, sent_version="2"))) == [A, B]


def test_an_empty_snapshot_withdraws_nothing_and_its_word_counts_only_if_it_is_newest() -> None:
    aborted = told(received=12, subscription="aborted", sent_version="9")
    whole = joined(told(A, B), aborted)
    assert seen(whole) == [A, B]
    assert newest_report(whole).subscription is Subscription.ABORTED


def test_a_scan_keeps_its_earliest_receipt_even_while_it_is_withdrawn() -> None:
    whole = joined(told(A, B, received=10), told(A, C, received=11), told(A, B, C, received=12))
    assert first_received(whole) == hours(10)
    assert whole.scans[B.isoformat()].received_at == hours(10)


def test_a_scan_dated_into_the_future_is_placed_at_its_receipt() -> None:
    ahead = told(hours(10) + timedelta(minutes=16), received=10)
    just = told(hours(10) + timedelta(minutes=15), received=10)
    assert [fact.placed_at for fact in ahead.scans.values()] == [hours(10)]
    assert [fact.placed_at for fact in just.scans.values()] == [hours(10.25)]


def test_a_hundred_pushes_of_a_growing_snapshot_keep_one_report() -> None:
    instants = [hours(number) for number in range(100)]
    whole = joined(*(told(*instants[: count + 1], received=200 + count) for count in range(100)))
    assert (len(whole.scans), len(whole.reports)) == (100, 1)


reports = st.builds(
    lambda instants, received, coverage, version: told(
        *sorted(instants), received=received, coverage=coverage, sent_version=version
    ),
    st.sets(st.sampled_from([A, B, C, D])),
    st.integers(5, 9),
    st.sampled_from(Coverage),
    st.sampled_from(["", "", "1"]),
)


@given(histories=st.lists(reports, min_size=1, max_size=6), data=st.data())
def test_the_join_forgets_order_grouping_and_repetition(histories: list[History], data: st.DataObject) -> None:
    expected = joined(*histories)
    again = data.draw(st.permutations(histories + data.draw(st.lists(st.sampled_from(histories), max_size=3))))
    split = data.draw(st.integers(0, len(again)))
    left, right = again[:split], again[split:]
    grouped = join(joined(*left), joined(*right)) if left and right else joined(*again)
    assert grouped == expected
    assert join(expected, expected) == expected


@given(histories=st.lists(reports, min_size=1, max_size=6))
def test_a_history_crosses_a_topic_unchanged(histories: list[History]) -> None:
    whole = joined(*histories)
    assert from_contract(to_contract(whole)) == whole
