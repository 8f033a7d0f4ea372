"""A parcel's status never goes backwards because more was told: only a sender's own correction takes anything back."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contracts.tracking import Coverage, TrackingStatus
from streams.delivery.parcel import Life, Span, life
from streams.facts.history import History, join, of_report
from tests.properties import examples
from tests.streams.way import hours, report

SAYS_NOTHING = {TrackingStatus.REGISTERED, TrackingStatus.UNKNOWN}
GOES_BACK = {TrackingStatus.RETURNING, TrackingStatus.RETURNED}
ON_ITS_WAY = {
    TrackingStatus.PICKED_UP,
    TrackingStatus.IN_TRANSIT,
    TrackingStatus.CUSTOMS,
    TrackingStatus.OUT_FOR_DELIVERY,
    TrackingStatus.AVAILABLE_FOR_PICKUP,
    TrackingStatus.DELIVERY_ATTEMPTED,
}
SCANS = st.lists(st.tuples(st.integers(1, 30), st.sampled_from(TrackingStatus)), min_size=1, max_size=12)


def lives(scans: list[tuple[int, TrackingStatus]]) -> list[Life]:
    """The parcel as it is known after each scan, in the order in which they are told: any order of their instants."""
    known: History | None = None
    found = []
    for at, status in scans:
        told = report("YT1", (hours(at), status), coverage=Coverage.INCREMENT)
        known = join(known, of_report(told, hours(100)))
        found.append(life("YT1", "yuantong", [known], Span()))
    return found


@examples(100)
@given(SCANS)
def test_what_has_come_to_its_end_moves_again_only_where_a_scan_says_that_it_goes_back(
    scans: list[tuple[int, TrackingStatus]],
) -> None:
    turned = False
    seen: TrackingStatus | None = None
    for (_, status), one in zip(scans, lives(scans), strict=True):
        turned = turned or status in GOES_BACK
        if seen is TrackingStatus.RETURNED or (seen is TrackingStatus.DELIVERED and not turned):
            assert one.status is seen
        seen = one.status


@examples(100)
@given(SCANS)
def test_a_scan_that_says_nothing_hides_none_that_says_something(scans: list[tuple[int, TrackingStatus]]) -> None:
    seen = [one.status for one in lives(scans)]
    for before, after in pairwise(seen):
        assert before in {None, *SAYS_NOTHING} or after not in SAYS_NOTHING


@examples(100)
@given(SCANS)
def test_a_delivery_that_is_known_is_not_made_later_by_what_is_told_after_it(
    scans: list[tuple[int, TrackingStatus]],
) -> None:
    instants = [one.delivered_at for one in lives(scans)]
    for before, after in pairwise(instants):
        assert before is None or after is None or after <= before


@examples(100)
@given(SCANS)
def test_a_parcel_that_has_turned_is_never_on_its_way_to_the_customer_again(
    scans: list[tuple[int, TrackingStatus]],
) -> None:
    """In any order of telling: a scan that was told late, of before it turned, changes that as little."""
    for one in lives(scans):
        turned = [place for place, scan in enumerate(one.scans) if scan.status in GOES_BACK]
        if turned and one.status is not None:
            ends = (
                {scan.status for scan in one.scans[turned[0] :]}
                - ON_ITS_WAY
                - SAYS_NOTHING
                - {TrackingStatus.DELIVERED}
            )
            assert one.status in ends | GOES_BACK
