"""What is wanted at trackers follows from the facts, policy and clock alone: in any order, told once or several times.

A source that gives a parcel up says so in the same words each time: said again within the day it is one word, said on
another day it is another one.
"""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts.documents import IssueState, OrderState
from contracts.model import Contract
from contracts.policy import Policy, TrackerRule
from contracts.registration import Registration, RegistrationState
from contracts.snapshot import WantedSubscription
from contracts.tracking import Subscription, Tracking, TrackingStatus
from tests.properties import examples
from tests.streams.way import ERP, Way, hours, issue, order, report

NUMBERS = ("YT1", "YT2")
TRACKERS = (
    TrackerRule(name="express", carriers=("yuantong",), again_after=timedelta(minutes=30)),
    TrackerRule(name="ups", renew_after=timedelta(days=13)),
)
POLICY = Policy(pollers=(ERP,), trackers=TRACKERS)
DAYS = [1.0, 25.0, 49.0, 24 * 20 + 1.0]
"""An hour after midnight (UTC) of some days, so that what is said again within hours is said on the same day."""
STATUSES = [TrackingStatus.IN_TRANSIT, TrackingStatus.RETURNING, TrackingStatus.DELIVERED]
Told = tuple[Contract, datetime]


def reports() -> st.SearchStrategy[Tracking]:
    scans = st.lists(st.tuples(st.sampled_from(DAYS).map(hours), st.sampled_from(STATUSES)), max_size=2, unique=True)
    return st.builds(
        lambda number, told, subscription: report(number, *sorted(told)).model_copy(
            update={"subscription": subscription}
        ),
        st.sampled_from(NUMBERS),
        scans,
        st.sampled_from([Subscription.ACTIVE, Subscription.ABORTED, Subscription.ABORTED]),
    )


def registrations() -> st.SearchStrategy[Registration]:
    return st.builds(
        lambda number, at, tracker, state: Registration(
            account=ERP, order="SO1", id=number, version=hours(at), tracker=tracker, state=state
        ),
        st.sampled_from(NUMBERS),
        st.sampled_from([2.0, 30.0, 60.0]),
        st.sampled_from(["express", "ups"]),
        st.sampled_from(RegistrationState),
    )


def inputs() -> st.SearchStrategy[list[Told]]:
    orders = st.builds(
        order,
        state=st.sampled_from([OrderState.CONFIRMED, OrderState.CONFIRMED, OrderState.CANCELLED]),
        version=st.sampled_from([0.0, 40.0]).map(hours),
    )
    issues = st.builds(
        issue,
        numbers=st.lists(st.sampled_from(NUMBERS), unique=True),
        state=st.sampled_from([IssueState.DESPATCHED, IssueState.DESPATCHED, IssueState.PLANNED]),
        version=st.sampled_from([0.0, 5.0]).map(hours),
        carrier=st.sampled_from(["yuantong", "ups", ""]),
    )
    told = st.tuples(st.one_of(orders, issues, reports(), reports(), registrations()), st.sampled_from(DAYS).map(hours))
    begun = st.tuples(st.just((order(), hours(1))), st.just((issue(numbers=NUMBERS), hours(1))))
    return st.tuples(begun, st.lists(told, max_size=6)).map(lambda both: [*both[0], *both[1]])


def wanted(told: list[Told], ends: list[datetime], *, partitions: int = 1) -> list[tuple[WantedSubscription, ...]]:
    """What is wanted at each of these instants, all of it having been told before the first."""
    way = Way(POLICY, partitions=partitions)
    for event, received_at in told:
        way.tell(event, received_at)
    found = []
    for end in ends:
        way.hear(end)
        found.append(way.order().wanted.subscriptions)
    return found


@examples(15)
@given(told=inputs(), data=st.data())
def test_arrival_order_and_repetition_leave_no_trace_in_what_is_registered(
    told: list[Told], data: st.DataObject
) -> None:
    ends = [hours(24 * 21), hours(24 * 21 + 13), hours(24 * 40)]
    expected = wanted(sorted(told, key=lambda one: one[1]), ends)
    repeated = data.draw(st.lists(st.sampled_from(told), max_size=3), label="repeated")
    again = [(event, received_at + timedelta(hours=2)) for event, received_at in repeated]
    shuffled = data.draw(st.permutations([*told, *again]), label="shuffled")
    assert wanted(shuffled, ends, partitions=data.draw(st.integers(1, 3), label="partitions")) == expected
    assert wanted(sorted(told, key=lambda one: one[1]), ends[-1:]) == expected[-1:]
