"""The fate of an event at a stage follows from what the stage keeps of its key, without a broker."""

import msgspec
import pytest

from contracts.envelope import Event
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.topics import CASES, DELIVERIES, DOCUMENTS, TRACKING, Topic
from contracts.tracking import TrackingStatus
from streams.engine.keyrecord import Rest, Waiting, read_key
from streams.tracing.fate import fate_at, together
from streams.tracing.outcome import Fate, Outcome
from streams.tracing.trace import STAGE_OF
from tests.streams.way import START, Way, hours, issue, measured, order, proof, report, service_case

PICKED_UP = (hours(2), TrackingStatus.PICKED_UP)
IN_TRANSIT = (hours(8), TrackingStatus.IN_TRANSIT)


@pytest.fixture
def way() -> Way:
    return Way()


def fates(way: Way, topic: Topic, *, is_read: bool = True) -> list[Fate]:
    """The fates of all events of a topic, in their order: a report stands before the link told with it."""
    kept = way.replay.changelog(STAGE_OF[topic.name])
    found = []
    for event in events_of(way, topic):
        state = read_key(kept[event.key]) if event.key in kept else None
        found.append(fate_at(STAGE_OF[topic.name], event, state, is_read=is_read))
    return found


def events_of(way: Way, topic: Topic) -> list[Event]:
    """The events of a topic; its ticks are none."""
    return [
        Event(record.key, record.value, record.origin, record.headers)
        for record in way.replay.written(topic)
        if record.key is not None and record.value is not None
    ]


def outcomes(way: Way, topic: Topic) -> list[Outcome]:
    return [fate.outcome for fate in fates(way, topic)]


def test_of_two_versions_the_older_is_superseded_at_each_stage(way: Way) -> None:
    way.tell(order(), START)
    way.tell(order(ordered=12, version=hours(1)), hours(1))
    way.hear(hours(2))
    assert outcomes(way, DOCUMENTS) == outcomes(way, DELIVERIES) == [Outcome.SUPERSEDED, Outcome.APPLIED]


def test_of_two_versions_of_a_case_the_older_is_superseded_there_and_at_its_order(way: Way) -> None:
    way.tell(service_case(), START)
    way.tell(service_case(version=hours(1), responded=hours(1)), hours(1))
    way.hear(hours(2))
    assert outcomes(way, CASES) == outcomes(way, DELIVERIES) == [Outcome.SUPERSEDED, Outcome.APPLIED]


def test_what_was_told_of_dropped_lines_is_superseded_when_they_are_named_again(way: Way) -> None:
    for version, orders in ((1, ["SO1", "SO2"]), (20, ["SO2"]), (22, ["SO1", "SO2"])):
        way.tell(issue("GI2", dict.fromkeys(orders, 2), numbers=(), version=hours(version)), hours(version))
    way.hear(hours(23))
    drops = [
        fate.outcome
        for fate, record in zip(fates(way, DELIVERIES), events_of(way, DELIVERIES), strict=True)
        if record.type == "quayside.document.dropped.v1"
    ]
    assert drops == [Outcome.SUPERSEDED, Outcome.APPLIED]


def test_a_report_waits_until_a_document_names_its_parcel(way: Way) -> None:
    way.tell(report("YT1", PICKED_UP), hours(3))
    way.hear(hours(3))
    assert fates(way, TRACKING) == [Fate(Outcome.WAITING, "no document names this parcel yet")]
    way.tell(issue(), hours(4))
    way.hear(hours(4))
    assert outcomes(way, TRACKING) == [Outcome.APPLIED, Outcome.APPLIED]


def test_a_report_told_again_is_a_duplicate_and_one_that_is_outgrown_superseded(way: Way) -> None:
    way.tell(issue(), hours(1))
    way.tell(report("YT1", PICKED_UP), hours(3))
    way.tell(report("YT1", PICKED_UP), hours(4))
    way.hear(hours(5))
    assert outcomes(way, TRACKING) == [Outcome.APPLIED, Outcome.DUPLICATE, Outcome.APPLIED]
    way.tell(report("YT1", PICKED_UP, IN_TRANSIT), hours(9))
    way.hear(hours(9))
    assert outcomes(way, TRACKING) == [Outcome.SUPERSEDED, Outcome.SUPERSEDED, Outcome.APPLIED, Outcome.APPLIED]


def test_readings_and_proofs_wait_for_a_document_and_a_proof_is_superseded_by_its_newer_version(way: Way) -> None:
    way.tell(measured((hours(3), 5.0)), hours(3))
    way.tell(proof(hours(4)), hours(4))
    way.hear(hours(4))
    assert outcomes(way, TRACKING) == [Outcome.WAITING, Outcome.WAITING]
    way.tell(proof(hours(4)), hours(5))
    way.tell(issue(), hours(5))
    way.hear(hours(5))
    assert outcomes(way, TRACKING) == [Outcome.APPLIED, Outcome.APPLIED, Outcome.DUPLICATE, Outcome.APPLIED]
    way.tell(proof(hours(3), version=hours(6)), hours(6))
    way.hear(hours(6))
    assert outcomes(way, TRACKING)[1:3] == [Outcome.SUPERSEDED, Outcome.SUPERSEDED]
    way.hear(hours(24 * 91))
    assert (
        fates(way, TRACKING)[0]
        == fates(way, TRACKING)[1]
        == Fate(Outcome.APPLIED, "its facts were dropped since, by age")
    )


def test_of_two_versions_of_a_proof_that_names_the_order_the_newer_counts_there(way: Way) -> None:
    way.tell(proof(hours(4), order="SO1"), hours(4))
    way.tell(proof(hours(5), order="SO1"), hours(5))
    way.hear(hours(5))
    assert outcomes(way, DELIVERIES) == [Outcome.SUPERSEDED, Outcome.APPLIED]


def test_what_is_not_read_waits_and_what_is_read_and_leaves_nothing_was_applied(way: Way) -> None:
    """Feedback on a parcel that is forgotten leaves no state, and does not wait for ever."""
    feedback = TaskFeedback(
        account="express",
        scope="parcel",
        subject="YT404",
        task="t",
        since=START,
        target="tickets",
        episode=1,
        outcome=FeedbackOutcome.DONE,
        record="17",
        at=hours(1),
    )
    way.tell(feedback, hours(1))
    way.hear(hours(2))
    assert outcomes(way, TRACKING) == [Outcome.APPLIED]
    assert fates(way, TRACKING, is_read=False) == [Fate(Outcome.WAITING, "resolve has not read it yet")]


def test_an_event_whose_key_rests_waits_and_one_from_before_does_not(way: Way) -> None:
    way.tell(order(), START)
    way.tell(order(ordered=12, version=hours(1)), hours(1))
    way.hear(hours(2))
    first, second = (
        Event(record.key or b"", record.value or b"", record.origin, record.headers)
        for record in way.replay.written(DELIVERIES)
        if record.key is not None
    )
    kept = read_key(way.replay.changelog("deliver")[second.key])
    waiting = Waiting(*second.place, second.data, tuple(second.headers))
    rest = Rest(0, "ValueError in streams.delivery.fold, line 7", (waiting,))
    kept = msgspec.structs.replace(kept, rest=rest)
    assert fate_at("deliver", second, kept, is_read=True) == Fate(Outcome.WAITING, f"its key rests: {rest.error}")
    assert fate_at("deliver", first, kept, is_read=True).outcome is Outcome.SUPERSEDED


def test_the_gravest_fate_of_what_came_of_an_input_is_the_inputs() -> None:
    told = [("quayside.document.slice.v1", Fate(outcome)) for outcome in Outcome]
    for gravest in range(len(told)):
        assert together(reversed(told[gravest:])) == told[gravest][1]
    assert together([]).outcome is Outcome.APPLIED


def test_an_input_is_superseded_though_a_stage_answered_it() -> None:
    """The lane of an order's first version is asked, and its answer counts: the version itself counts no longer."""
    slice_of_it = ("quayside.document.slice.v1", Fate(Outcome.SUPERSEDED, "a newer version counts"))
    for answer in ("quayside.lane.estimated.v1", "quayside.parcel.facts.v1", "quayside.parcel.claim.v1"):
        assert together([slice_of_it, (answer, Fate(Outcome.APPLIED))]) == slice_of_it[1]
        assert together([slice_of_it, (answer, Fate(Outcome.WAITING))]) == Fate(Outcome.WAITING)
        assert together([(answer, Fate(Outcome.APPLIED))]) == Fate(Outcome.APPLIED)


def test_an_issue_whose_tracking_number_was_corrected_is_superseded_though_its_parcels_facts_stay(
    way: Way,
) -> None:
    way.tell(issue(), hours(1))
    way.tell(report("YT1", PICKED_UP), hours(3))
    way.tell(issue(version=hours(4), numbers=("YT2",)), hours(4))
    way.hear(hours(5))
    first = events_of(way, DOCUMENTS)[0].envelope.origin
    came = [
        (event.type, fate)
        for topic in (DOCUMENTS, TRACKING, DELIVERIES)
        for event, fate in zip(events_of(way, topic), fates(way, topic), strict=True)
        if event.envelope.origin == first
    ]
    assert ("quayside.parcel.claim.v1", Fate(Outcome.APPLIED)) in came
    assert together(came).outcome is Outcome.SUPERSEDED
