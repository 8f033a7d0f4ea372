"""UPS Track Alert: the suite of every source, and what is its own."""

import json
from datetime import UTC, datetime

import pytest

from connectors.sources.ups import UPS
from contracts.tracking import Tracking, TrackingStatus
from mappings.carriers.ups import to_events
from mappings.trackers.ups import pushes
from tests.connectors.source_conformance import SourceConformance
from tests.fakes.tracking import DELIVERED
from tests.fakes.ups import Ups

NUMBER = "1Z9990000300000011"


class TestUps(SourceConformance):
    source = UPS


def test_an_event_of_the_history_is_the_same_scan_as_the_event_that_was_pushed() -> None:
    """The history is read with each subscription, and the event may be pushed as well."""
    at = datetime(2026, 3, 2, 14, 5, 40, tzinfo=UTC)
    cloud = Ups(key="k", now=at)
    cloud.scans[NUMBER] = [(at, DELIVERED)]
    cloud.subscriptions[NUMBER] = (at, "https://here.example", "c")
    cloud.tell(NUMBER)
    context = TestUps().context()
    history = cloud._details(NUMBER).body
    assert isinstance(history, dict)
    (read_again,) = pushes(history)
    (pushed, told) = (to_events(json.loads(body), context) for body in (cloud.outbox[0].body, read_again))
    assert pushed == told
    (tracking,) = pushed.events
    assert isinstance(tracking, Tracking)
    assert [scan.status for scan in tracking.scans] == [TrackingStatus.DELIVERED]


@pytest.mark.parametrize("offset", ["-05:00", "-0500", "-05.00"])
def test_an_offset_may_be_written_in_three_ways(offset: str) -> None:
    event = {
        "trackingNumber": NUMBER,
        "localActivityDate": "20260302",
        "localActivityTime": "090540",
        "gmtOffset": offset,
        "activityStatus": {"type": "I", "descriptionCode": "005"},
    }
    (tracking,) = to_events(event, TestUps().context()).events
    assert isinstance(tracking, Tracking)
    assert tracking.scans[0].occurred.at == datetime(2026, 3, 2, 14, 5, 40, tzinfo=UTC)
