"""The stand-in of Kuaidi100 pushes what was registered and nothing else, and gives up what the story says."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from connectors.registry import TRACKERS
from contracts.errors import Rejected, Retryable
from contracts.settings import TrackerAccount
from desk.demo.monitoring import AGAIN_AFTER, Monitored, Monitoring
from desk.demo.pushes import Push
from desk.demo.registrations import Answer
from mappings.trackers.kuaidi100 import refusal, subscription
from mappings.trackers.registration import Parcel

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
CALLBACK = "http://127.0.0.1:1/in/kuaidi100/carriers"
ACCOUNT = TrackerAccount(name="t", connector="kuaidi100", url="http://x", source="s", callback=CALLBACK, asks=False)
NUMBER = "YT8602690000900"


class Vendor:
    """A stand-in, its clock, and what it has sent."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.sent: list[tuple[str, str, str]] = []
        self.told: list[str] = []
        self.monitoring = Monitoring("key", {"yuantong"}, lambda: self.now, self._send, self.told.append)

    def _send(self, push: Push, known: Monitored) -> None:
        self.sent.append((push.id, known.callback, known.salt))

    def push(self, place: int, *, gives_up: bool = False) -> None:
        self.monitoring.push(Push(f"{NUMBER}#{place}", self.now, b"{}", parcel=NUMBER, gives_up=gives_up))

    def register(self, number: str = NUMBER, carrier: str = "yuantong", key: str = "key") -> dict[str, object]:
        """Register as the tracker does, in its own words."""
        return self.monitoring.subscribe(subscription(Parcel(number, carrier), ACCOUNT, key, "salt", ""))

    @property
    def ids(self) -> list[str]:
        return [push for push, _, _ in self.sent]


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


def test_nothing_is_pushed_before_somebody_registers_the_parcel_and_then_all_of_it_in_order(vendor: Vendor) -> None:
    vendor.push(1)
    vendor.push(2)
    assert (vendor.ids, vendor.monitoring.kept) == ([], [f"{NUMBER}#1", f"{NUMBER}#2"])
    assert vendor.register()["returnCode"] == "200"
    vendor.push(3)
    assert vendor.sent == [(f"{NUMBER}#{place}", CALLBACK, "salt") for place in (1, 2, 3)]
    assert vendor.monitoring.kept == []


def test_a_parcel_that_is_registered_already_stays_so_and_says_so(vendor: Vendor) -> None:
    vendor.register()
    assert vendor.register()["returnCode"] == "501"
    assert vendor.monitoring.answers == {NUMBER: [Answer.REGISTERED, Answer.ALREADY]}


def test_a_parcel_that_was_given_up_is_silent_until_it_is_registered_again_half_an_hour_later(vendor: Vendor) -> None:
    vendor.monitoring.register_by_hand(NUMBER, CALLBACK, "salt")
    vendor.push(1, gives_up=True)
    vendor.push(2)
    vendor.now += AGAIN_AFTER - timedelta(seconds=1)
    assert vendor.register()["returnCode"] == "501"
    assert vendor.ids == [f"{NUMBER}#1"]
    vendor.now += timedelta(seconds=1)
    assert vendor.register()["returnCode"] == "200"
    assert vendor.ids == [f"{NUMBER}#1", f"{NUMBER}#2"]
    assert vendor.monitoring.again == {NUMBER}
    assert len(vendor.told) == 2


def test_half_an_hour_is_what_the_tracker_waits() -> None:
    assert TRACKERS["kuaidi100"].again_after == AGAIN_AFTER


def test_a_wrong_key_and_an_unknown_company_are_refused_as_the_vendor_refuses_them(vendor: Vendor) -> None:
    assert isinstance(refusal(vendor.register(key="other"), "Kuaidi100"), Retryable)
    assert isinstance(refusal(vendor.register(carrier="ups"), "Kuaidi100"), Rejected)
    assert vendor.monitoring.answers == {NUMBER: [Answer.REFUSED, Answer.REFUSED]}


def test_a_registration_without_an_address_to_push_to_is_refused(vendor: Vendor) -> None:
    param = {"company": "yuantong", "number": NUMBER, "key": "key", "parameters": {}}
    assert vendor.monitoring.subscribe(urlencode({"param": json.dumps(param)}).encode())["returnCode"] == "700"
