"""After-sales cases: versions, answers and orders in any order, told once or five times, give the same answer."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.identity import key
from contracts.model import Contract
from contracts.service import ServiceCase
from contracts.snapshot import Kind, Snapshot
from tests.properties import examples
from tests.streams.way import ERP, START, Way, hours, order, service_case

ORDERS = ("", "SO1", "SO2", "SO404")
END = hours(200)
STEPS = ("responded", "solved", "verified", "closed")


class Told(NamedTuple):
    """An input and when it was received."""

    event: Contract
    received_at: datetime


def versions() -> st.SearchStrategy[ServiceCase]:
    """Versions of one case, two of them with the same time and other content now and then."""

    def version(at: float, named: str, steps: dict[str, float], reopened: set[float], withdrawn: bool) -> ServiceCase:  # noqa: FBT001
        values: dict[str, Any] = {step: hours(at_step) for step, at_step in steps.items()}
        values |= {"reopened": tuple(map(hours, sorted(reopened))), "withdrawn": withdrawn}
        return service_case(order=named, version=hours(at), **values)

    return st.builds(
        version,
        st.sampled_from([0, 10, 20, 30]),
        st.sampled_from(ORDERS),
        st.dictionaries(st.sampled_from(STEPS), st.sampled_from([1, 11, 21])),
        st.sets(st.sampled_from([9, 19]), max_size=2),
        st.sampled_from([False, False, False, True]),
    )


def answers() -> st.SearchStrategy[TaskFeedback]:
    return st.builds(
        lambda kind, episode, at: TaskFeedback(
            account=ERP,
            scope="case",
            subject="C1",
            task=key(ERP, "case", "C1", "case:C1", kind).decode(),
            since=hours(4),
            target="tickets",
            episode=episode,
            outcome=FeedbackOutcome.DONE,
            record="17",
            at=hours(at),
        ),
        st.sampled_from([Kind.RESPONSE_OVERDUE, Kind.CASE_UNMATCHED]),
        st.integers(1, 2),
        st.sampled_from([6.0, 190.0]),
    )


def inputs() -> st.SearchStrategy[list[Told]]:
    orders = st.sampled_from(["SO1", "SO2"]).map(order)
    events = st.one_of(versions(), versions(), versions(), answers(), orders)
    delays = st.sampled_from([30.5, 40.0, 195.0]).map(hours)
    return st.lists(st.builds(Told, events, delays), min_size=1, max_size=8)


def undisturbed(told: list[Told]) -> dict[tuple[str, str], Snapshot]:
    way = Way()
    for one in sorted(told, key=lambda one: one.received_at):
        way.tell(*one)
    way.hear(END)
    return way.snapshots()


@examples(20)
@given(told=inputs(), data=st.data())
def test_the_order_of_versions_and_their_repetition_leave_no_trace(told: list[Told], data: st.DataObject) -> None:
    """Nor do partitions, early ticks, and a stage that begins again from its changelog anywhere."""
    expected = undisturbed(told)
    repeated = data.draw(st.lists(st.sampled_from(told), max_size=3), label="repeated")
    later = [Told(one.event, one.received_at + timedelta(hours=1)) for one in repeated]
    shuffled = data.draw(st.permutations([*told, *later]), label="shuffled")
    interleaving = data.draw(st.randoms(use_true_random=False), label="interleaving")
    way = Way(partitions=data.draw(st.integers(1, 3), label="partitions"), choose=interleaving.randrange)
    disturbed = data.draw(st.sets(st.integers(0, len(shuffled)), max_size=3), label="disturbed after")
    for place, one in enumerate(shuffled):
        if place in disturbed:
            way.hear(START + timedelta(hours=place))
            way.replay.restart(next(stage for stage in way.stages if stage.name == "cases"))
        way.tell(*one)
    way.hear(END)
    assert way.snapshots() == expected


@examples(20)
@given(told=inputs())
def test_a_case_is_shown_by_the_order_that_its_newest_version_names_and_by_no_other(told: list[Told]) -> None:
    found = undisturbed(told)
    case = found.get(("case", "C1"))
    showing = [
        name[1] for name, snapshot in found.items() if name[0] == "order" and snapshot.view and snapshot.view.cases
    ]
    named = case.case.order if case and case.case and not case.case.withdrawn else ""
    assert showing == ([named] if named else [])


@examples(20)
@given(told=inputs())
def test_nobody_is_asked_about_a_step_that_was_done_in_the_present_round(told: list[Told]) -> None:
    """A slow and obviously right reading of the newest version, against what is found in it."""
    found = undisturbed(told)
    told_versions = [one.event for one in told if isinstance(one.event, ServiceCase)]
    if not told_versions:
        assert not any(name[0] == "case" for name in found)
        return
    shown = found["case", "C1"]
    newest = max(one.version for one in told_versions)
    candidates = [one for one in told_versions if one.version == newest]
    found_since = {one.kind: one.since for one in shown.findings if one.kind is not Kind.CASE_UNMATCHED}
    assert found_since in [overdue(one) for one in candidates]


def overdue(case: ServiceCase) -> dict[Kind, datetime]:
    began = max([case.reported, *case.reopened])
    steps = {step: at for step in STEPS if (at := getattr(case, step)) is not None and at >= began}
    if case.withdrawn or "closed" in steps:
        return {}
    due: dict[Kind, datetime] = {}
    if not steps:
        due[Kind.RESPONSE_OVERDUE] = began + timedelta(hours=4)
    if not steps.keys() & {"solved", "verified"}:
        due[Kind.RESOLUTION_OVERDUE] = began + timedelta(hours=24)
    if "solved" in steps and "verified" not in steps:
        due[Kind.VERIFICATION_OVERDUE] = steps["solved"] + timedelta(hours=48)
    return due
