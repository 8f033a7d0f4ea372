"""Readings of Odoo become canonical orders, goods issues and returns (the recorded ones: odoo/README.md)."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given

from contracts.connector import Context
from contracts.documents import GoodsIssue, IssueState, Order, OrderState
from contracts.errors import Rejected
from contracts.receipts import ReturnReceipt
from mappings.erp import odoo, odoo_records
from mappings.erp.odoo_picking import ISSUE_STATES
from mappings.erp.odoo_units import UNITS
from tests.mappings.erp.mapping_conformance import Erp, MappingConformance, Payload

WORKS = Context("odoo", "works", datetime(2026, 3, 6, tzinfo=UTC), zone="Asia/Shanghai")
ERP = Erp(odoo.to_events, odoo.KINDS, WORKS)
payload, mapped = ERP.payload, ERP.mapped


class TestReadings(MappingConformance):
    erp = ERP


def test_every_state_of_an_order_and_of_a_picking_has_a_meaning() -> None:
    assert set(odoo.ORDER_STATES) == set(get_args(odoo_records.SaleOrder.model_fields["state"].annotation))
    assert set(ISSUE_STATES) == set(get_args(odoo_records.Picking.model_fields["state"].annotation))


@pytest.mark.parametrize("state", [*odoo.ORDER_STATES, "approved"])
def test_a_state_that_is_in_no_table_is_refused_instead_of_guessed(state: str) -> None:
    found = payload("order_partial", state=state)
    if state == "approved":
        with pytest.raises(Rejected, match=r"\$\.record\.state"):
            mapped(found)
    else:
        assert mapped(found).state is odoo.ORDER_STATES[state]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (False, "confirmed"),
        ("pending", "confirmed"),
        ("started", "confirmed"),
        ("partial", "confirmed"),
        ("full", "completed"),
    ],
)
def test_an_order_is_completed_when_all_of_it_is_delivered(status: object, state: str) -> None:
    assert mapped(payload("order_partial", delivery_status=status)).state is OrderState(state)


def test_a_quotation_promises_what_it_says_and_nothing_else() -> None:
    assert mapped(payload("order_without_delivery_date", state="sent")).lines[0].promised is None
    assert mapped(payload("order_partial", state="sent")).lines[0].promised is not None


def test_without_a_delivery_date_the_lead_time_and_the_account_s_days_are_the_promise() -> None:
    window = mapped(payload("order_without_delivery_date"), delivery_days="3").lines[0].promised
    assert window.last_day().isoformat() == "2026-03-07", "confirmed on 2 March in Shanghai, two days, three days"


@pytest.mark.parametrize(
    ("type_", "is_there"), [("consu", True), ("product", True), ("service", False), ("combo", False)]
)
def test_goods_are_delivered_and_services_and_combos_are_not(type_: str, *, is_there: bool) -> None:
    found = payload("order_without_delivery_date")
    found["record"]["order_line"][0]["product_id"]["type"] = type_
    assert bool(mapped(found).lines) is is_there


@pytest.mark.parametrize(
    "change", [{"display_type": "line_subsection"}, {"is_downpayment": True}, {"product_uom_qty": -2}]
)
def test_a_line_that_is_no_delivery_is_left_out(change: Payload) -> None:
    found = payload("order_without_delivery_date")
    found["record"]["order_line"][0] |= change
    assert mapped(found).lines == ()


def test_an_unknown_unit_is_refused_where_it_stands_and_named_by_an_option() -> None:
    found = payload("order_without_delivery_date")
    found["record"]["order_line"][0]["product_uom"]["name"] = "Pack of 6"
    with pytest.raises(Rejected, match=r"\$\.record\.order_line\[0\]\.product_uom\.name: found the unit 'Pack of 6'"):
        mapped(found)
    assert mapped(found, **{"unit.Pack of 6": "XPK"}).lines[0].ordered.unit == "XPK"


def test_the_units_that_come_with_odoo_have_codes() -> None:
    # 25 up to version 18, and in 19 `inch`, `foot` and `Ton` under these names; `Pack of 6` has none.
    assert len(UNITS) == 29


@pytest.mark.parametrize(
    ("told", "numbers"),
    [("SF1, SF2", ["SF1", "SF2"]), ("1Z9+1Z8", ["1Z9", "1Z8"]), (False, []), ("YT 1 2", ["YT 1 2"])],
)
def test_a_tracking_reference_may_hold_several_numbers(told: object, numbers: list[str]) -> None:
    issue = mapped(payload("delivery_done", carrier_tracking_ref=told))
    assert [package.tracking_number for package in issue.packages] == numbers


def test_what_is_moved_counts_when_it_is_done_and_what_is_asked_for_until_then() -> None:
    found = payload("delivery_done")
    found["record"]["move_ids"][0]["quantity"] = 7.1
    assert str(mapped(found).lines[0].quantity) == "7.1 C62"
    found["record"]["move_ids"][0]["state"] = "assigned"
    assert str(mapped(found).lines[0].quantity) == "8 C62"


def test_a_cancelled_move_is_no_line_of_a_delivery_that_goes_on() -> None:
    found = payload("back_order")
    found["record"]["move_ids"][0]["state"] = "cancel"
    assert mapped(found).lines == ()
    assert isinstance(mapped(payload("delivery_cancelled")), GoodsIssue)
    assert mapped(payload("delivery_cancelled")).state is IssueState.CANCELLED
    assert mapped(payload("delivery_cancelled")).lines != ()


def test_a_return_is_announced_until_it_is_done_and_withdrawn_when_it_is_cancelled() -> None:
    assert mapped(payload("return_done", state="assigned")).received_at is None
    cancelled = mapped(payload("return_done", state="cancel"))
    assert isinstance(cancelled, ReturnReceipt)
    assert cancelled.withdrawn


def test_a_picking_s_state_that_is_in_no_table_is_refused() -> None:
    with pytest.raises(Rejected, match=r"\$\.record\.state"):
        mapped(payload("delivery_done", state="x"))


@given(ERP.broken("0001-01-01 00:00:00"))
def test_a_field_that_is_anything_else_is_mapped_or_refused(found: Payload) -> None:
    with suppress(Rejected):
        assert isinstance(mapped(found), Order | GoodsIssue | ReturnReceipt)
