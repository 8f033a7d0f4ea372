"""What is drawn of an order until it arrives: its promises, what left for it, what carriers and sensors report."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from hypothesis import strategies as st

from contracts.documents import Conditions, DeliveryMethod, GoodsIssue, IssueState, Order, OrderState, Range
from contracts.moment import Moment, Precision, Window
from contracts.tracking import Coverage, Tracking, TrackingStatus
from tests.properties.steps import Told, instants, step
from tests.streams.way import ZONE, issue, measured, order, report

COLD = Conditions(temperature=Range(high=Decimal(8)))
STATUSES = (
    TrackingStatus.REGISTERED,
    TrackingStatus.IN_TRANSIT,
    TrackingStatus.IN_TRANSIT,
    TrackingStatus.AVAILABLE_FOR_PICKUP,
    TrackingStatus.DELIVERED,
    TrackingStatus.RETURNING,
    TrackingStatus.EXCEPTION,
    TrackingStatus.EXPIRED,
    TrackingStatus.UNKNOWN,
)


def promising(whole: Order, promised: Sequence[datetime]) -> Order:
    """Give an order lines of its one line's kind, each with a promise of its own."""
    [line] = whole.lines
    windows = [Window(closes=closes, precision=Precision.INSTANT, zone=ZONE) for closes in promised]
    lines = tuple(
        line.model_copy(update={"line": str(place), "promised": window}) for place, window in enumerate(windows, 1)
    )
    return whole.model_copy(update={"lines": lines})


def orders() -> st.SearchStrategy[Order]:
    return st.builds(
        lambda number, promised, state, version, method: promising(
            order(number, state=state, version=version, method=method), promised
        ),
        st.sampled_from(["SO1", "SO1", "SO2"]),
        st.lists(st.integers(8, 40).map(step), min_size=1, max_size=2),
        st.sampled_from([OrderState.CONFIRMED, OrderState.CONFIRMED, OrderState.DRAFT, OrderState.CANCELLED]),
        instants,
        st.sampled_from([DeliveryMethod.THIRD_PARTY, *DeliveryMethod]),
    )


def issues() -> st.SearchStrategy[GoodsIssue]:
    return st.builds(
        lambda document, counts, numbers, state, at, version, line, withdrawn, conditions: _serving(
            issue(
                document,
                counts,
                numbers=numbers,
                state=state,
                at=at,
                version=version,
                withdrawn=withdrawn,
                conditions=conditions,
            ),
            line,
        ),
        st.sampled_from(["GI1", "GI2"]),
        st.dictionaries(st.sampled_from(["SO1", "SO2"]), st.sampled_from([5, 9, 10]), min_size=1),
        st.lists(st.sampled_from(["YT1", "YT2"]), unique=True),
        st.sampled_from([IssueState.DESPATCHED, IssueState.DESPATCHED, IssueState.PLANNED, IssueState.CANCELLED]),
        instants,
        instants,
        st.sampled_from(["1", "1", "2"]),
        st.sampled_from([False, False, False, True]),
        st.sampled_from([None, COLD]),
    )


def _serving(told: GoodsIssue, line: str) -> GoodsIssue:
    return told.model_copy(update={"lines": tuple(one.model_copy(update={"order_line": line}) for one in told.lines)})


def reports() -> st.SearchStrategy[Tracking]:
    scans = st.lists(st.tuples(instants, st.sampled_from(STATUSES)), max_size=3, unique_by=lambda scan: scan)
    return st.builds(
        lambda number, told, coverage, carrier, eta: report(
            number, *sorted(told), coverage=coverage, carrier=carrier
        ).model_copy(update={"eta": eta}),
        st.sampled_from(["YT1", "YT1", "YT2"]),
        scans,
        st.sampled_from(Coverage),
        st.sampled_from(["yuantong", "sf"]),
        st.one_of(st.none(), st.integers(8, 44).map(lambda place: Moment(at=step(place)))),
    )


def readings() -> st.SearchStrategy[Told]:
    """Readings of every step up to some steps before their receipt; those of the future are refused."""
    return st.builds(
        lambda named, received, ago, celsius: Told(
            measured(*[(step(received - ago - place), value) for place, value in enumerate(celsius)], **named), received
        ),
        st.sampled_from([{"number": "YT1"}, {"number": "YT1"}, {"order": "SO1"}]),
        st.integers(0, 36),
        st.sampled_from([0, 0, 3]),
        st.lists(st.sampled_from([5.0, 9.5]), min_size=1, max_size=5),
    )


def arrivals(last: int) -> st.SearchStrategy[list[Told]]:
    """One or both of the parcels are delivered, by that step."""
    return st.builds(
        lambda at, numbers: [
            Told(report(number, (step(at), TrackingStatus.DELIVERED), coverage=Coverage.INCREMENT), at)
            for number in numbers
        ],
        st.integers(4, last),
        st.sampled_from([("YT1", "YT2"), ("YT1", "YT2"), ("YT1",)]),
    )
