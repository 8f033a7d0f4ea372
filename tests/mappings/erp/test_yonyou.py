"""Readings of Yonyou become canonical orders and goods issues (the recorded ones: yonyou/README.md)."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.connector import Context
from contracts.documents import GoodsIssue, IssueState, Order
from contracts.errors import Rejected
from contracts.moment import Precision
from mappings.erp import yonyou
from mappings.erp.yonyou_records import NextStatus
from tests.mappings.erp.mapping_conformance import Erp, MappingConformance, Payload

WORKS = Context("yonyou", "works", datetime(2026, 3, 6, tzinfo=UTC), "Asia/Shanghai")
ERP = Erp(yonyou.to_events, yonyou.KINDS, WORKS)
payload, mapped = ERP.payload, ERP.mapped


class TestReadings(MappingConformance):
    erp = ERP


def test_every_next_status_of_an_order_has_a_meaning() -> None:
    assert set(yonyou.ORDER_STATES) == set(get_args(NextStatus))
    for status, state in yonyou.ORDER_STATES.items():
        assert mapped(payload("order", nextStatus=status)).state is state


@pytest.mark.parametrize(("status", "state"), yonyou.ISSUE_STATES.items())
def test_an_issue_has_left_when_it_is_audited_or_closed(status: str, state: IssueState) -> None:
    for written in (status, int(status)):
        issue = mapped(payload("issue_audited", status=written))
        assert issue.state is state
        assert (issue.despatched_at is None) == state.is_open
        assert (issue.planned_for is None) != state.is_open


@pytest.mark.parametrize(
    ("name", "field", "value"), [("order", "nextStatus", "SOMETHING"), ("issue_open", "status", "7")]
)
def test_a_status_that_is_in_no_table_is_refused_instead_of_guessed(name: str, field: str, value: str) -> None:
    with pytest.raises(Rejected, match=rf"\$\.record\.{field}"):
        mapped(payload(name, **{field: value}))


def test_a_row_is_promised_by_its_own_date_else_the_order_s_else_after_it_leaves() -> None:
    pump, granulate = mapped(payload("order")).lines
    assert (pump.promised.last_day().day, granulate.promised.last_day().day) == (5, 9)
    leaves = mapped(payload("order", hopeReceiveDate=None), delivery_days="4").lines[1]
    assert leaves.promised.last_day().day == 7
    assert mapped(payload("order", hopeReceiveDate=None, sendDate="")).lines[1].promised is None


def test_an_issue_left_on_its_date_in_the_account_s_zone() -> None:
    left = mapped(payload("issue_audited")).despatched_at
    assert (left.at, left.precision) == (datetime(2026, 3, 2, 16, tzinfo=UTC), Precision.DATE)
    with pytest.raises(Rejected, match=r"\$\.record\.vouchdate"):
        mapped(payload("issue_audited", vouchdate=None))


@pytest.mark.parametrize(
    ("source_type", "first", "served"),
    [
        ("1", "UO-1", [("UO-1", "5")]),
        ("1", None, []),
        ("2", "UO-1", [("UO-1", "5")]),
        ("2", None, [("UO-2", "6")]),
        ("tradeorder", "UO-1", []),
        ("", "UO-1", []),
    ],
)
def test_a_row_serves_the_sales_order_that_it_comes_from(
    source_type: str, first: str | None, served: list[tuple[str, str]]
) -> None:
    found = payload("issue_audited", srcBillType=source_type)
    sources = {"firstupcode": first, "firstsourceautoid": 5, "upcode": "UO-2", "sourceautoid": "6"}
    found["record"]["details"][0] |= sources
    assert [(line.order, line.order_line) for line in mapped(found).lines] == served


def test_several_numbers_in_one_field_are_packages_each_and_a_vehicle_is_told() -> None:
    assert [one.tracking_number for one in mapped(payload("issue_audited")).packages] == ["SF1001", "SF1002"]
    by_own_vehicle = mapped(payload("issue_open"))
    assert (by_own_vehicle.packages, by_own_vehicle.transport.vehicle) == ((), "鄂A12345")


def test_an_unknown_unit_is_refused_where_it_stands_and_named_by_an_option() -> None:
    found = payload("order")
    found["record"]["orderDetails"][1]["qtyName"] = "垛"
    with pytest.raises(Rejected, match=r"\$\.record\.orderDetails\[1\]\.qtyName: found the unit '垛'"):
        mapped(found)
    assert mapped(found, **{"unit.垛": "XPX"}).lines[1].ordered.unit == "XPX"


def test_a_document_without_a_code_is_refused() -> None:
    with pytest.raises(Rejected, match=r"\$\.record\.code"):
        mapped(payload("order", code=""))


@given(
    found=ERP.broken("0001-01-01 00:00:00", "9999-12-31 23:59:59", "-1", "2026-02-30"),
    days=st.sampled_from(["0", "999"]),
)
def test_a_field_that_is_anything_else_is_mapped_or_refused(found: Payload, days: str) -> None:
    with suppress(Rejected):
        assert isinstance(mapped(found, delivery_days=days), Order | GoodsIssue)
