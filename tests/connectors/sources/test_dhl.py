"""DHL: the suite of every source, and what is its own."""

import pytest

from connectors.sources.dhl import DHL
from contracts.connector import Mapped
from contracts.errors import Rejected
from contracts.settings import SourceAccount
from contracts.tracking import Coverage, Tracking
from tests.connectors.source_conformance import SourceConformance


class TestDhl(SourceConformance):
    source = DHL


def test_a_subscription_that_waits_to_be_activated_is_found_among_the_dead_letters() -> None:
    message = {"scope": "subscription.validate", "self": "https://api-eu.dhl.com/x", "secret": "i5b65gX4"}
    with pytest.raises(Rejected) as refused:
        DHL.to_events(message, TestDhl().context())
    assert (refused.value.code, refused.value.path) == ("subscription_not_active", "$.secret")


def test_a_subscription_that_failed_says_why() -> None:
    message = {"scope": "subscription.failure", "failure": {"detail": "Shipment not found", "status": 404}}
    with pytest.raises(Rejected, match="Shipment not found"):
        DHL.to_events(message, TestDhl().context())


def test_a_subscription_that_is_ready_says_nothing_of_a_parcel() -> None:
    assert DHL.to_events({"scope": "subscription.ready"}, TestDhl().context()) == Mapped()


def test_a_shipment_with_its_events_is_a_snapshot_and_one_with_its_status_alone_is_not() -> None:
    suite = TestDhl()
    whole, status = (suite.map(suite.payloads[name]).events[0] for name in ("express", "status_alone"))
    assert isinstance(whole, Tracking)
    assert isinstance(status, Tracking)
    assert (whole.coverage, status.coverage) == (Coverage.SNAPSHOT, Coverage.INCREMENT)
    assert len(status.scans) == 1


def test_an_account_without_a_zone_is_refused() -> None:
    with pytest.raises(Rejected, match="zone"):
        DHL.check(SourceAccount(name="shop", connector="dhl"))
