"""What is wrong with calendars and overrides is told by line, with what is allowed."""

import sys
from collections.abc import Mapping
from datetime import date

import pytest

from contracts.settings import Settings
from desk.configuration.policy import holidays_soon_unknown
from tests.desk.configuration.conftest import Read

WRONG = [
    pytest.param("calendar: works", "2: policy.calendar: unknown calendar 'works': no calendar is declared", id="none"),
    pytest.param(
        "calendar: werks\n  calendars: {works: {}}",
        "2: policy.calendar: unknown calendar 'werks'; did you mean 'works'? (known here: works)",
        id="calendar",
    ),
    pytest.param(
        "calendars: {works: {country: XX}}",
        "2: policy.calendars.works.country: no public holidays of 'XX' are known",
        id="country without data",
    ),
    pytest.param(
        "calendars: {works: {country: China}}",
        "2: policy.calendars.works.country: found 'China'; expected a country by its two letters (ISO 3166-1 alpha-2), "
        "such as CN, or destination",
        id="country",
    ),
    pytest.param(
        "calendars: {works: {country: DE, region: Bayern}}",
        "2: policy.calendars.works.region: unknown region 'Bayern' of DE (known here: Augsburg, BB, BE,",
        id="region",
    ),
    pytest.param(
        "calendars:\n    works:\n      hours: ['8:30-12:00']",
        "4: policy.calendars.works.hours: found '8:30-12:00'; expected hours such as 08:30-12:00",
        id="hours",
    ),
    pytest.param(
        "calendars:\n    works: {hours: []}",
        "3: policy.calendars.works.hours: found a list; expected at least one entry",
        id="no hours",
    ),
    pytest.param(
        "calendars:\n    works: {weekdays: {sunnday: []}}",
        "3: policy.calendars.works.weekdays.sunnday: found 'sunnday'; allowed: monday, tuesday, wednesday, thursday, "
        "friday, saturday, sunday; did you mean 'sunday'?",
        id="weekday",
    ),
    pytest.param(
        "calendars:\n    works: {extra_holidays: [soon]}",
        "3: policy.calendars.works.extra_holidays[0]: found 'soon'; expected a date such as 2026-05-01",
        id="date",
    ),
    pytest.param(
        "calendars:\n    works: {zone: Asia/Shanghia}",
        "3: policy.calendars.works.zone: not a time zone: 'Asia/Shanghia'; expected one of the IANA database",
        id="zone",
    ),
    pytest.param(
        "counts: weekdays", "2: policy.counts: found 'weekdays'; allowed: elapsed, working_days,", id="counts"
    ),
    pytest.param(
        "late:\n    escalation: [{after: PT4H, role: sales}, {after: PT2H, role: quality}]",
        "3: policy.late.escalation: each step comes later than the one before it (`after`)",
        id="ladder",
    ),
    pytest.param(
        "late:\n    escalation: [{after: PT4H, role: boss}]",
        "3: policy.late.escalation[0].role: found 'boss'; allowed: sales, logistics,",
        id="role of a step",
    ),
    pytest.param(
        "overrides:\n  - late: {grace: PT1H}", "3: policy.overrides[0].when: is missing", id="an override of nobody"
    ),
    pytest.param(
        "overrides:\n  - when: {}\n    late: {grace: PT1H}",
        "3: policy.overrides[0].when: names nobody; expected at least one of account, customer, country, region, "
        "carrier, product_group",
        id="an override that names nobody",
    ),
    pytest.param(
        "overrides:\n  - when: {customer: C7}\n    laet: {grace: PT1H}",
        "4: policy.overrides[0].laet: unknown name 'laet'; did you mean 'late'?",
        id="unknown kind",
    ),
    pytest.param(
        "overrides:\n  - when: {customer: C7}\n    late:\n      graec: PT1H",
        "5: policy.overrides[0].late.graec: unknown name 'graec'; did you mean 'grace'?",
        id="unknown setting",
    ),
    pytest.param(
        "overrides:\n  - when: {customer: C7}\n    calendar: works",
        "4: policy.overrides[0].calendar: unknown calendar 'works': no calendar is declared",
        id="calendar of an override",
    ),
    pytest.param(
        "product_groups: {bearings: ['BRG-*']}\n  overrides:\n  - when: {product_group: bearing}\n    late: {}",
        "4: policy.overrides[0].when.product_group: unknown group 'bearing'; did you mean 'bearings'?",
        id="product group",
    ),
    pytest.param(
        "overrides:\n  - when: {account: factory}\n    late: {grace: PT1H}",
        "3: policy.overrides[0].when.account: unknown account 'factory': no account is declared",
        id="account",
    ),
    pytest.param(
        "overrides:\n  - when: {country: DE, region: Bavaria}\n    late: {grace: PT1H}",
        "3: policy.overrides[0].when.region: unknown region 'Bavaria' of DE",
        id="region of an override",
    ),
    pytest.param(
        "overrides:\n  - when: {customer: C7}",
        "3: policy.overrides[0]: says nothing that differs; expected a `calendar`, a `tolerance`, or a kind",
        id="an override that says nothing",
    ),
]


@pytest.mark.parametrize(("policy", "told"), WRONG)
def test_a_mistake_is_told_with_its_line_and_what_is_allowed(read: Read, policy: str, told: str) -> None:
    reading = read(f"policy:\n  {policy}\n")
    assert not reading.is_usable
    assert any(str(mistake).startswith(f"quayside.yaml:{told}") for mistake in reading.mistakes), reading.mistakes


def test_calendars_and_overrides_that_fit_are_accepted(read: Read) -> None:
    reading = read("""
        policy:
          counts: working_hours
          calendar: works
          calendars:
            works: {country: DE, region: BY, zone: Europe/Berlin, extra_holidays: [2026-12-24]}
            theirs: {country: "", weekdays: {saturday: ["08:00-12:00"]}}
          product_groups: {bearings: ["BRG-*"]}
          overrides:
          - when: {customer: C7, product_group: bearings}
            calendar: theirs
            stalled: {silence: PT24H}
    """)
    assert reading.mistakes == ()
    assert reading.settings is not None
    assert reading.settings.policy.overrides[0].settings().keys() == {"stalled"}


def test_a_warning_stops_nothing(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["desk.configuration.load"], "_today", lambda: date(2026, 12, 24))
    reading = read("policy:\n  counts: working_hours\n  calendar: works\n  calendars: {works: {country: CN}}\n")
    [warning] = reading.mistakes
    assert reading.is_usable
    assert str(warning).startswith("quayside.yaml:4: warning: policy.calendars.works.country: the days off and make-up")


def warned(policy: Mapping[str, object], today: date) -> list[str]:
    return [text for _, text in holidays_soon_unknown(Settings.model_validate({"policy": policy}), today)]


WORKS: dict[str, object] = {"counts": "working_hours", "calendar": "works", "calendars": {"works": {"country": "CN"}}}


def test_sixty_days_before_the_known_holidays_end_a_warning_begins() -> None:
    assert warned(WORKS, date(2026, 11, 1)) == []
    [text] = warned(WORKS, date(2026, 11, 3))
    assert "are known until 2026; in 2027 only the holidays that the law names count" in text
    assert len(warned(WORKS, date(2027, 1, 1))) == 1


@pytest.mark.parametrize(
    "policy",
    [
        WORKS | {"calendar": ""},
        WORKS | {"calendars": {"works": {"country": "DE"}}},
        WORKS | {"calendars": {"works": {}}},
    ],
)
def test_nobody_is_warned_of_a_calendar_that_does_not_count_or_is_known(policy: Mapping[str, object]) -> None:
    assert warned(policy, date(2027, 6, 1)) == []


def test_a_calendar_of_one_kind_or_customer_counts_too() -> None:
    one_kind = WORKS | {"counts": "elapsed", "late": {"counts": "working_days"}}
    of_a_customer = WORKS | {"calendar": "", "overrides": [{"when": {"customer": "C7"}, "calendar": "works"}]}
    assert len(warned(one_kind, date(2027, 6, 1))) == len(warned(of_a_customer, date(2027, 6, 1))) == 1
