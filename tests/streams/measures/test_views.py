"""What the fold says of a line is what the measures need: when it had arrived, and whether it was in full."""

from contracts.snapshot import LineView
from contracts.tracking import TrackingStatus
from streams.measures.definitions import Outcome, line_outcome
from tests.streams.way import Way, hours, issue, order, report


def line(way: Way, at: float) -> LineView:
    way.hear(hours(at))
    view = way.order().view
    assert view is not None
    return view.lines[0]


def delivered(quantity: int, at: float) -> Way:
    way = Way()
    way.tell(order(), hours(0))
    way.tell(issue(quantities={"SO1": quantity}), hours(1))
    way.tell(report("YT1", (hours(2), TrackingStatus.PICKED_UP), (hours(at), TrackingStatus.DELIVERED)), hours(at))
    return way


def test_what_arrived_whole_and_in_time_is_a_hit() -> None:
    found = line(delivered(10, 30), 31)
    assert (found.delivered_at, found.in_full) == (hours(30), True)
    assert line_outcome(found, hours(31)) is Outcome.HIT


def test_what_left_short_is_not_in_full_though_it_came_in_time() -> None:
    found = line(delivered(8, 30), 31)
    assert (found.delivered_at, found.in_full) == (hours(30), False)
    assert line_outcome(found, hours(31)) is Outcome.NOT_IN_FULL


def test_what_is_on_its_way_is_judged_by_its_promise_alone() -> None:
    way = Way()
    way.tell(order(), hours(0))
    found = line(way, 10)
    assert (found.delivered_at, found.in_full) == (None, None)
    assert line_outcome(found, hours(10)) is Outcome.LEFT_OUT
    assert line_outcome(found, hours(64)) is Outcome.MISSED
