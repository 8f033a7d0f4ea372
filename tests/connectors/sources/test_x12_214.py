"""X12 214: the suite of every source, and what is its own: envelopes, time codes, and the option that names orders."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.sources.x12_214 import X12_214
from contracts.errors import Rejected
from contracts.moment import Precision
from contracts.settings import SourceAccount
from contracts.signature import Sent
from contracts.tracking import Tracking
from mappings.carriers.x12_time import OFFSETS, ZONES, x12_moment
from tests.connectors.source_conformance import SourceConformance


class TestX12(SourceConformance):
    source = X12_214


@pytest.mark.parametrize(
    ("instead_of", "put"),
    [
        ("IEA*1*000000777", "IEA*2*000000777"),
        ("IEA*1*000000777", "IEA*1*000000778"),
        ("GE*1*777", "GE*2*777"),
        ("SE*9*0001", "SE*8*0001"),
        ("SE*9*0001", "SE*9*0002"),
        ("ST*214*0001", "ST*214"),
        ("~\nGE*1*777", "~\nAT7*X6*NS~\nGE*1*777"),
        ("IEA*1*000000777~", "IEA*1*000000777~ISA"),
        ("IEA*1*000000777~", "IEA*1*000000777~GS*1~"),
    ],
)
def test_an_envelope_that_does_not_agree_is_refused(instead_of: str, put: str) -> None:
    suite = TestX12()
    text = suite.payloads["delivered"].decode()
    assert instead_of in text
    with pytest.raises(Rejected, match="not an X12 interchange"):
        X12_214.read(suite.request(Sent(text.replace(instead_of, put).encode())))


def test_the_separators_are_those_that_the_interchange_names() -> None:
    suite = TestX12()
    text = suite.payloads["delivered"].decode()
    other = text.replace("\n", "").replace("*", "|").replace("~", "\n")
    assert suite.map(other.encode()) == suite.map(text.encode())


def test_what_counts_zero_is_an_interchange_that_says_nothing() -> None:
    suite = TestX12()
    isa = suite.payloads["delivered"].decode().splitlines()[0]
    assert suite.map(f"{isa}\nIEA*0*000000777~".encode()).events == ()


@pytest.mark.parametrize(
    ("code", "hour"), [("UT", 9), ("ED", 13), ("ES", 14), ("01", 8), ("12", 21), ("13", 21), ("24", 10)]
)
def test_a_time_code_that_is_an_offset_makes_an_instant(code: str, hour: int) -> None:
    day = 1 if code == "12" else 2
    moment = x12_moment("20260302", "0905", code, "$", None)
    assert (moment.at, moment.precision) == (datetime(2026, 3, day, hour, 5, tzinfo=UTC), Precision.INSTANT)


def test_a_time_code_that_names_a_zone_knows_daylight_saving() -> None:
    winter, summer = (x12_moment(date, "0905", "ET", "$", None).at.hour for date in ("20260302", "20260702"))
    assert (winter, summer) == (14, 13)


def test_every_time_code_of_the_element_is_known() -> None:
    assert len(OFFSETS) + len(ZONES) + len({"LT"}) == 51
    with pytest.raises(Rejected, match="time code"):
        x12_moment("20260302", "0905", "XX", "$", "UTC")


def test_the_option_names_the_reference_that_is_our_order() -> None:
    suite = TestX12()
    (report,) = suite.map(suite.payloads["delivered"]).events
    assert isinstance(report, Tracking)
    assert report.order == "SO-1001"


def test_a_file_that_is_cut_says_together_what_it_says() -> None:
    suite = TestX12()
    for name, payload in suite.payloads.items():
        assert X12_214.cut is not None
        cut = X12_214.cut(suite.request(Sent(payload)), suite.context())
        parts = [X12_214.to_events(X12_214.read(part), suite.context()) for part in cut.requests]
        assert [event for part in parts for event in part.events] == list(suite.map(payload).events), name
        assert not cut.mistakes


def test_a_test_interchange_is_refused_where_the_account_takes_none() -> None:
    suite = TestX12()
    value = suite.read(suite.payloads["delivered"].replace(b"*0*P*>", b"*0*T*>"))
    with pytest.raises(Rejected, match="test interchange"):
        X12_214.to_events(value, suite.context())
    taking = replace(suite.context(), options={"tests": "taken"})
    assert len(X12_214.to_events(value, taking).events) == 1


@pytest.mark.parametrize("order", ["", "P", "PO-1", "purchase order"])
def test_a_qualifier_that_cannot_be_one_is_refused(order: str) -> None:
    with pytest.raises(Rejected, match="`order`"):
        X12_214.check(SourceAccount(name="edi", connector="x12-214", zone="UTC", options={"order": order}))


def test_tests_are_taken_or_not_mentioned() -> None:
    with pytest.raises(Rejected, match="`tests`"):
        X12_214.check(SourceAccount(name="edi", connector="x12-214", zone="UTC", options={"tests": "yes"}))
    X12_214.check(SourceAccount(name="edi", connector="x12-214", zone="UTC", options={"tests": "taken"}))


def test_an_account_without_a_zone_is_refused() -> None:
    with pytest.raises(Rejected, match="zone"):
        X12_214.check(SourceAccount(name="edi", connector="x12-214"))
