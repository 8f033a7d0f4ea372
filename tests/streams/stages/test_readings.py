"""Readings on their way: from a logger's upload to each order that uses the parcel, bounded however many there are."""

import random
from datetime import timedelta
from typing import Any

import pytest

from contracts.identity import order_key, parcel_key
from contracts.policy import OrphanPolicy
from contracts.snapshot import Kind
from contracts.topics import DELIVERIES
from streams.delivery import facts
from streams.delivery.facts import Delivery
from streams.engine.keyrecord import read_key
from streams.facts.conditions import Conditions, of_report
from streams.stages import known_parcel
from tests.streams.way import ERP, POLICY, START, Way, hours, issue, measured, order, proof

ALLOWED = 64 * 1024
"""Bytes that one delivery's state may take before anything is thinned."""
READINGS = 43_200
"""A reading a minute for thirty days."""
MONTH = [(START + timedelta(minutes=minute), (minute * 7 % 1000) / 100) for minute in range(READINGS)]


def state(way: Way, stage: str) -> bytes:
    key = order_key(ERP, "SO1") if stage == "deliver" else parcel_key("YT1")
    stored = read_key(way.replay.changelog(stage)[key]).state
    assert stored is not None
    return stored


def known(way: Way) -> Conditions:
    delivery = facts.FORMAT.read(state(way, "deliver"))
    assert isinstance(delivery, Delivery)
    return delivery.conditions


@pytest.mark.slow
def test_a_month_of_readings_each_minute_stays_within_what_a_delivery_may_take() -> None:
    """In batches that come shuffled and some of them twice, through resolve and deliver."""
    received_at = hours(24 * 31)
    batches = [measured(*MONTH[first : first + 480]) for first in range(0, READINGS, 480)]
    told = [*batches, *batches[::9]]
    random.Random(7).shuffle(told)
    way = Way()
    way.tell(order(), START)
    way.tell(issue(), START)
    for batch in told:
        way.tell(batch, received_at)
    way.hear(received_at)
    assert len(state(way, "deliver")) < ALLOWED
    assert len(state(way, "resolve")) < ALLOWED
    whole = of_report(measured(*MONTH), received_at)
    assert known(way) == whole
    assert known(way) == known_parcel.FORMAT.read(state(way, "resolve")).conditions
    buckets = whole.series["YT1", "loggers/coldchain", "L1", "temperature"].buckets
    assert (min(bucket.low for bucket in buckets), max(bucket.high for bucket in buckets)) == (0, 999)


def test_an_upload_sends_an_order_only_what_is_new() -> None:
    way = Way()
    way.tell(order(), START)
    way.tell(issue(), START)
    way.tell(measured(*MONTH[:600]), hours(24))
    way.hear(hours(24))
    before = len(way.replay.written(DELIVERIES))
    way.tell(measured(*MONTH[590:601]), hours(25))
    way.tell(measured(*MONTH[590:601]), hours(26))
    way.hear(hours(26))
    sent: list[Any] = [record for record in way.replay.written(DELIVERIES)[before:] if record.key is not None]
    assert len(sent) == 1
    assert len(sent[0].value) < 500
    assert len(known(way).series["YT1", "loggers/coldchain", "L1", "temperature"].buckets) == 601


def test_an_order_that_uses_the_number_later_is_told_all_readings() -> None:
    way = Way()
    way.tell(measured(*MONTH[:120]), hours(3))
    way.hear(hours(3))
    way.tell(order(), hours(4))
    way.tell(issue(), hours(4))
    way.hear(hours(4))
    assert known(way) == of_report(measured(*MONTH[:120]), hours(3))


def test_readings_of_an_order_itself_need_no_parcel() -> None:
    way = Way()
    way.tell(order(), START)
    way.tell(measured((hours(1), 5.25), order="SO1"), hours(2))
    way.hear(hours(2))
    [series] = known(way).series.values()
    assert [bucket.low for bucket in series.buckets] == [525]


def test_readings_age_with_the_other_facts_of_their_number() -> None:
    way = Way()
    way.tell(order(), START)
    way.tell(issue(), START)
    way.tell(measured(*MONTH[:3]), hours(1))
    way.tell(measured(*MONTH[:3], number="YT2"), hours(1))
    way.hear(hours(24 * 89))
    assert known_parcel.FORMAT.read(state(way, "resolve")).conditions
    way.hear(hours(24 * 91))
    assert not known_parcel.FORMAT.read(state(way, "resolve")).conditions
    assert parcel_key("YT2") not in way.replay.changelog("resolve")
    assert known(way)


def test_readings_and_signatures_that_nobody_claims_are_told_as_scans_are() -> None:
    way = Way()
    way.tell(measured(*MONTH[:3], number="YT8"), hours(1))
    way.tell(proof(hours(5), number="YT9"), hours(6))
    way.hear(hours(24.9))
    assert way.findings() == []
    way.hear(hours(31))
    told = {finding.subject: finding for finding in way.findings()}
    assert [(name, one.kind, one.since) for name, one in sorted(told.items())] == [
        ("YT8", Kind.ORPHAN_TRACKING, hours(25)),
        ("YT9", Kind.ORPHAN_TRACKING, hours(30)),
    ]
    assert (told["YT8"].details["source"], told["YT9"].details["source"]) == ("loggers/coldchain", "kuaidi100/express")
    view = way.snapshots()["parcel", "YT9"].view
    assert view is not None
    assert view.parcels[0].signed_by == "Wang Fang"
    way.tell(order(), hours(32))
    way.tell(issue(numbers=("YT8", "YT9"), at=hours(2)), hours(32))
    way.hear(hours(33))
    assert [finding for finding in way.findings() if finding.kind is Kind.ORPHAN_TRACKING] == []


def test_signatures_that_nobody_claims_are_bounded() -> None:
    way = Way(POLICY.model_copy(update={"orphan_tracking": OrphanPolicy(at_most=3)}))
    for place in range(5):
        way.tell(proof(hours(place), proof_id=f"POD{place}"), hours(place))
    with way.refusing("too_many_waiting", "too_many_waiting") as refused:
        way.hear(hours(6))
    assert {(one.stage, one.key) for one in refused} == {("resolve", "YT1")}
