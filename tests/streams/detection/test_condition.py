"""Required conditions: what counts as a breach, how it is told, who ends it; and what a gap in readings is."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from contracts.clock import INGRESS, poller_source
from contracts.condition import ConditionReading
from contracts.documents import Conditions, IssueState, OrderState, Range
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.policy import Policy
from contracts.policy.condition import ConditionBreachPolicy, ConditionGapPolicy
from contracts.snapshot import Finding, Kind, Role, Severity, SubjectType, Task, task_key
from contracts.tracking import TrackingStatus
from tests.streams.way import ERP, Way, hours, issue, measured, order, proof, report

COLD = Conditions(temperature=Range(low=Decimal(2), high=Decimal(8)))
DRY = Conditions(humidity=Range(high=Decimal(60)))
TOLERANT = Policy(pollers=(ERP,), condition_gap=ConditionGapPolicy(enabled=False))
"""Readings of a few minutes are enough to tell of a breach."""


def at(minutes: float) -> datetime:
    """So many minutes after the despatch, which is an hour after the start."""
    return hours(1 + minutes / 60)


def warm(*celsius: float, since: float = 0, every: float = 10, logger: str = "L1") -> ConditionReading:
    """Readings one after another."""
    return measured(*[(at(since + place * every), value) for place, value in enumerate(celsius)], logger=logger)


def despatched(policy: Policy = TOLERANT, conditions: Conditions | None = COLD) -> Way:
    way = Way(policy)
    way.tell(order(), hours(0))
    way.tell(issue(at=hours(1), conditions=conditions), hours(1))
    return way


def played(*told: ConditionReading, policy: Policy = TOLERANT, until: float = 600) -> Way:
    """All readings, told when the last of each was taken."""
    way = despatched(policy)
    for readings in told:
        way.tell(readings, readings.readings[-1].at)
    way.hear(at(until))
    return way


def found(way: Way, kind: Kind = Kind.CONDITION_BREACH) -> list[Finding]:
    return [finding for finding in way.findings() if finding.kind is kind]


def asked(way: Way, kind: Kind = Kind.CONDITION_BREACH) -> list[Task]:
    return [task for task in way.tasks() if task.kind is kind]


def answer(finding: Finding, minutes: float, reason: str = "released by quality", episode: int = 1) -> TaskFeedback:
    return TaskFeedback(
        account=ERP,
        scope="order",
        subject="SO1",
        task=task_key(ERP, "order", "SO1", finding),
        since=finding.since,
        target="tickets",
        episode=episode,
        outcome=FeedbackOutcome.DONE,
        record="17",
        at=at(minutes),
        reason=reason,
    )


def test_a_breach_tells_since_when_how_far_how_long_and_what_is_required() -> None:
    way = played(warm(5, 9.5, 11.25, 7, 5))
    [breach] = found(way)
    assert (breach.subject_type, breach.subject, breach.since) == (SubjectType.PARCEL, "YT1", at(10))
    assert breach.severity is Severity.MAJOR
    assert breach.details["temperature"] == "11.25 °C"
    assert breach.details["temperature_outside"] == "20 min"
    assert breach.details["temperature_required"] == "2 … 8 °C"
    assert breach.details["loggers"] == "L1 (loggers/coldchain)"
    assert not {"still_outside", "resolution", "humidity"} & breach.details.keys()
    [task] = asked(way)
    assert (task.role, task.due_at) == (Role.QUALITY, at(10) + timedelta(hours=4))
    assert "11.25 °C" in task.texts["en"].body
    assert "11.25 °C" in task.texts["zh-CN"].body


@pytest.mark.parametrize("celsius", [2, 5, 8])
def test_readings_inside_and_at_the_ends_of_the_range_are_no_breach(celsius: float) -> None:
    assert found(played(warm(celsius, celsius, celsius))) == []


def test_too_cold_is_as_bad_as_too_warm_and_the_farther_of_the_two_is_told() -> None:
    [breach] = found(played(warm(9, 9, 5, -3, -3, 5)))
    assert breach.details["temperature"] == "-3 °C"


def test_that_readings_are_inside_again_does_not_end_a_breach() -> None:
    way = played(warm(5, 9, 9, 5))
    way.tell(warm(*[5] * 60, since=40), at(700))
    way.hear(at(700))
    assert [breach.since for breach in found(way)] == [at(10)]
    assert len(asked(way)) == 1


def test_an_opened_door_is_no_breach_and_ten_minutes_are() -> None:
    assert found(played(warm(5, 9, 5, 5, every=9))) == []
    assert len(found(played(warm(5, 9, 5, 5, every=10)))) == 1


def test_how_short_is_too_short_is_policy() -> None:
    settings = ConditionBreachPolicy(outside=timedelta(minutes=30))
    policy = TOLERANT.model_copy(update={"condition_breach": settings})
    assert found(played(warm(5, 9, 9, 5), policy=policy)) == []
    assert len(found(played(warm(5, 9, 9, 9, 5), policy=policy))) == 1


def test_while_it_is_outside_a_breach_opens_when_it_has_lasted_long_enough_and_not_before() -> None:
    way = despatched()
    way.tell(warm(5, 9), at(11))
    way.hear(at(19))
    assert found(way) == []
    way.hear(at(20))
    [breach] = found(way)
    assert (breach.since, breach.details["still_outside"]) == (at(10), "2026-03-02 09:10")


def test_the_grace_of_a_breach_is_waited_for_too() -> None:
    settings = ConditionBreachPolicy(grace=timedelta(minutes=30))
    way = despatched(TOLERANT.model_copy(update={"condition_breach": settings}))
    way.tell(warm(5, 9), at(11))
    way.hear(at(49))
    assert found(way) == []
    way.hear(at(50))
    assert [breach.since for breach in found(way)] == [at(10)]


def test_the_last_reading_outside_is_the_newest_of_all_loggers() -> None:
    [breach] = found(played(warm(9, 9), warm(9, 9, 9, logger="L2")))
    assert breach.details["still_outside"] == "2026-03-02 09:20"


def test_what_was_measured_at_the_delivery_still_counts() -> None:
    way = despatched()
    way.tell(warm(5, 9, 9, 9), at(40))
    way.tell(proof(at(30)), at(40))
    way.hear(at(60))
    [breach] = found(way)
    assert breach.details["still_outside"] == "2026-03-02 09:30"


def test_a_deaf_house_does_not_judge_what_later_readings_may_correct() -> None:
    way = despatched()
    way.tell(warm(5, 9), at(11))
    way.hear(at(12))
    way.hear(at(60), [poller_source(ERP)])
    assert found(way) == []
    way.tell(warm(5, since=15), at(60))
    way.hear(at(61), [INGRESS, poller_source(ERP)])
    assert found(way) == []


def test_a_late_upload_corrects_how_long_it_was() -> None:
    way = played(warm(5, 9), until=60)
    assert len(found(way)) == 1
    way.tell(warm(5, since=12), at(61))
    way.hear(at(61))
    assert found(way) == []


def test_what_happened_in_a_gap_nobody_knows() -> None:
    """Nine hours without a reading do not make nine hours outside: a reading speaks for two at most."""
    [breach] = found(played(warm(9, since=0), warm(5, since=540)))
    assert breach.details["temperature_outside"] == "2 h"


@pytest.mark.parametrize(
    ("celsius", "severity"), [(13, Severity.MAJOR), (13.5, Severity.GRAVE), (-3.5, Severity.GRAVE)]
)
def test_how_far_outside_makes_it_grave(celsius: float, severity: Severity) -> None:
    way = played(warm(5, celsius, celsius, 5))
    assert [breach.severity for breach in found(way)] == [severity]
    assert [task.severity for task in asked(way)] == [severity]


def test_humidity_is_judged_as_temperature_is() -> None:
    way = despatched(conditions=DRY)
    way.tell(measured((at(0), 30), (at(20), 30), humidity=71), at(20))
    way.hear(at(60))
    [breach] = found(way)
    assert (breach.details["humidity"], breach.details["humidity_required"]) == ("71 %", "≤ 60 %")
    assert "temperature" not in breach.details


def test_several_loggers_are_one_breach_as_the_one_saw_it_that_saw_the_most() -> None:
    [breach] = found(played(warm(9, 9, 5), warm(5, 9, 9, 9.5, 5, logger="L2")))
    assert (breach.since, breach.details["temperature"]) == (at(0), "9.5 °C")
    assert breach.details["temperature_outside"] == "30 min"
    assert breach.details["loggers"] == "L1 (loggers/coldchain), L2 (loggers/coldchain)"


def test_of_several_goods_issues_in_a_parcel_the_strictest_requirement_counts() -> None:
    way = despatched(conditions=Conditions(temperature=Range(low=Decimal(0), high=Decimal(25))))
    way.tell(warm(12, 12, 12), at(20))
    way.hear(at(60))
    assert found(way) == []
    way.tell(issue("GI2", at=hours(1), conditions=COLD), at(61))
    way.hear(at(62))
    assert [breach.details["temperature_required"] for breach in found(way)] == ["2 … 8 °C"]
    way.tell(issue("GI2", at=hours(1), conditions=COLD, state=IssueState.CANCELLED, version=hours(3)), hours(3))
    way.hear(hours(3))
    assert found(way) == []


def test_goods_that_need_nothing_are_not_watched() -> None:
    way = despatched(conditions=None)
    way.tell(warm(40, 40, 40), at(20))
    way.hear(at(600))
    assert found(way) == found(way, Kind.CONDITION_GAP) == []


def test_what_a_logger_measures_after_the_delivery_is_none_of_our_goods() -> None:
    way = despatched()
    way.tell(warm(5, 5, 22, 22, 22), at(60))
    way.tell(proof(at(15)), at(60))
    way.hear(at(120))
    assert found(way) == []


def test_readings_of_another_life_of_the_number_count_for_nothing() -> None:
    way = despatched()
    way.tell(measured(*[(hours(-24 * 70) + timedelta(minutes=10 * place), 30) for place in range(6)]), at(60))
    way.hear(at(120))
    assert found(way) == []


def test_goods_in_storage_are_the_orders_own() -> None:
    way = Way(TOLERANT)
    way.tell(order(), hours(0))
    way.tell(issue(state=IssueState.PLANNED, at=hours(30), conditions=COLD), hours(0))
    way.tell(measured((hours(1), 12), (hours(2), 5), order="SO1"), hours(2))
    way.hear(hours(3))
    [breach] = found(way)
    assert (breach.subject_type, breach.subject, breach.since) == (SubjectType.ORDER, "SO1", hours(1))
    assert "parcel" not in breach.details


def test_qualitys_answer_with_a_reason_ends_the_asking_and_one_without_does_not() -> None:
    way = played(warm(5, 9, 9, 5), until=60)
    [breach] = found(way)
    way.tell(answer(breach, 61, reason=""), at(61))
    way.hear(at(62))
    assert len(asked(way)) == 1
    way.tell(answer(breach, 63, episode=2), at(63))
    way.hear(at(60 * 24 * 9))
    assert asked(way) == []
    assert [(one.since, one.answer and one.answer.reason) for one in found(way)] == [(at(10), "released by quality")]


def test_what_comes_to_light_after_the_answer_is_asked_anew_though_it_happened_before() -> None:
    way = played(warm(5, 9, 9, 5), until=60)
    [breach] = found(way)
    way.tell(answer(breach, 100), at(100))
    way.tell(warm(10, 10, 5, since=60), at(130))
    way.hear(at(131))
    [again] = found(way)
    assert (again.since, again.details["temperature"], again.details["temperature_outside"]) == (
        at(60),
        "10 °C",
        "20 min",
    )
    [task] = asked(way)
    assert task.since == at(60)
    way.tell(answer(again, 140, episode=2), at(140))
    way.hear(at(60 * 24 * 9))
    assert asked(way) == []


def test_merged_readings_say_how_exact_they_are() -> None:
    way = despatched()
    many = [(at(place), 9.0 if place in range(600, 700) else 5.0) for place in range(60 * 26)]
    for first in range(0, len(many), 390):
        way.tell(measured(*many[first : first + 390]), hours(48))
    way.hear(hours(49))
    [breach] = found(way)
    assert breach.details["resolution"] == "5 min"
    assert abs(breach.since - at(600)) <= timedelta(minutes=5)
    assert breach.details["temperature_outside"] == "1 h 40 min"


WATCHFUL = Policy(pollers=(ERP,))


def gaps(way: Way) -> list[Finding]:
    return found(way, Kind.CONDITION_GAP)


def test_no_reading_for_longer_than_usual_is_told_after_the_grace_for_an_upload() -> None:
    way = played(warm(5, 5, 5), policy=WATCHFUL, until=199)
    assert gaps(way) == []
    way.hear(at(200))
    [gap] = gaps(way)
    assert (gap.subject, gap.since, gap.severity) == ("YT1", at(200), Severity.ORDINARY)
    assert gap.details["gaps"] == "2026-03-02 09:20 – …"
    assert found(way) == []
    [task] = asked(way, Kind.CONDITION_GAP)
    assert (task.role, task.due_at) == (Role.QUALITY, at(200) + timedelta(hours=24))


def test_a_later_upload_fills_the_gap() -> None:
    way = played(warm(5, 5, 5), policy=WATCHFUL, until=300)
    way.tell(warm(*[5] * 28, since=30), at(301))
    way.hear(at(302))
    assert gaps(way) == []


def test_a_gap_between_readings_stays_until_it_is_filled_or_explained() -> None:
    way = played(warm(5, 5), warm(*[5] * 3, since=240), policy=WATCHFUL, until=300)
    [gap] = gaps(way)
    assert gap.details["gaps"] == "2026-03-02 09:10 – 2026-03-02 13:00"
    way.tell(answer(gap, 301, reason="the logger's battery froze"), at(301))
    way.tell(proof(at(310)), at(311))
    way.hear(at(60 * 24 * 3))
    assert asked(way, Kind.CONDITION_GAP) == []
    assert len(gaps(way)) == 1


def test_a_gap_after_the_explained_one_is_asked_anew() -> None:
    way = played(warm(5, 5), warm(5, since=240), policy=WATCHFUL, until=250)
    [gap] = gaps(way)
    way.tell(answer(gap, 251), at(251))
    way.hear(at(419))
    assert asked(way, Kind.CONDITION_GAP) == []
    way.hear(at(420))
    assert [task.since for task in asked(way, Kind.CONDITION_GAP)] == [at(420)]
    assert [one.details["gaps"] for one in gaps(way)] == ["2026-03-02 13:00 – …"]


def test_a_deaf_house_misses_no_readings() -> None:
    way = played(warm(5, 5, 5), policy=WATCHFUL, until=30)
    way.hear(at(600), [poller_source(ERP)])
    assert gaps(way) == []


def test_readings_are_missed_from_the_despatch_until_the_delivery() -> None:
    early = played(warm(5, since=150), policy=WATCHFUL, until=180)
    assert [gap.details["gaps"] for gap in gaps(early)] == ["2026-03-02 09:00 – 2026-03-02 11:30"]
    way = played(warm(5, 5), policy=WATCHFUL, until=20)
    way.tell(report("YT1", (at(5), TrackingStatus.PICKED_UP), (at(60), TrackingStatus.DELIVERED)), at(61))
    way.hear(at(60 * 48))
    assert gaps(way) == []


def test_a_second_logger_that_goes_on_leaves_no_gap() -> None:
    assert gaps(played(warm(5, 5), warm(*[5] * 40, logger="L2"), policy=WATCHFUL, until=400)) == []


def test_goods_without_a_logger_are_missed_only_where_one_is_expected() -> None:
    assert gaps(played(policy=WATCHFUL)) == []
    expecting = WATCHFUL.model_copy(update={"condition_gap": ConditionGapPolicy(expected=True)})
    assert [gap.since for gap in gaps(played(policy=expecting))] == [at(180)]


def test_an_order_that_was_cancelled_misses_no_readings() -> None:
    way = played(warm(5, 5), policy=WATCHFUL)
    assert len(gaps(way)) == 1
    way.tell(order(state=OrderState.CANCELLED, version=at(601)), at(601))
    way.hear(at(602))
    assert gaps(way) == []


def test_storage_ends_when_all_has_left() -> None:
    def stored(readings: Iterable[float]) -> Way:
        way = Way(WATCHFUL)
        way.tell(order(), hours(0))
        way.tell(issue(at=hours(9), version=hours(9), conditions=COLD, numbers=()), hours(9))
        way.tell(measured(*[(hours(hour), 5) for hour in readings], order="SO1"), hours(10))
        way.hear(hours(30))
        return way

    assert gaps(stored([1, 3, 5, 7, 9])) == []
    assert [gap.subject for gap in gaps(stored([1, 3, 6, 9]))] == ["SO1"]


def test_more_gaps_than_are_named_are_counted() -> None:
    way = played(*[warm(5, since=since) for since in range(0, 1400, 200)], policy=WATCHFUL, until=1300)
    [gap] = gaps(way)
    assert gap.details["gaps"].count("–") == 5
    assert gap.details["more_gaps"] == "1"
    [gap] = gaps(played(*[warm(5, since=since) for since in range(0, 1200, 200)], policy=WATCHFUL, until=1100))
    assert gap.details["gaps"].count("–") == 5
    assert not gap.details.get("more_gaps")


def test_the_snapshot_shows_what_was_measured_beside_what_is_required() -> None:
    way = played(warm(5, 7.5, 3), warm(5, 9.5, logger="L2"))
    view = way.order().view
    assert view is not None
    [shown] = view.conditions
    assert (shown.parcel, shown.quantity, shown.since, shown.until) == ("YT1", "temperature", at(0), at(20))
    assert (shown.lowest, shown.highest) == (Decimal(3), Decimal("9.5"))
    assert (shown.required_low, shown.required_high) == (Decimal(2), Decimal(8))


def test_a_breach_is_asked_about_again_only_once_its_source_is_heard() -> None:
    """What an excursion that is still open rests on stands with the instant of the next look."""
    way = despatched()
    way.tell(warm(5, 9), at(11))
    way.hear(at(12))
    way.hear(at(600), [poller_source(ERP)])
    assert found(way) == []
    way.hear(at(601))
    assert len(found(way)) == 1
