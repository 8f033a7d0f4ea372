"""Readings of ERPNext become canonical orders, goods issues and returns (the recorded ones: erpnext/README.md)."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given

from contracts.connector import Context
from contracts.documents import GoodsIssue, IssueState, Order, OrderState
from contracts.errors import Rejected
from contracts.moment import Precision, ZoneSource
from contracts.receipts import ReturnReceipt
from mappings.erp import erpnext, erpnext_records
from mappings.erp.erpnext_delivery import ISSUE_STATES
from mappings.erp.erpnext_units import UNITS
from tests.mappings.erp.mapping_conformance import Erp, MappingConformance, Payload

WORKS = Context("erpnext", "works", datetime(2026, 3, 6, tzinfo=UTC), zone="Asia/Shanghai")
ERP = Erp(erpnext.to_events, erpnext.KINDS, WORKS)
payload, mapped = ERP.payload, ERP.mapped


class TestReadings(MappingConformance):
    erp = ERP


def test_every_status_of_an_order_and_every_state_of_a_document_has_a_meaning() -> None:
    fields = erpnext_records.SalesOrder.model_fields
    assert set(erpnext.ORDER_STATES) == set(get_args(fields["status"].annotation))
    assert set(ISSUE_STATES) == set(get_args(fields["docstatus"].annotation))


@pytest.mark.parametrize(("status", "state"), erpnext.ORDER_STATES.items())
def test_the_status_of_an_order_is_how_far_it_is(status: str, state: OrderState) -> None:
    docstatus = {"Draft": 0, "Cancelled": 2}.get(status, 1)
    assert mapped(payload("order", status=status, docstatus=docstatus)).state is state


@pytest.mark.parametrize(("docstatus", "state"), [(0, OrderState.DRAFT), (2, OrderState.CANCELLED)])
def test_what_is_not_submitted_or_is_cancelled_is_that_whatever_its_status_says(
    docstatus: int, state: OrderState
) -> None:
    assert mapped(payload("order", docstatus=docstatus, status="To Deliver")).state is state


def test_a_status_that_is_in_no_table_is_refused_instead_of_guessed() -> None:
    with pytest.raises(Rejected, match=r"\$\.record\.status"):
        mapped(payload("order", status="Almost Done"))


def test_a_row_without_a_delivery_date_has_the_order_s() -> None:
    found = payload("order")
    del found["record"]["items"][0]["delivery_date"]
    assert mapped(found).lines[0].promised.last_day().isoformat() == "2026-03-06"
    assert mapped(payload("order")).lines[0].promised.last_day().isoformat() == "2026-03-05"


def test_an_unknown_unit_is_refused_where_it_stands_and_named_by_an_option() -> None:
    found = payload("order")
    found["record"]["items"][0]["uom"] = "Crate"
    with pytest.raises(Rejected, match=r"\$\.record\.items\[0\]\.uom: found the unit 'Crate'"):
        mapped(found)
    assert mapped(found, **{"unit.Crate": "XCR"}).lines[0].ordered.unit == "XCR"


def test_the_units_of_the_table_are_counted() -> None:
    # 64 of the set-up's list, and `Unit`, `Nos`, `Pair`, `Set`, `Box`, `Kg` and `Litre`, which stand beside it.
    assert len(UNITS) == 71


def test_a_delivery_left_at_its_posting_time_in_the_site_s_zone() -> None:
    left = mapped(payload("delivery_shipped")).despatched_at
    assert (left.at, left.precision, left.zone_source) == (
        datetime(2026, 3, 2, 1, 5, tzinfo=UTC),
        Precision.LOCAL,
        ZoneSource.ACCOUNT,
    )
    on_that_day = mapped(payload("delivery_shipped", posting_time=None)).despatched_at
    assert on_that_day.precision is Precision.DATE


def test_a_shipment_s_number_outweighs_the_transporter_s_receipt() -> None:
    told = mapped(payload("delivery_shipped")).packages
    assert [(one.carrier, one.tracking_number) for one in told] == [("SF Express", "SF1001"), ("LetMeShip", "SF1002")]
    (alone,) = mapped(payload("delivery_shipped", shipments=[])).packages
    assert (alone.carrier, alone.tracking_number) == ("Works' own", "LR-9")
    assert mapped(payload("delivery_shipped", shipments=[], lr_no="")).packages == ()


def test_a_cancelled_delivery_ended_when_it_was_written_last() -> None:
    issue = mapped(payload("delivery_cancelled", modified="2026-03-02 15:30:00"))
    assert (issue.state, issue.closed_at) == (IssueState.CANCELLED, datetime(2026, 3, 2, 7, 30, tzinfo=UTC))


def test_a_row_that_serves_no_sales_order_is_left_out() -> None:
    found = payload("delivery_shipped")
    found["record"]["items"][0]["against_sales_order"] = None
    assert mapped(found).lines == ()


def test_a_return_is_announced_as_a_draft_and_withdrawn_when_it_is_cancelled() -> None:
    assert mapped(payload("return", docstatus=0)).received_at is None
    cancelled = mapped(payload("return", docstatus=2))
    assert isinstance(cancelled, ReturnReceipt)
    assert cancelled.withdrawn


def test_a_document_s_state_that_is_in_no_table_is_refused() -> None:
    with pytest.raises(Rejected, match=r"\$\.record\.docstatus"):
        mapped(payload("return", docstatus=3))


@given(ERP.broken("0001-01-01", "9999-12-31", "9999-12-31 23:59:59"))
def test_a_field_that_is_anything_else_is_mapped_or_refused(found: Payload) -> None:
    with suppress(Rejected):
        assert isinstance(mapped(found), Order | GoodsIssue | ReturnReceipt)
