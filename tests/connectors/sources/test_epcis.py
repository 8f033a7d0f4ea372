"""GS1 EPCIS: the suite of every source, and what is its own: identification keys, sensors, error declarations."""

from decimal import Decimal
from typing import Any

import pytest

from connectors.sources.epcis import EPCIS
from contracts.condition import ConditionReading
from contracts.errors import Rejected
from contracts.settings import SourceAccount
from contracts.tracking import Tracking, TrackingStatus
from mappings.carriers.epcis import to_events
from mappings.carriers.gs1_keys import check_digit, parcel_key
from tests.connectors.source_conformance import SourceConformance


class TestEpcis(SourceConformance):
    source = EPCIS


def event(**more: object) -> dict[str, object]:
    return {
        "type": "ObjectEvent",
        "eventTime": "2026-03-02T09:05:40+01:00",
        "eventTimeZoneOffset": "+01:00",
        "epcList": ["urn:epc:id:sscc:4012345.0000000011"],
        "action": "OBSERVE",
        **more,
    }


def measured(**report: object) -> ConditionReading:
    sensor: dict[str, Any] = {"sensorMetadata": {"deviceID": "L-1"}, "sensorReport": [report]}
    (_, reading) = to_events(
        event(bizStep="sensor_reporting", sensorElementList=[sensor]), TestEpcis().context()
    ).events
    assert isinstance(reading, ConditionReading)
    return reading


# The example of the GS1 General Specifications for 17 digits: 37610425002123456 has the check digit 9.
def test_the_check_digit_is_that_of_the_general_specifications() -> None:
    assert check_digit("37610425002123456") == "9"


@pytest.mark.parametrize(
    ("epc", "key"),
    [
        ("urn:epc:id:sscc:7610425.3002123456", "376104250021234569"),
        ("https://id.gs1.org/00/376104250021234569", "376104250021234569"),
        ("https://brand.example/some/path/00/376104250021234569?a=b", "376104250021234569"),
        ("urn:epc:id:ginc:7610425.ABC-1", "7610425ABC-1"),
        ("https://id.gs1.org/401/7610425ABC-1", "7610425ABC-1"),
        ("urn:epc:id:sgtin:7610425.000021.1", ""),
        ("https://id.gs1.org/01/07610425000213/21/1", ""),
        ("", ""),
    ],
)
def test_a_parcel_is_known_by_the_number_on_its_label(epc: str, key: str) -> None:
    assert parcel_key(epc, "$") == key


@pytest.mark.parametrize(
    "epc",
    [
        "urn:epc:id:sscc:7610425.300212345",
        "urn:epc:id:sscc:7610425",
        "urn:epc:id:sscc:76x0425.3002123456",
        "https://id.gs1.org/00/376104250021234568",
        "https://id.gs1.org/00/37610425002123456",
        "urn:epc:id:ginc:",
    ],
)
def test_a_key_that_is_none_is_refused(epc: str) -> None:
    with pytest.raises(Rejected, match="expected a "):
        parcel_key(epc, "$")


@pytest.mark.parametrize(
    ("value", "unit", "celsius"),
    [(4.5, "CEL", "4.50"), (277.65, "KEL", "4.50"), (40.1, "FAH", "4.50"), (-40, "FAH", "-40.00")],
)
def test_temperatures_are_told_in_degrees_celsius(value: float, unit: str, celsius: str) -> None:
    (reading,) = measured(type="Temperature", value=value, uom=unit).readings
    assert (reading.temperature, reading.humidity) == (Decimal(celsius), None)


def test_a_unit_that_is_none_of_its_quantity_s_is_refused() -> None:
    with pytest.raises(Rejected, match=r"sensorReport\[0\]\.uom"):
        measured(type="Temperature", value=4, uom="P1")


def test_the_least_and_the_greatest_of_an_interval_stand_at_its_ends() -> None:
    suite = TestEpcis()
    found = [one for one in suite.map(suite.payloads["sensors"]).events if isinstance(one, ConditionReading)]
    assert [(one.logger, len(one.readings)) for one in found] == [("urn:epc:id:giai:4012345.L7", 3), ("L-8", 2)]


def test_what_is_received_back_is_returned() -> None:
    (report,) = to_events(event(bizStep="receiving", disposition="returned"), TestEpcis().context()).events
    assert isinstance(report, Tracking)
    assert (report.scans[0].status, report.scans[0].returning) == (TrackingStatus.RETURNED, True)


def test_an_event_that_is_declared_an_error_calls_for_somebody() -> None:
    declared = event(
        bizStep="receiving", errorDeclaration={"declarationTime": "2026-03-03T10:00:00Z", "reason": "did_not_occur"}
    )
    (report,) = to_events(declared, TestEpcis().context()).events
    assert isinstance(report, Tracking)
    (scan,) = report.scans
    assert (scan.status, scan.action_required, scan.raw_code) == (TrackingStatus.UNKNOWN, True, "error/did_not_occur")


def test_products_are_no_parcels() -> None:
    products = event(epcList=["urn:epc:id:sgtin:7610425.000021.1"], bizStep="shipping")
    assert to_events(products, TestEpcis().context()).events == ()


def test_a_type_of_transaction_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(Rejected, match="`order`"):
        EPCIS.check(SourceAccount(name="gs1", connector="epcis", options={"order": "purchase order"}))
