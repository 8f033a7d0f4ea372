"""A delivery's scans are bounded: what is left out changed nothing, and the snapshot says how much it is."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.identity import order_key
from contracts.snapshot import Snapshot
from contracts.tracking import Coverage, Tracking, TrackingStatus
from streams.delivery.facts import FORMAT, Delivery
from streams.delivery.thinning import thin
from streams.engine.keyrecord import read_key
from streams.facts.history import History, join, of_report
from tests.streams.way import ERP, Way, hours, issue, order, report

STATUSES = (TrackingStatus.PICKED_UP, TrackingStatus.IN_TRANSIT, TrackingStatus.EXCEPTION)


def chatty(scans: int, first: int = 0) -> Tracking:
    """Moving all the time, with an exception in between."""
    told = [(hours(1 + 0.05 * number), TrackingStatus.IN_TRANSIT) for number in range(first, first + scans)]
    if first == 0:
        told[scans // 2] = (told[scans // 2][0], TrackingStatus.EXCEPTION)
    return report("YT1", *told, coverage=Coverage.INCREMENT)


def way_with(*reports: Tracking, to: datetime) -> Way:
    way = Way()
    way.tell(order(), hours(0))
    way.tell(issue(), hours(0))
    way.hear(hours(0))
    for told in reports:
        way.tell(told, to)
    way.hear(to)
    return way


def size(way: Way) -> int:
    return len(read_key(way.replay.changelog("deliver")[order_key(ERP, "SO1")]).state or b"")


def seen(way: Way) -> Snapshot:
    return way.order()


def test_beyond_the_bound_the_oldest_that_changed_nothing_go_and_the_snapshot_counts_them() -> None:
    way = way_with(chatty(600), to=hours(35))
    view = seen(way).view
    assert view is not None
    assert (view.thinned, len(view.timeline) + view.thinned) == (240, 600 + 2)
    assert size(way) < 64_000
    statuses = [entry.what for entry in view.timeline if entry.subject == "YT1"]
    assert statuses[0] == "in_transit"
    assert "exception" in statuses
    assert view.parcels[0].last_scan_at == hours(1 + 0.05 * 599)


def test_a_delivery_of_ordinary_size_is_left_whole() -> None:
    view = seen(way_with(chatty(300), to=hours(20))).view
    assert view is not None
    assert (view.thinned, len(view.timeline)) == (0, 302)


def test_told_in_parts_in_any_order_the_same_is_left() -> None:
    parts = [chatty(200), chatty(200, 200), chatty(200, 400)]
    answers = [seen(way_with(*told, to=hours(40))) for told in (parts, parts[::-1], [*parts, parts[0]])]
    assert answers[0].view is not None
    assert answers[0].view.thinned == 240
    assert answers[1].view == answers[0].view == answers[2].view


@pytest.mark.slow
def test_each_of_many_parcels_may_keep_its_newest() -> None:
    way = Way()
    way.tell(order(), hours(0))
    numbers = [f"YT{number}" for number in range(20)]
    way.tell(issue(numbers=numbers), hours(0))
    way.hear(hours(0))
    for number in numbers:
        way.tell(chatty(100).model_copy(update={"number": number}), hours(6))
    way.hear(hours(6))
    assert size(way) < 96_000
    state = FORMAT.read(read_key(way.replay.changelog("deliver")[order_key(ERP, "SO1")]).state or b"")
    assert isinstance(state, Delivery)
    assert {len(parcel.histories["kuaidi100/express"].scans) for parcel in state.parcels.values()} == {18}


def history(statuses: list[TrackingStatus], first: int = 0) -> History:
    scans = [(hours(first + place), status) for place, status in enumerate(statuses)]
    return of_report(report("YT1", *scans, coverage=Coverage.INCREMENT), hours(100))


@given(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=40), st.integers(1, 20), st.integers(0, 20))
@settings(max_examples=100, deadline=None)
def test_thinning_twice_is_thinning_once_by_the_smaller_bound(
    statuses: list[TrackingStatus], keep: int, more: int
) -> None:
    whole = history(statuses)
    assert thin(thin(whole, keep + more), keep) == thin(whole, keep)
    assert thin(join(thin(whole, keep), whole), keep) == thin(whole, keep)


@given(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=40), st.integers(1, 20))
@settings(max_examples=100, deadline=None)
def test_what_is_left_tells_the_same_changes(statuses: list[TrackingStatus], keep: int) -> None:
    def changes(told: History) -> list[TrackingStatus]:
        ordered = [fact.status for fact in sorted(told.scans.values(), key=lambda fact: fact.placed_at)]
        return [one for place, one in enumerate(ordered) if place == 0 or ordered[place - 1] != one]

    whole = history(statuses)
    assert changes(thin(whole, keep)) == changes(whole)
    assert len(thin(whole, keep).scans) <= max(keep, len(changes(whole)) + 1)
