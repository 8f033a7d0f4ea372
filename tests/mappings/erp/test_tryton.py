"""Readings of Tryton become canonical documents and cases (the recorded ones: tryton/README.md)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.connector import Context
from contracts.documents import Document, GoodsIssue, Order
from contracts.errors import Rejected
from contracts.service import ServiceCase
from contracts.snapshot import Severity
from mappings.erp import tryton
from mappings.erp.tryton_units import UNITS
from tests.mappings.erp.mapping_conformance import Erp, MappingConformance, Payload

WORKS = Context("tryton", "works", datetime(2026, 3, 6, tzinfo=UTC), zone="Europe/Berlin")
ERP = Erp(tryton.to_events, tryton.KINDS, WORKS)
payload = ERP.payload


class TestReadings(MappingConformance):
    erp = ERP


def order(found: Payload, context: Context = WORKS) -> Order:
    (event,) = tryton.to_events(found, context).events
    assert isinstance(event, Order)
    return event


def issue(found: Payload) -> GoodsIssue:
    (event,) = tryton.to_events(found, WORKS).events
    assert isinstance(event, GoodsIssue)
    return event


def test_an_unknown_unit_is_refused_where_it_stands() -> None:
    found = payload("order_processing")
    found["record"]["lines"][1]["unit"]["symbol"] = "drum"
    with pytest.raises(Rejected, match=r"unit\.drum") as refused:
        order(found)
    assert refused.value.path == "$.record.lines[1].unit.symbol"
    assert refused.value.code == "unknown_unit"


def test_an_account_says_what_its_own_units_are() -> None:
    found = payload("shipment_waiting")
    found["record"]["outgoing_moves"][0]["unit"]["symbol"] = "drum"
    context = Context("tryton", "works", WORKS.received_at, options={"unit.drum": "XDR"})
    (event,) = tryton.to_events(found, context).events
    assert isinstance(event, GoodsIssue)
    assert str(event.lines[0].quantity) == "10 XDR"


@pytest.mark.parametrize(
    ("option", "severity"), [("1", Severity.GRAVE), ("2", Severity.MAJOR), ("3", Severity.ORDINARY), (None, None)]
)
def test_the_account_says_how_severe_a_type_of_complaint_is(option: str | None, severity: Severity | None) -> None:
    options = {"severity.Delivery": option} if option else {"severity.Other": "1"}
    context = Context("tryton", "works", WORKS.received_at, options=options)
    (event,) = tryton.to_events(payload("case_draft"), context).events
    assert isinstance(event, ServiceCase)
    assert (event.severity, event.classified) == (severity, event.reported if severity else None)


def test_an_option_that_is_no_unit_code_is_refused() -> None:
    context = Context("tryton", "works", WORKS.received_at, options={"unit.u": "pieces"})
    with pytest.raises(Rejected, match="Recommendation 20") as refused:
        order(payload("order_processing"), context)
    assert refused.value.code == "bad_option"


def test_units_are_all_different_codes_of_recommendation_20() -> None:
    assert len(set(UNITS.values())) == len(UNITS)
    assert all(2 <= len(code) <= 3 and code.isascii() and code == code.upper() for code in UNITS.values())


def test_delivery_days_move_the_promise_from_shipping_to_arrival() -> None:
    context = Context("tryton", "works", WORKS.received_at, options={"delivery_days": "3"})
    promised = order(payload("order_processing"), context).lines[0].promised
    assert promised is not None
    assert promised.last_day().isoformat() == "2026-03-09"


@pytest.mark.parametrize("days", ["soon", "-1", "1.5", "99999", "²"])
def test_delivery_days_that_are_no_days_are_refused(days: str) -> None:
    context = Context("tryton", "works", WORKS.received_at, options={"delivery_days": days})
    with pytest.raises(Rejected, match="delivery_days"):
        order(payload("order_processing"), context)


@pytest.mark.parametrize("state", ["draft", "quotation"])
def test_a_draft_promises_only_what_it_says_itself(state: str) -> None:
    found = payload("order_without_shipping_date")
    found["record"]["state"] = state
    assert [line.promised for line in order(found).lines] == [None, None]


@pytest.mark.parametrize(
    ("break_it", "path"),
    [
        (lambda found: found.update(read_at="2026-03-02T01:15:30"), "$.read_at"),
        (lambda found: found["record"].update(state="parked"), "$.record.state"),
        (lambda found: found["record"].update(number=None), "$.record.number"),
        (lambda found: found["record"].update(sale_date="2026-03-02"), "$.record.sale_date"),
        (
            lambda found: found["record"].update(sale_date={"__class__": "date", "year": 2026, "month": 13, "day": 1}),
            "$.record.sale_date",
        ),
        (lambda found: found["record"]["company"].update(timezone="Mars/Olympus"), "$.record.company.timezone"),
        (lambda found: found["record"]["lines"][0].update(quantity="many"), "$.record.lines[0].quantity"),
        (lambda found: found["record"]["lines"][0].update(quantity=1e20), "$.record.lines[0].quantity"),
        (lambda found: found["record"]["lines"][0].update(unit=None), "$.record.lines[0]"),
        (lambda found: found["record"].pop("lines"), "$.record.lines"),
    ],
)
def test_a_wrong_value_is_refused_with_its_path(break_it: Callable[[Payload], object], path: str) -> None:
    found = payload("order_processing")
    break_it(found)
    with pytest.raises(Rejected) as refused:
        order(found)
    assert refused.value.path == path


FIRST = dict.fromkeys(("year", "month", "day"), 1) | dict.fromkeys(("hour", "minute", "second", "microsecond"), 0)


@pytest.mark.parametrize(
    "value",
    [
        {"__class__": "datetime", "year": 2026},
        {"__class__": "datetime", **FIRST},
        {"__class__": "datetime", **FIRST, "year": 2026, "day": 2**31},
        "yesterday",
        5,
    ],
)
def test_a_wrong_instant_is_refused_with_its_path(value: object) -> None:
    found = payload("shipment_done")
    found["record"]["write_date"] = value
    with pytest.raises(Rejected) as refused:
        issue(found)
    assert refused.value.path == "$.record.write_date"


def test_a_shipment_is_never_despatched_later_than_it_was_read() -> None:
    found = payload("shipment_done")
    found["read_at"] = "2026-03-05T03:05:00Z"
    event = issue(found)
    assert event.despatched_at is not None
    assert event.despatched_at.at == event.closed_at == event.version


def test_a_move_that_serves_no_numbered_sale_is_left_out() -> None:
    found = payload("shipment_waiting")
    found["record"]["outgoing_moves"][0]["sale"]["number"] = None
    assert issue(found).lines == ()


@given(st.decimals(min_value=0, max_value=10**9, places=6, allow_nan=False))
def test_a_quantity_keeps_its_value_through_the_float_that_tryton_sends(value: Decimal) -> None:
    found = payload("shipment_waiting")
    found["record"]["outgoing_moves"][0]["quantity"] = float(value)
    assert issue(found).lines[0].quantity.value == value


@given(ERP.broken("0001-01-01", "done", "cancelled"))
def test_a_field_that_is_anything_else_is_mapped_or_refused(found: Payload) -> None:
    with suppress(Rejected):
        assert isinstance(ERP.mapped(found), Document | ServiceCase)
