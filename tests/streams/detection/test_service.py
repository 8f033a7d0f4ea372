"""Cases are answered, solved and verified in time, by severity, or somebody is called; low scores are heard."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from contracts.documents import Party
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.identity import key
from contracts.policy import Policy
from contracts.service import CaseSeverity, Survey
from contracts.snapshot import Finding, Kind, Role, Severity, Task
from streams.detection.service import SERVICE
from tests.streams.way import ERP, START, Way, hours, order, service_case

FAMILY = {kind.kind for kind in SERVICE}


@pytest.fixture
def way() -> Way:
    told = Way()
    told.tell(order(), START)
    return told


def found(way: Way, *kinds: Kind) -> list[Finding]:
    """The findings of these kinds, or of the family."""
    return [finding for finding in way.findings() if finding.kind in (kinds or FAMILY)]


def task(way: Way, kind: Kind) -> Task:
    [one] = [wanted for wanted in way.tasks() if wanted.kind is kind]
    return one


def survey(number: str, score: int, *, at: datetime = START, version: datetime | None = None) -> Survey:
    return Survey(account=ERP, order="SO1", id=number, version=version or at, score=Decimal(score), answered=at)


def closed(kind: Kind, scope: str, subject: str, about: str, since: datetime, at: datetime) -> TaskFeedback:
    return TaskFeedback.model_validate(
        {
            "account": ERP,
            "scope": scope,
            "subject": subject,
            "task": key(ERP, scope, subject, about, kind).decode(),
            "since": since,
            "target": "tickets",
            "episode": 1,
            "outcome": FeedbackOutcome.DONE,
            "record": "17",
            "at": at,
        }
    )


@pytest.mark.parametrize(
    ("kind", "severity", "after"),
    [
        (Kind.RESPONSE_OVERDUE, Severity.GRAVE, 4),
        (Kind.RESPONSE_OVERDUE, Severity.MAJOR, 24),
        (Kind.RESPONSE_OVERDUE, Severity.ORDINARY, 24),
        (Kind.RESPONSE_OVERDUE, None, 24),
        (Kind.RESOLUTION_OVERDUE, Severity.GRAVE, 24),
        (Kind.RESOLUTION_OVERDUE, Severity.MAJOR, 48),
        (Kind.RESOLUTION_OVERDUE, Severity.ORDINARY, 48),
    ],
)
def test_a_step_that_is_not_done_calls_after_sales_when_its_time_by_severity_is_over(
    way: Way, kind: Kind, severity: CaseSeverity | None, after: int
) -> None:
    way.tell(service_case(severity=severity), START)
    way.hear(hours(after) - timedelta(minutes=1))
    assert not found(way, kind)
    way.hear(hours(after))
    [finding] = found(way, kind)
    assert (finding.subject, finding.since) == ("C1", hours(after))
    assert finding.severity is (severity or Severity.MAJOR)
    assert (task(way, kind).role, task(way, kind).severity) == (Role.AFTER_SALES, severity or Severity.MAJOR)


@pytest.mark.parametrize(
    ("kind", "steps"),
    [
        (Kind.RESPONSE_OVERDUE, ("responded", "solved", "verified", "closed")),
        (Kind.RESOLUTION_OVERDUE, ("solved", "verified", "closed")),
        (Kind.VERIFICATION_OVERDUE, ("verified", "closed")),
    ],
)
def test_a_step_clears_by_itself_and_by_each_later_one(kind: Kind, steps: tuple[str, ...]) -> None:
    for step in steps:
        way = Way()
        before: dict[str, Any] = {"solved": START} if kind is Kind.VERIFICATION_OVERDUE else {}
        way.tell(service_case(**before), START)
        way.hear(hours(100))
        assert found(way, kind)
        after: dict[str, Any] = {**before, step: hours(100)}
        way.tell(service_case(version=hours(100), **after), hours(100))
        way.hear(hours(101))
        assert not found(way, kind), step


def test_an_answer_does_not_solve_a_case(way: Way) -> None:
    way.tell(service_case(responded=hours(1)), START)
    way.hear(hours(24))
    assert found(way, Kind.RESOLUTION_OVERDUE)


@pytest.mark.parametrize(("severity", "after"), [(Severity.GRAVE, 48), (Severity.MAJOR, 72), (Severity.ORDINARY, 72)])
def test_a_solution_is_to_be_verified_in_time_from_it_on(way: Way, severity: CaseSeverity, after: int) -> None:
    way.tell(service_case(severity=severity, responded=hours(1), solved=hours(10)), START)
    way.hear(hours(10 + after) - timedelta(minutes=1))
    assert not found(way, Kind.VERIFICATION_OVERDUE)
    way.hear(hours(10 + after))
    [finding] = found(way, Kind.VERIFICATION_OVERDUE)
    assert (finding.since, finding.details["solved"]) == (hours(10 + after), "2026-03-02 10:00 UTC")


FRIDAY = hours(24 * 4 + 18)


@pytest.mark.parametrize(
    ("severity", "opens"),
    [(Severity.GRAVE, FRIDAY + timedelta(hours=4)), (Severity.MAJOR, FRIDAY + timedelta(days=3))],
)
def test_a_day_to_answer_is_a_working_day_but_a_grave_case_waits_for_none(
    way: Way, severity: CaseSeverity, opens: datetime
) -> None:
    way.tell(service_case(severity=severity, reported=FRIDAY, version=FRIDAY), FRIDAY)
    way.hear(opens - timedelta(minutes=1))
    assert not found(way)
    way.hear(opens)
    assert [finding.since for finding in found(way, Kind.RESPONSE_OVERDUE)] == [opens]


def test_a_ladder_climbs_on_working_days_too(way: Way) -> None:
    thursday, friday = hours(24 * 3 + 6), hours(24 * 4 + 6)
    way.tell(service_case(severity=Severity.ORDINARY, reported=thursday), thursday)
    way.hear(friday + timedelta(days=3) - timedelta(minutes=1))
    assert task(way, Kind.RESPONSE_OVERDUE).role is Role.AFTER_SALES
    way.hear(friday + timedelta(days=3))
    assert task(way, Kind.RESPONSE_OVERDUE).role is Role.SALES


def test_a_holiday_of_the_named_calendar_does_not_count() -> None:
    calendar = {"country": "CN", "zone": "Asia/Shanghai", "extra_holidays": ["2026-03-03"]}
    way = Way(Policy.model_validate({"calendar": "desk", "calendars": {"desk": calendar}}))
    way.tell(service_case(severity=Severity.ORDINARY, order=""), START)
    way.hear(hours(200))
    assert [finding.since for finding in found(way, Kind.RESPONSE_OVERDUE)] == [hours(48)]
    assert "by 2026-03-04 08:00 Asia/Shanghai" in task(way, Kind.RESPONSE_OVERDUE).texts["en"].body


@pytest.mark.parametrize(
    ("severity", "ladder"),
    [
        (Severity.GRAVE, {0: Role.AFTER_SALES, 2: Role.QUALITY, 8: Role.MANAGEMENT}),
        (Severity.MAJOR, {0: Role.AFTER_SALES, 8: Role.QUALITY, 24: Role.MANAGEMENT}),
        (Severity.ORDINARY, {0: Role.AFTER_SALES, 8: Role.AFTER_SALES, 24: Role.SALES}),
    ],
)
def test_the_ladder_is_that_of_the_severity(way: Way, severity: CaseSeverity, ladder: dict[int, Role]) -> None:
    way.tell(service_case(severity=severity), START)
    opened = hours(Policy().response_overdue.within.of(severity).total_seconds() / 3600)
    for after, role in ladder.items():
        way.hear(opened + timedelta(hours=after))
        assert task(way, Kind.RESPONSE_OVERDUE).role is role


def test_a_reopened_case_counts_anew_and_says_so(way: Way) -> None:
    done: dict[str, Any] = {"responded": hours(1), "solved": hours(2), "closed": hours(3)}
    way.tell(service_case(**done), START)
    way.hear(hours(90))
    assert not found(way)
    way.tell(service_case(version=hours(90), reopened=(hours(90),), **done), hours(90))
    way.hear(hours(94) - timedelta(minutes=1))
    assert not found(way)
    way.hear(hours(94))
    [finding] = found(way)
    assert (finding.kind, finding.since) == (Kind.RESPONSE_OVERDUE, hours(94))
    for text in task(way, Kind.RESPONSE_OVERDUE).texts.values():
        assert "2026-03-05 18:00 UTC" in text.body.splitlines()[2]


def test_nobody_is_asked_about_a_case_that_is_closed_or_withdrawn(way: Way) -> None:
    way.tell(service_case("C1", order="", closed=hours(1)), START)
    way.tell(service_case("C2", order="SO404", withdrawn=True), START)
    way.tell(service_case("C3", order="SO404", closed=hours(1)), START)
    way.hear(hours(500))
    assert not found(way)


def test_a_case_is_not_overdue_while_its_tellers_are_not_heard(way: Way) -> None:
    way.tell(service_case(), START)
    way.hear(hours(1))
    way.hear(hours(10), sources=["poll/factory"])
    assert not found(way)
    way.hear(hours(10))
    assert found(way, Kind.RESPONSE_OVERDUE)


def test_a_case_without_an_order_is_asked_about_after_its_grace_and_no_more_when_it_names_one(way: Way) -> None:
    way.tell(service_case(order="", responded=hours(1), solved=hours(1), verified=hours(1)), START)
    way.hear(hours(4) - timedelta(minutes=1))
    assert not found(way)
    way.hear(hours(4))
    [finding] = found(way)
    assert (finding.kind, finding.subject, finding.since) == (Kind.CASE_UNMATCHED, "C1", hours(4))
    assert task(way, Kind.CASE_UNMATCHED).role is Role.AFTER_SALES
    way.tell(service_case(version=hours(5), closed=None, responded=hours(1), solved=hours(1)), hours(5))
    way.hear(hours(6))
    assert not found(way, Kind.CASE_UNMATCHED)


def test_a_case_with_an_order_that_the_erp_never_told_rests_on_hearing_the_erp(way: Way) -> None:
    way.tell(service_case(order="SO404", responded=hours(1)), START)
    way.hear(hours(1))
    way.hear(hours(9), sources=["ingress"])
    assert not found(way, Kind.CASE_UNMATCHED)
    way.hear(hours(9))
    [finding] = found(way, Kind.CASE_UNMATCHED)
    assert finding.since == hours(4)
    assert "SO404" in task(way, Kind.CASE_UNMATCHED).texts["en"].body
    way.tell(order("SO404", version=hours(10)), hours(10))
    way.hear(hours(11))
    assert not found(way, Kind.CASE_UNMATCHED)


def test_the_grace_of_an_unknown_order_counts_from_when_it_was_named_whatever_later_versions_say(way: Way) -> None:
    done: dict[str, Any] = {"responded": hours(1), "solved": hours(1), "verified": hours(2)}
    way.tell(service_case(**done), START)
    way.tell(service_case(order="SO404", version=hours(20), **done), hours(20))
    way.tell(service_case(order="SO404", version=hours(23), title="Runs hot", **done), hours(23))
    way.hear(hours(24) - timedelta(minutes=1))
    assert not found(way)
    way.hear(hours(24))
    [finding] = found(way)
    assert finding.since == hours(24)


def test_a_low_score_calls_after_sales_about_the_order_until_somebody_has_seen_to_it(way: Way) -> None:
    way.tell(survey("S1", 2, at=hours(5)), hours(5))
    way.tell(survey("S2", 3, at=hours(6)), hours(6))
    way.hear(hours(7))
    [finding] = found(way)
    assert (finding.kind, finding.subject, finding.since) == (Kind.SURVEY_LOW, "SO1/S1", hours(5))
    wanted = task(way, Kind.SURVEY_LOW)
    assert (wanted.subject, wanted.role) == ("SO1", Role.AFTER_SALES)
    way.tell(closed(Kind.SURVEY_LOW, "order", "SO1", "order:SO1", hours(5), hours(8)), hours(8))
    way.hear(hours(24 * 30))
    assert not found(way, Kind.SURVEY_LOW)


def test_a_score_that_is_given_after_somebody_saw_to_the_last_one_calls_again(way: Way) -> None:
    way.tell(survey("S1", 2, at=hours(5)), hours(5))
    way.tell(closed(Kind.SURVEY_LOW, "order", "SO1", "order:SO1", hours(5), hours(8)), hours(8))
    way.tell(survey("S2", 1, at=hours(9)), hours(9))
    way.hear(hours(10))
    assert [finding.subject for finding in found(way, Kind.SURVEY_LOW)] == ["SO1/S2"]
    way.tell(survey("S2", 5, at=hours(9), version=hours(10)), hours(10))
    way.hear(hours(11))
    assert not found(way, Kind.SURVEY_LOW)


def test_what_is_low_is_policy() -> None:
    way = Way(Policy.model_validate({"survey_low": {"below_percent": 60}}))
    way.tell(order(), START)
    way.tell(survey("S1", 3), START)
    way.hear(hours(1))
    assert found(way, Kind.SURVEY_LOW)


def test_times_and_ladders_are_policy_and_what_is_not_said_stays() -> None:
    settings = {"response_overdue": {"within": {"grave": "PT1H"}, "ladders": {"grave": []}}}
    policy = Policy.model_validate(settings).response_overdue
    assert policy.within.of(Severity.GRAVE) == timedelta(hours=1)
    assert policy.within.of(Severity.ORDINARY) == timedelta(hours=24)
    assert policy.graded(Severity.GRAVE).escalation == ()
    assert policy.graded(Severity.MAJOR).escalation == policy.ladders.major
    assert policy.graded(Severity.ORDINARY).escalation == policy.escalation


def test_a_customer_may_have_times_of_their_own() -> None:
    override = {"when": {"customer": "C7"}, "response_overdue": {"within": {"grave": "PT1H"}}}
    way = Way(Policy.model_validate({"overrides": [override]}))
    for number, customer in (("C1", "C7"), ("C2", "C8")):
        way.tell(service_case(number, order="", customer=Party(id=customer)), START)
    way.hear(hours(1))
    assert [finding.subject for finding in found(way, Kind.RESPONSE_OVERDUE)] == ["C1"]
    way.hear(hours(4))
    assert [finding.subject for finding in found(way, Kind.RESPONSE_OVERDUE)] == ["C1", "C2"]


def test_what_the_policy_has_off_is_not_looked_for(way: Way) -> None:
    off = {kind.value: {"enabled": False} for kind in FAMILY}
    quiet = Way(Policy.model_validate(off))
    for told in (way, quiet):
        told.tell(service_case("C1", order=""), START)
        told.tell(service_case("C2", order="SO404", solved=START), START)
        told.tell(survey("S1", 1), START)
        told.hear(hours(200))
    assert {finding.kind for finding in found(way)} == FAMILY
    assert not found(quiet)


def test_a_score_is_seen_to_by_an_answer_of_its_very_instant(way: Way) -> None:
    way.tell(survey("S1", 2, at=hours(5), version=hours(8)), hours(8))
    way.tell(closed(Kind.SURVEY_LOW, "order", "SO1", "order:SO1", hours(5), hours(8)), hours(8))
    way.hear(hours(10))
    assert not found(way, Kind.SURVEY_LOW)
