"""At every instant the answer is that of a fold from scratch, and nobody is accused by silence that was not heard.

The oracle is the pure fold of the facts that the stages hold, at the time and the hearing of that instant. The stages
fold again only when a fact or an armed deadline tells them to; where they differ, a deadline was not armed, or rests
on the wrong source.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from contracts.acceptance import Acceptance, Cause, Disposition, Remedy
from contracts.appointment import Appointment
from contracts.clock import INGRESS, Clock, poller_source
from contracts.documents import Conditions, DeliveryMethod, GoodsIssue, IssueState, Order, OrderState, Range
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.identity import parts
from contracts.model import Contract, read
from contracts.moment import Moment, Precision, Window
from contracts.policy import Policy
from contracts.proof import ProofOfDelivery
from contracts.service import CaseSeverity, ServiceCase, Survey
from contracts.snapshot import Finding, Kind, Severity, Snapshot, task_key
from contracts.tracking import Coverage, Tracking, TrackingStatus
from streams.delivery import facts
from streams.delivery.fold import fold
from streams.engine.keyrecord import MARKS_KEY, read_key
from streams.stages import known_case, known_parcel, resolve
from streams.stages.cases import fold_case
from streams.stages.orphan import orphan
from tests.properties import examples
from tests.streams.receipts import acceptance, line, remedy
from tests.streams.way import ERP, START, ZONE, Way, issue, measured, order, proof, report, service_case

STEP = timedelta(minutes=30)
STEPS = 44
"""Every span of the policy and every drawn instant is a multiple of a step, so that no change lies between two."""
SOURCES = (INGRESS, poller_source(ERP))
COLD = Conditions(temperature=Range(high=Decimal(8)))


def _ladder(*spans: str) -> list[dict[str, str]]:
    return [{"after": span, "role": role} for span, role in zip(spans, ("sales", "after_sales"), strict=False)]


POLICY = Policy.model_validate(
    {
        "pollers": [ERP],
        "late": {"grace": "PT1H", "counts": "working_hours", "escalation": _ladder("PT4H", "PT7H")},
        "stalled": {"silence": "PT3H", "grace": "PT30M", "carriers": {"sf": "PT6H"}, "escalation": []},
        "tolerance": {"under_percent": 10},
        "under_despatched": {"grace": "PT1H", "escalation": _ladder("PT2H30M")},
        "order_unconfirmed": {"within": "PT5H", "grace": "PT30M"},
        "review_refused": {"grace": "PT1H"},
        "changed_after_confirmation": {"grace": "PT1H30M"},
        "expired": {"after": "PT2H", "escalation": _ladder("PT1H")},
        "claim_due": {"after": "PT3H", "grace": "PT30M"},
        "carrier_exception": {"grace": "PT30M"},
        "returning": {"grace": "PT1H"},
        "eta_slipped": {"by": "PT2H", "grace": "PT30M"},
        "transit": {"third_party": 0},
        "release_late": {"lead": "PT3H"},
        "pickup_late": {"within": "PT4H", "grace": "PT30M"},
        "at_risk": {"grace": "PT30M"},
        "condition_breach": {"outside": "PT30M", "grace": "PT30M"},
        "condition_gap": {"longest": "PT1H30M", "grace": "PT1H", "expected": True},
        "unknown_status": {"grace": "PT2H"},
        "orphan_tracking": {"grace": "PT5H", "escalation": _ladder("PT3H")},
        "response_overdue": {
            "within": {"grave": "PT2H", "major": "PT3H", "ordinary": "PT3H30M"},
            "escalation": _ladder("PT1H30M"),
        },
        "resolution_overdue": {"within": {"grave": "PT4H", "major": "PT5H", "ordinary": "PT6H"}, "grace": "PT30M"},
        "verification_overdue": {"within": {"grave": "PT2H30M", "major": "PT4H", "ordinary": "PT5H"}},
        "case_unmatched": {"grace": "PT1H30M", "escalation": _ladder("PT2H")},
        "survey_low": {"grace": "PT1H", "escalation": _ladder("PT3H")},
        "acceptance_overdue": {"accounts": [ERP], "within": "PT3H", "grace": "PT30M"},
        "remedy_overdue": {"within": "PT4H", "grace": "PT1H"},
        "notices": {"before_arrival": "PT6H", "useful_for": "PT3H"},
        "returns_after": "PT2H",
    }
)


def step(count: int) -> datetime:
    return START + count * STEP


class Told(NamedTuple):
    """An input, and the step at which it is received."""

    event: Contract
    received: int


class Day(NamedTuple):
    """Inputs, and at which steps each source ticks."""

    told: Sequence[Told]
    ticks: dict[str, frozenset[int]]

    def clock(self, at: int) -> Clock:
        """The time and the hearing after the ticks of step `at`."""
        heard = {
            source: step(max(at for at in ticked))
            for source, all_of in self.ticks.items()
            if (ticked := _to(all_of, at))
        }
        return Clock(max(heard.values()), heard)


def _to(steps: Iterable[int], at: int) -> list[int]:
    return [found for found in steps if found <= at]


instants = st.integers(0, 30).map(step)
places = st.integers(0, 2)


def _lines(whole: Order, promised: Sequence[datetime]) -> Order:
    """Give an order lines of its one line's kind, each with a promise of its own."""
    [line] = whole.lines
    windows = [Window(closes=closes, precision=Precision.INSTANT, zone=ZONE) for closes in promised]
    lines = tuple(
        line.model_copy(update={"line": str(place), "promised": window}) for place, window in enumerate(windows, 1)
    )
    return whole.model_copy(update={"lines": lines})


def orders() -> st.SearchStrategy[Order]:
    return st.builds(
        lambda number, promised, state, version, method: _lines(
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


def cases() -> st.SearchStrategy[ServiceCase]:
    def case(version: datetime, named: str, severity: CaseSeverity | None, steps: dict[str, datetime]) -> ServiceCase:
        values: dict[str, Any] = {**steps, "reopened": (steps["reopened"],) if "reopened" in steps else ()}
        return service_case(version=version, order=named, severity=severity, **values)

    return st.builds(
        case,
        instants,
        st.sampled_from(["", "SO1", "SO2", "SO404"]),
        st.sampled_from([Severity.GRAVE, Severity.ORDINARY, None]),
        st.dictionaries(st.sampled_from(["responded", "solved", "verified", "closed", "reopened"]), instants),
    )


def surveys() -> st.SearchStrategy[Survey]:
    return st.builds(
        lambda score, at: Survey(account=ERP, order="SO1", id="S1", version=at, score=Decimal(score), answered=at),
        st.integers(1, 5),
        instants,
    )


def appointments() -> st.SearchStrategy[Appointment]:
    return st.builds(
        lambda name, version, closes, cancelled, kept: Appointment(
            account=ERP,
            order="SO1",
            id=name,
            version=version,
            window=Window(closes=closes, precision=Precision.INSTANT, zone=ZONE),
            cancelled=cancelled,
            kept_at=Moment(at=closes) if kept else None,
        ),
        st.sampled_from(["A1", "A2"]),
        instants,
        st.integers(4, 40).map(step),
        st.sampled_from([False, False, True]),
        st.sampled_from([False, False, True]),
    )


def acceptances() -> st.SearchStrategy[Acceptance]:
    """Of some or all of the goods of SO1, with all that may be wrong with them."""
    return st.builds(
        lambda name, at, received, bad, cause, final, refused: acceptance(
            line(received, rejected=bad, damaged=bad // 2, cause=cause),
            name=name,
            at=(step(at) - START) / timedelta(hours=1),
            final=final,
            refused=refused,
        ),
        st.sampled_from(["A1", "A2"]),
        st.integers(0, 30),
        st.sampled_from([4, 10, 12]),
        st.sampled_from([0, 0, 2]),
        st.sampled_from([None, Cause.QUALITY]),
        st.sampled_from([True, True, False]),
        st.sampled_from([False, False, False, True]),
    )


def remedies() -> st.SearchStrategy[Remedy]:
    return st.builds(
        lambda disposition, agreed, until, name, withdrawn: remedy(
            disposition, agreed=agreed / 2, until=until, name=name, withdrawn=withdrawn
        ),
        st.sampled_from(Disposition),
        st.integers(0, 30),
        st.one_of(st.none(), st.integers(8, 40).map(step)),
        st.sampled_from(["R1", "R2"]),
        st.sampled_from([False, False, True]),
    )


def proofs() -> st.SearchStrategy[ProofOfDelivery]:
    return st.builds(
        lambda at, named: proof(at, **named), instants, st.sampled_from([{}, {"number": "", "order": "SO1"}])
    )


def received(events: st.SearchStrategy[Contract]) -> st.SearchStrategy[Told]:
    return st.builds(Told, events, st.integers(0, 36))


on_the_way = st.lists(
    st.one_of(received(st.one_of(orders(), issues(), issues(), reports(), reports(), cases(), surveys())), readings()),
    min_size=2,
    max_size=8,
)
"""Orders, what carries them, and what is asked about them."""


def handed_over() -> st.SearchStrategy[list[Told]]:
    """An order that has left or is ready, and what is told at its end: who fetched it, what was wrong, what is owed."""
    return st.builds(
        lambda method, closes, state, numbers, rest: [
            Told(_lines(order("SO1", method=method), [closes]), 0),
            Told(issue("GI1", {"SO1": 10}, numbers=numbers, state=state, at=step(2)), 2),
            *rest,
        ],
        st.sampled_from(DeliveryMethod),
        st.integers(8, 40).map(step),
        st.sampled_from([IssueState.DESPATCHED, IssueState.PICKED]),
        st.sampled_from([(), (), ("YT1",)]),
        st.lists(received(st.one_of(appointments(), acceptances(), remedies(), proofs())), max_size=3),
    )


inputs = st.one_of(on_the_way, handed_over())


@st.composite
def ticking(draw: st.DrawFn) -> frozenset[int]:
    """The steps at which a source ticks: all but those of a spell of deafness, and the first."""
    since, spell = draw(st.integers(1, STEPS)), draw(st.sampled_from([0, 0, 1, 5, 12, STEPS]))
    return frozenset(at for at in range(STEPS + 1) if not since <= at < since + spell)


days = st.builds(
    lambda told, carriers, erp: Day(told, dict(zip(SOURCES, (carriers, erp), strict=True))),
    inputs,
    ticking(),
    ticking(),
)


def answer_to(way: Way, closings: int, at: datetime) -> list[Contract]:
    """What people close of the first tasks that are wanted now."""
    found: list[Contract] = []
    for (_, subject), snapshot in sorted(way.snapshots().items()):
        for task in snapshot.wanted.tasks:
            closing = TaskFeedback(
                account=snapshot.account,
                scope=snapshot.scope,
                subject=subject,
                task=task_key(snapshot.account, snapshot.scope, subject, task),
                since=task.since,
                target="tickets",
                episode=len(task.feedback) + 1,
                outcome=FeedbackOutcome.DONE,
                record="17",
                at=at,
            )
            found.append(closing)
    return found[:closings]


def pass_to(way: Way, day: Day, at: int) -> None:
    """Tell what is received at a step, then let those tick that do."""
    for one in day.told:
        if one.received == at:
            way.tell(one.event, step(at))
    way.hear(step(at), [source for source in SOURCES if at in day.ticks[source]])


def from_scratch(way: Way, clock: Clock) -> dict[tuple[str, str], Snapshot]:
    """Fold the facts that the stages hold, as if nothing had ever been written."""
    found: dict[tuple[str, str], Snapshot] = {}
    for key, stored in way.replay.changelog("deliver").items():
        state = None if key == MARKS_KEY else read_key(stored).state
        if state is not None:
            delivery = facts.FORMAT.read(state)
            assert isinstance(delivery, facts.Delivery), "no day here is long enough for a delivery to be closed"
            snapshot = fold(delivery, clock, POLICY).snapshot
            found["order", snapshot.subject] = snapshot
    for key, stored in way.replay.changelog("resolve").items():
        state = None if key == MARKS_KEY else read_key(stored).state
        if state is not None:
            parcel = known_parcel.FORMAT.read(state)
            alone = orphan(replace(resolve.reported(parcel), told=()), clock, POLICY)
            for output in alone.outputs:
                found["parcel", parts(output.key)[2]] = read(Snapshot, output.data)
    for key, stored in way.replay.changelog("cases").items():
        state = None if key == MARKS_KEY else read_key(stored).state
        known = known_case.FORMAT.read(state) if state is not None else None
        case = known.case() if known is not None else None
        if known is not None and case is not None:
            found["case", case.case] = fold_case(known, case, clock, POLICY)[0]
    return found


def said(way: Way) -> dict[tuple[str, str], Snapshot]:
    """The newest snapshots; one of a parcel that wants and finds nothing is none."""
    return {
        name: snapshot
        for name, snapshot in way.snapshots().items()
        if snapshot.scope in {"order", "case"} or snapshot.findings
    }


def _rests_on_both(kind: Kind, details: Mapping[str, str]) -> bool:
    match kind:
        case Kind.RESPONSE_OVERDUE | Kind.RESOLUTION_OVERDUE | Kind.VERIFICATION_OVERDUE:
            return True
        case Kind.ACCEPTANCE_OVERDUE | Kind.APPOINTMENT_MISSED | Kind.REMEDY_OVERDUE:
            return True
        case Kind.LATE:
            return bool(details["undespatched"])
        case Kind.CASE_UNMATCHED:
            return not details["order"]
        case _:
            return False


def _was_told(kind: Kind, details: Mapping[str, str]) -> bool:
    """Whether it follows from what was told, and from nobody's silence."""
    if kind is Kind.AT_RISK:
        return details["basis"] != "not_left"
    return kind in TOLD


TOLD = {
    *(Kind.SURVEY_LOW, Kind.CONTRADICTION, Kind.ETA_SLIPPED, Kind.CONDITION_BREACH),
    *(Kind.UNDER_RECEIVED, Kind.DAMAGED, Kind.WRONG_ITEM, Kind.REJECTED_QUALITY, Kind.RECEIPT_DISCREPANCY),
}


def rests_on(finding: Finding) -> tuple[str, ...]:
    """On whose silence a finding rests, by its documentation."""
    match finding.kind:
        case kind if _rests_on_both(kind, finding.details):
            return SOURCES
        case Kind.LATE | Kind.STALLED | Kind.EXPIRED | Kind.CLAIM_DUE | Kind.CARRIER_EXCEPTION | Kind.RETURNING:
            return (INGRESS,)
        case Kind.UNKNOWN_STATUS | Kind.CONDITION_GAP | Kind.PICKUP_LATE:
            return (INGRESS,)
        case Kind.CONDITION_BREACH if "still_outside" in finding.details:
            return (INGRESS,)
        case kind if _was_told(kind, finding.details):
            return ()
        case _:
            return (poller_source(ERP),)


def opened_at(finding: Finding) -> datetime:
    """When it was told: as it began, but for a breach, which has to last."""
    return finding.since + (timedelta(hours=1) if finding.kind is Kind.CONDITION_BREACH else timedelta(0))


@examples(40)
@given(day=days, closings=st.integers(0, 2), closed_at=st.integers(10, STEPS))
def test_at_every_instant_the_answer_is_that_of_a_fold_from_scratch(day: Day, closings: int, closed_at: int) -> None:
    """Every instant at which the answer changes by itself is armed, and rests on what the answer rests on."""
    way = Way(POLICY)
    for at in range(STEPS + 1):
        if at == closed_at:
            for closing in answer_to(way, closings, step(at)):
                way.tell(closing, step(at))
        pass_to(way, day, at)
        assert said(way) == from_scratch(way, day.clock(at)), f"at {step(at)}"


@examples(30)
@given(day=days)
def test_a_finding_opens_at_its_instant_and_only_as_far_as_its_sources_were_heard(day: Day) -> None:
    """Heard in time, with no input, it appears at the very step since when it holds; unheard, not at all."""
    way = Way(POLICY)
    before: set[tuple[Kind, str]] = set()
    for at in range(STEPS + 1):
        pass_to(way, day, at)
        clock = day.clock(at)
        now = {(finding.kind, finding.subject): finding for finding in way.findings()}
        for name, finding in now.items():
            assert finding.since <= clock.heard_all(rests_on(finding))
            undisturbed = at not in {one.received for one in day.told} and all(
                {at - 1, at} <= day.ticks[source] for source in SOURCES
            )
            if name not in before and undisturbed:
                assert opened_at(finding) == step(at)
        before = set(now)


@examples(30)
@given(day=days, looks=st.sets(st.integers(0, STEPS), max_size=3))
def test_how_often_time_is_told_changes_nothing_in_the_end(day: Day, looks: set[int]) -> None:
    """A night without a tick is judged in the morning as it would have been minute by minute."""
    fine, coarse = Way(POLICY), Way(POLICY)
    for at in range(STEPS + 1):
        pass_to(fine, day, at)
        pass_to(coarse, day._replace(ticks={source: day.ticks[source] & looks for source in SOURCES}), at)
    for way in (fine, coarse):
        way.hear(step(STEPS + 1))
    assert said(coarse) == said(fine)
