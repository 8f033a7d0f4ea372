"""EDIFACT IFTSTA: the suite of every source, and what is its own: envelopes, separators, formats of DTM."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.sources.iftsta import IFTSTA
from contracts.errors import Rejected
from contracts.moment import Precision
from contracts.settings import SourceAccount
from contracts.signature import Sent
from contracts.tracking import Tracking
from mappings.carriers.edifact_time import edifact_moment
from tests.connectors.source_conformance import SourceConformance


class TestIftsta(SourceConformance):
    source = IFTSTA


@pytest.mark.parametrize(
    ("instead_of", "put"),
    [
        ("UNZ+1+777", "UNZ+2+777"),
        ("UNZ+1+777", "UNZ+1+778"),
        ("UNT+12+0001", "UNT+11+0001"),
        ("UNT+12+0001", "UNT+12+0002"),
        ("UNZ+1+777'", "UNZ+1+777'UNB'"),
        ("UNT+12+0001'", ""),
        ("UNOC:3", "UNOQ:3"),
        ("UNA:+.? '", "UNA      '"),
    ],
)
def test_an_envelope_that_does_not_agree_is_refused(instead_of: str, put: str) -> None:
    suite = TestIftsta()
    text = suite.payloads["delivered"].decode("iso8859-1")
    assert instead_of in text
    with pytest.raises(Rejected, match="not an EDIFACT interchange"):
        IFTSTA.read(suite.request(Sent(text.replace(instead_of, put).encode("iso8859-1"))))


def test_the_separators_are_those_that_the_interchange_names_or_the_standard_s() -> None:
    suite = TestIftsta()
    body = suite.payloads["delivered"]
    assert suite.map(body.replace(b"UNA:+.? '\n", b"")) == suite.map(body)
    other = body.replace(b"+", b"|").replace(b"UNA:|.? '", b"UNA:|.? '")
    assert suite.map(other) == suite.map(body)


def test_text_is_in_the_character_set_that_the_interchange_names() -> None:
    suite = TestIftsta()
    assert b"M\xfcnchen" in suite.payloads["exception"]
    (report,) = suite.map(suite.payloads["exception"]).events
    assert isinstance(report, Tracking)
    assert report.scans[-1].location == "München"


def test_a_code_of_the_sender_s_own_list_is_not_taken_for_one_of_the_un() -> None:
    suite = TestIftsta()
    assert suite.map(suite.payloads["own_codes"]).unknown_codes == ("87:21",)


@pytest.mark.parametrize(
    ("value", "written_as", "at", "precision"),
    [
        ("260302", "101", datetime(2026, 3, 1, 23, tzinfo=UTC), Precision.DATE),
        ("20260302", "102", datetime(2026, 3, 1, 23, tzinfo=UTC), Precision.DATE),
        ("2603020905", "201", datetime(2026, 3, 2, 8, 5, tzinfo=UTC), Precision.LOCAL),
        ("260302090540", "202", datetime(2026, 3, 2, 8, 5, 40, tzinfo=UTC), Precision.LOCAL),
        ("202603020905", "203", datetime(2026, 3, 2, 8, 5, tzinfo=UTC), Precision.LOCAL),
        ("20260302090540", "204", datetime(2026, 3, 2, 8, 5, 40, tzinfo=UTC), Precision.LOCAL),
        ("202603020905+0500", "205", datetime(2026, 3, 2, 4, 5, tzinfo=UTC), Precision.INSTANT),
        ("20260302090540-0500", "208", datetime(2026, 3, 2, 14, 5, 40, tzinfo=UTC), Precision.INSTANT),
        ("202603020905UTC", "303", datetime(2026, 3, 2, 9, 5, tzinfo=UTC), Precision.INSTANT),
    ],
)
def test_a_time_is_read_in_the_format_that_stands_with_it(
    value: str, written_as: str, at: datetime, precision: Precision
) -> None:
    moment = edifact_moment(value, written_as, "$", "Europe/Berlin")
    assert (moment.at, moment.precision) == (at, precision)


@pytest.mark.parametrize(
    ("value", "written_as"),
    [
        ("202603020905", "204"),
        ("20260302", "718"),
        ("202603020905CST", "303"),
        ("202603020905", "303"),
        ("2O260302", "102"),
    ],
)
def test_a_time_that_is_not_as_its_format_says_is_refused(value: str, written_as: str) -> None:
    with pytest.raises(Rejected):
        edifact_moment(value, written_as, "$", "Europe/Berlin")


def test_a_file_that_is_cut_says_together_what_it_says() -> None:
    suite = TestIftsta()
    for name, payload in suite.payloads.items():
        assert IFTSTA.cut is not None
        cut = IFTSTA.cut(suite.request(Sent(payload)), suite.context())
        parts = [IFTSTA.to_events(IFTSTA.read(part), suite.context()) for part in cut.requests]
        assert [event for part in parts for event in part.events] == list(suite.map(payload).events), name
        assert not cut.mistakes


def test_a_test_interchange_is_refused_where_the_account_takes_none() -> None:
    suite = TestIftsta()
    value = suite.read(suite.payloads["delivered"].replace(b":1400+777'", b":1400+777++++++1'"))
    with pytest.raises(Rejected, match="test interchange"):
        IFTSTA.to_events(value, suite.context())
    taking = replace(suite.context(), options={"tests": "taken"})
    assert len(IFTSTA.to_events(value, taking).events) == 1


@pytest.mark.parametrize("order", ["", "O", "ON-1", "order number"])
def test_a_qualifier_that_cannot_be_one_is_refused(order: str) -> None:
    with pytest.raises(Rejected, match="`order`"):
        IFTSTA.check(SourceAccount(name="edi", connector="iftsta", zone="UTC", options={"order": order}))


def test_an_account_without_a_zone_is_refused() -> None:
    with pytest.raises(Rejected, match="zone"):
        IFTSTA.check(SourceAccount(name="edi", connector="iftsta"))
