"""Days as the oracle of time draws them: what is told, when, and which sources are heard meanwhile.

Everything happens at a step, and every span of the policy is a multiple of one, so that no change lies between two.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st

from contracts.acceptance import Acceptance, Cause, Disposition, Remedy
from contracts.appointment import Appointment
from contracts.clock import INGRESS, Clock, poller_source
from contracts.documents import (
    Conditions,
    DeliveryMethod,
    GoodsIssue,
    IssueState,
    Order,
    OrderState,
    Range,
    ServiceTerms,
    Transport,
)
from contracts.model import Contract
from contracts.moment import Moment, Precision, Window
from contracts.operator_action import Act, OperatorAction
from contracts.policy import Policy
from contracts.proof import ProofOfDelivery
from contracts.service import CaseSeverity, ServiceCase, Survey
from contracts.snapshot import Kind, Severity, SubjectType, task_key_of
from contracts.tracking import Coverage, Tracking, TrackingStatus
from tests.streams.receipts import acceptance, line, remedy
from tests.streams.way import ERP, START, ZONE, issue, measured, order, proof, report, service_case

STEP = timedelta(minutes=30)
STEPS = 44
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
        "documents_missing": {"grace": "PT1H", "escalation": _ladder("PT2H")},
        "package_mismatch": {"grace": "PT30M", "escalation": _ladder("PT3H")},
        "seal_mismatch": {"grace": "PT1H", "escalation": _ladder("PT2H30M")},
        "visit_due": {"escalation": _ladder("PT2H"), "returns_after": "PT3H"},
        "survey_due": {"escalation": _ladder("PT4H")},
        "training_due": {"after": "PT4H", "escalation": _ladder("PT1H30M")},
        "warranty_expiring": {"lead": "P30DT18H", "escalation": _ladder("PT3H")},
        "notices": {"before_arrival": "PT6H", "useful_for": "PT3H"},
        "returns_after": "PT2H",
    }
)


CLOSING = Policy.model_validate(POLICY.model_dump() | {"closing": {"after": "PT2H"}})
"""The same for deliveries that are closed within the day. Whatever is told of one later comes too late."""


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


def sealed(at: int, seals: tuple[str, ...], terms: ServiceTerms) -> list[Told]:
    """An order with terms and papers, and what carries it, in two packages under seals."""
    whole = order("SO1").model_copy(update={"service": terms, "required_documents": ("2", "manual")})
    carried = issue("GI1", {"SO1": 10}, numbers=("YT1", "YT2"), at=step(at))
    return [Told(whole, 0), Told(carried.model_copy(update={"transport": Transport(seals=seals)}), at)]


def terms() -> st.SearchStrategy[ServiceTerms]:
    """Follow-ups that may come due within the day: a warranty of a month by its long lead."""
    return st.builds(
        ServiceTerms,
        acceptance_days=st.sampled_from([None, None, 0]),
        warranty_months=st.sampled_from([None, 1]),
        training=st.booleans(),
        visit_after_days=st.sampled_from([None, None, 0]),
        survey_after_days=st.sampled_from([None, None, 0]),
    )


def checked() -> st.SearchStrategy[Acceptance]:
    """What the customer found at the receipt beside the goods: packages, papers, seals."""
    return st.builds(
        lambda name, at, final, packages, documents, seals: acceptance(
            line(10),
            name=name,
            at=(step(at) - START) / timedelta(hours=1),
            final=final,
            packages=packages,
            documents=documents,
            seals=seals,
        ),
        st.sampled_from(["A1", "A1", "A2"]),
        st.integers(0, 30),
        st.sampled_from([True, True, False]),
        st.sampled_from([None, None, 1, 2]),
        st.sampled_from([None, None, (), ("271",), ("certificate of conformity", "manual")]),
        st.sampled_from([None, None, (), ("S1",), ("S 1", "S2"), ("S9",)]),
    )


ABOUT_THE_ORDER = (Kind.LATE, Kind.VISIT_DUE, Kind.SURVEY_DUE, Kind.TRAINING_DUE, Kind.ACCEPTANCE_OVERDUE)


def acts() -> st.SearchStrategy[Told]:
    """What operators decide without looking whether the task is asked for: it may be, soon or never."""
    return st.builds(
        _act,
        st.sampled_from([Act.SNOOZE, Act.CLOSE, Act.REOPEN, Act.CONFIRM, Act.CONFIRM, Act.LINK, Act.UNLINK]),
        st.integers(0, 36),
        st.sampled_from(ABOUT_THE_ORDER),
        st.integers(0, 12),
        st.booleans(),
    )


def _act(act: Act, at: int, kind: Kind, span: int, by_word: bool) -> Told:  # noqa: FBT001 - drawn by place
    values: dict[str, Any] = {"parcel": "YT2"} if act in {Act.LINK, Act.UNLINK} else {"task": _task(kind)}
    if act is Act.SNOOZE:
        values["until"] = step(at + 1 + span)
    if act is Act.CONFIRM and not by_word:
        values = {"happened_at": step(max(0, at - span))}
    told = {"account": ERP, "scope": "order", "subject": "SO1", "by": "li", "why": "By hand."} | values
    return Told(OperatorAction.model_validate(told | {"act": act, "at": step(at)}), at)


def _task(kind: Kind) -> str:
    return task_key_of(ERP, "order", "SO1", (SubjectType.ORDER, "SO1"), kind)


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


def afterwards() -> st.SearchStrategy[list[Told]]:
    """A delivery that comes to its end, what was found then, and what was agreed for the time after it."""
    return st.builds(
        lambda begun, arrived, rest: [*begun, *arrived, *rest],
        st.builds(sealed, st.integers(0, 3), st.sampled_from([(), ("S1",), ("S1", "S2")]), terms()),
        arrivals(20),
        st.lists(st.one_of(received(checked()), received(checked()), received(surveys()), acts(), acts()), max_size=4),
    )


def finished() -> st.SearchStrategy[list[Told]]:
    """A delivery that was accepted as it is; what is told from then on mostly finds it closed."""
    return st.builds(
        lambda begun, arrived, at, rest: [*begun, *arrived, Told(acceptance(line(10), at=at / 2 - 1), at), *rest],
        st.builds(sealed, st.integers(0, 3), st.just(("S1",)), terms()),
        arrivals(8),
        st.integers(8, 12),
        st.lists(st.one_of(received(checked()), received(surveys()), acts(), acts(), cases_of_it()), max_size=3),
    )


def cases_of_it() -> st.SearchStrategy[Told]:
    return received(cases().map(lambda case: case.model_copy(update={"order": "SO1"})))


inputs = st.one_of(on_the_way, handed_over(), afterwards())


@st.composite
def ticking(draw: st.DrawFn) -> frozenset[int]:
    """The steps at which a source ticks: all but those of a spell of deafness, and the first."""
    since, spell = draw(st.integers(1, STEPS)), draw(st.sampled_from([0, 0, 1, 5, 12, STEPS]))
    return frozenset(at for at in range(STEPS + 1) if not since <= at < since + spell)


def days_of(told: st.SearchStrategy[list[Told]]) -> st.SearchStrategy[Day]:
    """Days on which that is told, each source heard but for a spell."""
    return st.builds(
        lambda told, carriers, erp: Day(told, dict(zip(SOURCES, (carriers, erp), strict=True))),
        told,
        ticking(),
        ticking(),
    )


days = days_of(inputs)
