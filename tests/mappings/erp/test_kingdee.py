"""Readings of Kingdee become canonical orders and goods issues (the recorded ones: kingdee/README.md)."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given

from contracts.connector import Context
from contracts.documents import GoodsIssue, IssueState, Order, OrderState
from contracts.errors import Rejected
from contracts.moment import Precision
from mappings.erp import kingdee
from mappings.erp.chinese_units import UNITS
from mappings.erp.kingdee_records import DocumentStatus
from tests.mappings.erp.mapping_conformance import Erp, MappingConformance, Payload

WORKS = Context("kingdee", "works", datetime(2026, 3, 6, tzinfo=UTC), "Asia/Shanghai")
ERP = Erp(kingdee.to_events, kingdee.KINDS, WORKS)
payload, mapped = ERP.payload, ERP.mapped


class TestReadings(MappingConformance):
    erp = ERP


@pytest.mark.parametrize("status", get_args(DocumentStatus))
def test_only_what_is_audited_is_confirmed_or_has_left(status: str) -> None:
    audited = status == "C"
    assert mapped(payload("order", FDocumentStatus=status)).state is (
        OrderState.CONFIRMED if audited else OrderState.DRAFT
    )
    issue = mapped(payload("outstock_audited", FDocumentStatus=status))
    assert issue.state is (IssueState.DESPATCHED if audited else IssueState.PLANNED)
    assert (issue.despatched_at is None, issue.planned_for is None) == (not audited, audited)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"FCloseStatus": "B"}, OrderState.COMPLETED),
        ({"FCancelStatus": "B"}, OrderState.CANCELLED),
        ({"FCancelStatus": "B", "FCloseStatus": "B"}, OrderState.CANCELLED),
    ],
)
def test_what_is_closed_is_completed_and_what_is_cancelled_cancelled(fields: dict[str, str], state: OrderState) -> None:
    assert mapped(payload("order", **fields)).state is state


@pytest.mark.parametrize("field", ["FDocumentStatus", "FCancelStatus", "FCloseStatus"])
def test_a_status_that_is_in_no_table_is_refused_instead_of_guessed(field: str) -> None:
    with pytest.raises(Rejected, match=rf"\$\.record\.{field}"):
        mapped(payload("order", **{field: "X"}))


def test_an_outstock_left_on_its_date_in_the_account_s_zone() -> None:
    left = mapped(payload("outstock_audited")).despatched_at
    assert (left.at, left.precision) == (datetime(2026, 3, 2, 16, tzinfo=UTC), Precision.DATE)
    with pytest.raises(Rejected, match=r"\$\.record\.FDate"):
        mapped(payload("outstock_audited", FDate=None))


def test_a_cancelled_outstock_ended_on_the_date_of_that_else_on_its_own() -> None:
    assert mapped(payload("outstock_cancelled")).closed_at == datetime(2026, 3, 1, 16, tzinfo=UTC)
    late = payload("outstock_cancelled", FCancelDate="0001-01-01T00:00:00", FDate="2026-03-01T00:00:00")
    assert mapped(late).closed_at == datetime(2026, 2, 28, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "numbers"),
    [("SF1001", ["SF1001"]), ("SF1001, SF1002；SF1003", ["SF1001", "SF1002", "SF1003"]), (" ", []), (None, [])],
)
def test_several_numbers_in_one_field_are_packages_each(written: str | None, numbers: list[str]) -> None:
    told = mapped(payload("outstock_audited", FCarriageNO=written)).packages
    assert [package.tracking_number for package in told] == numbers


def test_a_row_that_was_ended_is_cancelled_and_one_that_serves_no_order_left_out() -> None:
    assert [line.cancelled for line in mapped(payload("order")).lines] == [False, True]
    found = payload("outstock_audited")
    found["record"]["entries"][0]["FSoorDerno"] = " "
    assert mapped(found).lines == ()


def test_a_unit_is_known_by_its_number_else_by_its_name_else_refused_and_an_option_outweighs_all() -> None:
    found = payload("order")
    entry = found["record"]["entries"][0]
    entry["FUnitID.FNumber"] = "DW0007"
    assert mapped(found).lines[0].ordered.unit == "C62"
    entry["FUnitID.FName"] = "垛"
    with pytest.raises(Rejected, match=r"entries\[0\]\['FUnitID\.FNumber'\]: found the unit 'DW0007'"):
        mapped(found)
    assert mapped(found, **{"unit.DW0007": "XPX"}).lines[0].ordered.unit == "XPX"
    assert mapped(payload("order"), **{"unit.Pcs": "EA"}).lines[0].ordered.unit == "EA"


def test_the_units_of_the_table_are_counted() -> None:
    assert len(UNITS) == 73


def test_a_bill_without_a_number_is_refused() -> None:
    with pytest.raises(Rejected, match=r"\$\.record\.FBillNo"):
        mapped(payload("order", FBillNo=""))


@given(ERP.broken("0001-01-01T00:00:00", "9999-12-31T23:59:59", "-1"))
def test_a_field_that_is_anything_else_is_mapped_or_refused(found: Payload) -> None:
    with suppress(Rejected):
        assert isinstance(mapped(found), Order | GoodsIssue)
