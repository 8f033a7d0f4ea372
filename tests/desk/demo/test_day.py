"""The sample day gives what its reviewed outcome says, by the rules alone: no broker, no network."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from connectors.pollers.sample_file import Line
from contracts.model import read
from contracts.snapshot import Kind
from desk.demo.erp import erp_file
from desk.demo.expected import Expected, read_expected
from desk.demo.outcome import differences
from desk.demo.pushes import pushes
from desk.demo.story import Story, read_story
from streams.detection.kind import Family
from streams.detection.registry import KINDS
from tests.desk.demo.rehearsal import Rehearsed, rehearse


@pytest.fixture(scope="module")
def story() -> Story:
    return read_story()


@pytest.fixture(scope="module")
def expected(story: Story) -> Expected:
    return read_expected(story)


@pytest.fixture(scope="module")
def day(story: Story) -> Rehearsed:
    """The day as it is, played once."""
    return rehearse(story)


def test_the_day_gives_exactly_the_reviewed_outcome(day: Rehearsed, expected: Expected) -> None:
    assert differences(expected.outcome, day.outcome) == []


@pytest.mark.slow
@pytest.mark.parametrize(("delay", "until"), [(30, 60), (120, 180)])
def test_a_slow_machine_sees_the_same_day(story: Story, expected: Expected, delay: int, until: int) -> None:
    """Pushes that come two hours late, and a day that goes on for three hours more, change nothing."""
    found = rehearse(story, delay=timedelta(minutes=delay), until=timedelta(minutes=until))
    assert differences(expected.outcome, found.outcome) == []


@pytest.mark.slow
def test_the_order_in_which_the_pushes_of_an_hour_come_changes_nothing(story: Story, expected: Expected) -> None:
    rng = random.Random(20260302)
    told = [replace(push, at=push.at + timedelta(minutes=rng.randrange(60))) for push in pushes(story)]
    assert differences(expected.outcome, rehearse(story, shuffled=told).outcome) == []


def test_the_rules_want_the_registrations_that_the_review_names(day: Rehearsed, expected: Expected) -> None:
    """Whoever brings them about then has to ask for each once, and once more for the one that was given up."""
    assert {number for number, is_open in day.registrations.items() if is_open} == expected.registrations.open
    ended = {number for number, is_open in day.registrations.items() if not is_open}
    assert ended == expected.registrations.ended | expected.perhaps
    assert day.again == {"YT8602690000900"}


@pytest.mark.slow
def test_a_parcel_that_was_not_given_up_is_not_registered_again(story: Story) -> None:
    assert rehearse(story, without="YT8602690000900#1").again == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("without", "says"),
    [
        ("SF1602611000112#4", "order SO-2611 is in_transit instead of delivered"),
        ("SF1602611000112#4", "the task late of SO-2611 came, and nobody should be asked to do it"),
        ("YT8602645000450#3", "the task late of SO-2645 is open, and should not be"),
        ("YT8602652000520#1", "the task stalled of YT8602652000520 never came"),
        ("ZT7600268900890#2", "0 dead letters instead of 1"),
    ],
)
def test_a_push_that_is_missing_is_told_in_words(story: Story, expected: Expected, without: str, says: str) -> None:
    assert says in differences(expected.outcome, rehearse(story, without=without).outcome)


def test_the_day_has_what_a_demo_should_show(story: Story, expected: Expected) -> None:
    """Several dozen orders, each family of findings, of the usual kinds a task that stays open and one that ends."""
    assert 36 <= len(story.orders) <= 54
    shown = {(name[0], record.is_open) for name, records in expected.outcome.tasks.items() for record in records}
    kinds = (Kind.LATE, Kind.STALLED, Kind.UNDER_DESPATCHED, Kind.ORPHAN_TRACKING)
    assert shown >= {(kind, is_open) for kind in kinds for is_open in (True, False)}
    family = {kind.kind: kind.family for kind in KINDS}
    assert {family[kind] for kind, _ in shown} == set(get_args(Family))


def test_every_push_has_a_name_of_its_own_and_two_are_told_again(story: Story) -> None:
    """One right after the first time, one when it is long overtaken."""
    told = pushes(story)
    assert len({push.id for push in told}) == len(told)
    payloads = [push.payload for push in told]
    again = {push.id.partition("#")[0] for place, push in enumerate(told) if push.payload in payloads[:place]}
    assert again == {"SF1602686000860", "YT8602687000870"}


def test_the_file_is_what_the_poller_reads(story: Story) -> None:
    lines = [read(Line, text) for text in erp_file(story).splitlines()]
    assert {line.document for line in lines if line.kind == "order"} == {order.number for order in story.orders}
    assert [line.at for line in lines] == sorted(line.at for line in lines)
