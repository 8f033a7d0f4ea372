"""The same inputs give the same view, findings and wishes, in any order, told once or five times.

Drawn across all stages together, over partitions, interleavings and restarts. A
duplicate is received later than what it repeats. Among the drawn cases: a late link, a recycled number, one parcel
for two orders, two parcels for one order, a corrected tracking number, a second version of a despatch note that drops
a parcel or an order, truncated and stale carrier snapshots, withdrawn documents, people's answers, operators'
actions and their undoing, after-sales cases that name now one order, now another, low scores, receipts and returns,
customers' acceptances and refusals, remedies.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from contracts.appointment import Appointment
from contracts.condition import ConditionReading
from contracts.documents import Conditions, DeliveryMethod, Document, GoodsIssue, IssueState, Order, OrderState, Range
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.identity import key
from contracts.model import Contract
from contracts.moment import Moment, Window
from contracts.operator_action import OperatorAction
from contracts.order_fact import OrderFact
from contracts.proof import ProofOfDelivery
from contracts.service import ServiceCase, Survey
from contracts.snapshot import Snapshot
from contracts.tracking import Coverage, Tracking, TrackingStatus
from tests.properties import examples
from tests.properties.by_hand import actions
from tests.properties.receipts import receipts
from tests.streams.way import ERP, ZONE, Way, hours, issue, measured, order, proof, report, service_case

ORDERS = ("SO1", "SO2")
NUMBERS = ("YT1", "YT2")
RECYCLED = 24 * 90.0
"""So many hours later a number is used again."""
END = hours(24 * 120)

STATUSES = (
    TrackingStatus.REGISTERED,
    TrackingStatus.PICKED_UP,
    TrackingStatus.IN_TRANSIT,
    TrackingStatus.OUT_FOR_DELIVERY,
    TrackingStatus.DELIVERED,
    TrackingStatus.RETURNING,
    TrackingStatus.UNKNOWN,
)


class Told(NamedTuple):
    """An input and when it was received."""

    event: Contract
    received_at: datetime


at_hours = st.sampled_from([1.0, 2.0, 30.0, 60.0, RECYCLED, RECYCLED + 30])
versions = st.sampled_from([0.0, 5.0, 40.0, RECYCLED + 1]).map(hours)


def orders() -> st.SearchStrategy[Order]:
    return st.builds(
        order,
        st.sampled_from(ORDERS),
        ordered=st.sampled_from([4, 10]),
        promised=st.sampled_from([None, None, Window.of_days(None, hours(24 * 9).date(), ZONE)]),
        agreed=st.sampled_from([False, False, True]),
        state=st.sampled_from([OrderState.CONFIRMED, OrderState.CONFIRMED, OrderState.CANCELLED, OrderState.DRAFT]),
        version=versions,
        withdrawn=st.sampled_from([False, False, False, True]),
        method=st.sampled_from([DeliveryMethod.THIRD_PARTY, *DeliveryMethod]),
    )


def appointments() -> st.SearchStrategy[Appointment]:
    return st.builds(
        lambda order, name, version, day, cancelled: Appointment(
            account=ERP,
            order=order,
            id=name,
            version=version,
            window=Window.of_days(None, hours(24 * day).date(), ZONE),
            cancelled=cancelled,
        ),
        st.sampled_from(ORDERS),
        st.sampled_from(["A1", "A2"]),
        versions,
        st.sampled_from([2, 5]),
        st.sampled_from([False, False, True]),
    )


def issues() -> st.SearchStrategy[GoodsIssue]:
    return st.builds(
        issue,
        st.sampled_from(["GI1", "GI2"]),
        st.dictionaries(st.sampled_from(ORDERS), st.sampled_from([4, 10]), min_size=1),
        numbers=st.lists(st.sampled_from(NUMBERS), unique=True),
        state=st.sampled_from([IssueState.DESPATCHED, IssueState.DESPATCHED, IssueState.PLANNED, IssueState.CANCELLED]),
        at=at_hours.map(hours),
        version=versions,
        withdrawn=st.sampled_from([False, False, False, True]),
        carrier=st.sampled_from(["yuantong", ""]),
        conditions=st.sampled_from([None, Conditions(temperature=Range(high=Decimal(8)))]),
    )


def reports() -> st.SearchStrategy[Tracking]:
    scans = st.lists(st.tuples(at_hours.map(hours), st.sampled_from(STATUSES)), max_size=4, unique_by=lambda scan: scan)
    return st.builds(
        lambda number, told, coverage, source, eta: report(
            number, *sorted(told), coverage=coverage, source=source
        ).model_copy(update={"eta": eta}),
        st.sampled_from(NUMBERS),
        scans,
        st.sampled_from([Coverage.SNAPSHOT, Coverage.SNAPSHOT, Coverage.INCREMENT]),
        st.sampled_from(["kuaidi100/express", "kuaidi100/express", "sf/own"]),
        st.sampled_from([None, None, 50.0, 100.0]).map(lambda at: None if at is None else Moment(at=hours(at))),
    )


def answers() -> st.SearchStrategy[TaskFeedback]:
    return st.builds(
        lambda number, episode, at, outcome: TaskFeedback(
            account=ERP,
            scope="order",
            subject=number,
            task=key(ERP, "order", number, f"order:{number}", "late").decode(),
            since=hours(64),
            target="tickets",
            episode=episode,
            outcome=outcome,
            record="17",
            at=hours(at),
        ),
        st.sampled_from(ORDERS),
        st.integers(1, 2),
        st.sampled_from([70.0, 24 * 119.5]),
        st.sampled_from([FeedbackOutcome.DONE, FeedbackOutcome.REFUSED, FeedbackOutcome.APPROVED]),
    )


def readings() -> st.SearchStrategy[ConditionReading]:
    """A few of a logger's readings, of a parcel or of an order."""
    return st.builds(
        lambda named, at, count, celsius: measured(
            *[(hours(at) + place * timedelta(minutes=10), celsius) for place in range(count)], **named
        ),
        st.sampled_from([{"number": "YT1"}, {"number": "YT2"}, {"order": "SO1"}]),
        at_hours,
        st.integers(1, 4),
        st.sampled_from([5.0, 11.5]),
    )


def proofs() -> st.SearchStrategy[ProofOfDelivery]:
    return st.builds(
        lambda of, at, version, withdrawn: proof(
            hours(at), number=of[0], order=of[1], version=version, withdrawn=withdrawn
        ),
        st.sampled_from([("YT1", ""), ("YT2", ""), ("YT1", "SO1"), ("", "SO1")]),
        at_hours,
        versions,
        st.sampled_from([False, False, False, True]),
    )


def cases() -> st.SearchStrategy[ServiceCase]:
    def case(number: str, named: str, version: datetime, steps: set[str], withdrawn: bool) -> ServiceCase:  # noqa: FBT001
        values: dict[str, Any] = {**dict.fromkeys(steps, hours(2)), "withdrawn": withdrawn}
        return service_case(number, order=named, version=version, **values)

    return st.builds(
        case,
        st.sampled_from(["C1", "C2"]),
        st.sampled_from(["", *ORDERS, "SO404"]),
        versions,
        st.sets(st.sampled_from(["responded", "solved", "closed"])),
        st.sampled_from([False, False, False, True]),
    )


def surveys() -> st.SearchStrategy[Survey]:
    return st.builds(
        lambda number, named, score, version: Survey(
            account=ERP, order=named, id=number, version=version, score=Decimal(score), answered=hours(1)
        ),
        st.sampled_from(["S1", "S2"]),
        st.sampled_from(ORDERS),
        st.integers(1, 5),
        versions,
    )


def happened(event: Contract) -> datetime:
    """When the latest that an input tells of happened: nobody tells of it earlier."""
    match event:
        case Tracking():
            return max((scan.occurred.at for scan in event.scans), default=hours(0))
        case TaskFeedback() | OperatorAction():
            return event.at
        case ConditionReading():
            return max(reading.at for reading in event.readings)
        case Document() | OrderFact() | ProofOfDelivery() | ServiceCase():
            return event.version
        case _:
            raise AssertionError(event)


def inputs() -> st.SearchStrategy[list[Told]]:
    """Inputs, received in time or days later; now and then a carrier's clock is ahead of ours."""
    goods = (orders(), issues(), issues(), reports(), reports(), readings(), proofs(), receipts(ORDERS))
    events = st.one_of(*goods, answers(), actions(ORDERS, NUMBERS, RECYCLED), cases(), surveys(), appointments())
    delays = st.sampled_from([0.01, 0.5, 7, 100, 24 * 15, -5])
    told = st.builds(lambda event, delay: Told(event, received(event, delay)), events, delays)
    return st.lists(told, min_size=1, max_size=9)


def received(event: Contract, delay: float) -> datetime:
    """Readings of the future are refused, whoever sends them again later; so none is drawn."""
    return happened(event) + timedelta(hours=abs(delay) if isinstance(event, ConditionReading) else delay)


def answered(way: Way) -> dict[tuple[str, str], Snapshot]:
    """What is so at the end; a snapshot that says nothing is none."""
    return {
        name: snapshot
        for name, snapshot in way.snapshots().items()
        if snapshot.scope in {"order", "case"} or snapshot.findings or not snapshot.wanted.is_nothing
    }


def undisturbed(told: list[Told], end: datetime = END) -> Way:
    way = Way()
    for one in sorted(told, key=lambda one: one.received_at):
        way.tell(*one)
    way.hear(end)
    return way


@examples(150)
@given(told=inputs(), data=st.data())
def test_arrival_order_and_repetition_leave_no_trace(told: list[Told], data: st.DataObject) -> None:
    """I7, I4: any order, duplicates, partitions, interleavings and early ticks give the undisturbed answer."""
    expected = answered(undisturbed(told))
    repeated = data.draw(st.lists(st.sampled_from(told), max_size=3), label="repeated")
    later = [Told(one.event, one.received_at + timedelta(hours=7)) for one in repeated]
    shuffled = data.draw(st.permutations([*told, *later]), label="shuffled")
    interleaving = data.draw(st.randoms(use_true_random=False), label="interleaving")
    way = Way(partitions=data.draw(st.integers(1, 3), label="partitions"), choose=interleaving.randrange)
    early = data.draw(st.sets(st.integers(0, len(shuffled)), max_size=2), label="early ticks after")
    for place, one in enumerate(shuffled):
        if place in early:
            way.hear(hours(50 + place))
        way.tell(*one)
    way.hear(END)
    assert answered(way) == expected


@examples(60)
@given(told=inputs(), data=st.data())
def test_a_restart_anywhere_leaves_no_trace(told: list[Told], data: st.DataObject) -> None:
    """I8: every stage may forget its memory after any input and go on from its changelog."""
    expected = answered(undisturbed(told))
    restarts = data.draw(st.sets(st.integers(0, len(told)), min_size=1, max_size=3), label="restarts after")
    way = Way()
    for place, one in enumerate(sorted(told, key=lambda one: one.received_at)):
        way.tell(*one)
        way.replay.settle()
        if place in restarts:
            for stage in way.stages:
                way.replay.restart(stage)
    way.hear(END)
    assert answered(way) == expected
