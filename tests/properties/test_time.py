"""At every instant the answer is that of a fold from scratch, and nobody is accused by silence that was not heard.

The oracle is the pure fold of the facts that the stages hold, at the time and the hearing of that instant. The stages
fold again only when a fact or an armed deadline tells them to; where they differ, a deadline was not armed, or rests
on the wrong source.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts.clock import INGRESS, Clock, poller_source
from contracts.identity import parts
from contracts.model import read
from contracts.policy import Policy
from contracts.snapshot import Finding, Kind, Snapshot
from streams.delivery import facts
from streams.delivery.after import after_of
from streams.delivery.closing import rests_on as closing_rests_on
from streams.delivery.fold import fold
from streams.delivery.stub import Stub
from streams.engine.keyrecord import MARKS_KEY, read_key
from streams.stages import known_case, known_parcel, resolve
from streams.stages.cases import fold_case
from streams.stages.orphan import orphan
from tests.properties import examples
from tests.properties.answering import Answering, Desk, answerings
from tests.properties.days import SOURCES, Day, days, days_of, finished
from tests.properties.spans import CLOSING, POLICY
from tests.properties.steps import STEPS, step
from tests.streams.way import ERP, Way


def pass_to(way: Way, day: Day, at: int) -> None:
    """Tell what is received at a step, then let those tick that do."""
    for one in day.told:
        if one.received == at:
            way.tell(one.event, step(at))
    way.hear(step(at), [source for source in SOURCES if at in day.ticks[source]])


def from_scratch(way: Way, clock: Clock, policy: Policy) -> dict[tuple[str, str], Snapshot]:
    """Fold the facts that the stages hold, as if nothing had ever been written."""
    found: dict[tuple[str, str], Snapshot] = {}
    for key, stored in way.replay.changelog("deliver").items():
        state = None if key == MARKS_KEY else read_key(stored).state
        if state is not None:
            snapshot = _of_order(facts.FORMAT.read(state), clock, policy)
            found[snapshot.scope, snapshot.subject] = snapshot
    for key, stored in way.replay.changelog("resolve").items():
        state = None if key == MARKS_KEY else read_key(stored).state
        if state is not None:
            parcel = known_parcel.FORMAT.read(state)
            alone = orphan(replace(resolve.reported(parcel), told=()), clock, policy)
            for output in alone.outputs:
                found["parcel", parts(output.key)[2]] = read(Snapshot, output.data)
    for key, stored in way.replay.changelog("cases").items():
        state = None if key == MARKS_KEY else read_key(stored).state
        known = known_case.FORMAT.read(state) if state is not None else None
        case = known.case() if known is not None else None
        if known is not None and case is not None:
            found["case", case.case] = fold_case(known, case, clock, policy)[0]
    return {name: snapshot for name, snapshot in found.items() if _says_something(snapshot)}


def _of_order(state: facts.Delivery | Stub, clock: Clock, policy: Policy) -> Snapshot:
    """Fold what is known of an order. One that could have been closed by now must have been."""
    if isinstance(state, Stub):
        return after_of(state, clock, policy)[0]
    folded = fold(state, clock, policy)
    closes_at = folded.closes_at
    is_open = closes_at is None or min(clock.now, clock.heard_all(closing_rests_on(folded.case))) < closes_at
    assert is_open, f"{state.order} is open, and was to be closed at {closes_at}"
    return folded.snapshot


def said(way: Way) -> dict[tuple[str, str], Snapshot]:
    """The newest snapshots; a closed order's last one tells what was."""
    found = way.snapshots()
    for snapshot in found.values():
        assert snapshot.closed_at is None or snapshot.wanted.is_nothing
    return {name: one for name, one in found.items() if one.closed_at is None and _says_something(one)}


def _says_something(snapshot: Snapshot) -> bool:
    """Of a parcel, and of an order that is closed, only while there is something to say."""
    is_silent = not snapshot.findings and (snapshot.scope == "parcel" or snapshot.view is None)
    return not is_silent or snapshot.scope in {"order", "case"}


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
    *(Kind.VISIT_DUE, Kind.SURVEY_DUE, Kind.TRAINING_DUE, Kind.WARRANTY_EXPIRING),
    *(Kind.DOCUMENTS_MISSING, Kind.PACKAGE_MISMATCH, Kind.SEAL_MISMATCH),
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


def judged_at_every_step(day: Day, answering: list[Answering], policy: Policy) -> Way:
    """Walk through a day, and hold each step's answer against the oracle's."""
    way, desk = Way(policy), Desk()
    for at in range(STEPS + 1):
        for one in answering:
            for answer in desk.answers(one) if one.at == at else ():
                way.tell(answer, step(at))
        pass_to(way, day, at)
        now = said(way)
        assert now == from_scratch(way, day.clock(at), policy), f"at {step(at)}"
        desk.look(now)
    return way


@examples(30)
@given(day=days, answering=answerings)
def test_at_every_instant_the_answer_is_that_of_a_fold_from_scratch(day: Day, answering: list[Answering]) -> None:
    """Every instant at which the answer changes by itself is armed, and rests on what the answer rests on."""
    judged_at_every_step(day, answering, POLICY)


@examples(8)
@given(day=days_of(finished()), answering=answerings)
def test_at_every_instant_what_is_told_of_a_closed_order_is_that_too(day: Day, answering: list[Answering]) -> None:
    """And it is closed at its very instant: follow-ups, scores, cases and what came too late are told after that."""
    judged_at_every_step(day, answering, CLOSING)


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
