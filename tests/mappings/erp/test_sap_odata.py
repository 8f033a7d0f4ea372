"""Readings of SAP by OData become canonical orders and goods issues (the recorded ones: sap-odata/README.md)."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given

from contracts.connector import Context
from contracts.documents import DeliveryMethod, GoodsIssue, IssueState, Order, OrderState
from contracts.errors import Rejected
from contracts.moment import Precision
from mappings.erp import sap_odata
from mappings.erp.sap_odata_records import Progress
from tests.mappings.erp.mapping_conformance import Erp, MappingConformance, Payload

WORKS = Context("sap-odata", "works", datetime(2026, 3, 6, tzinfo=UTC), "Europe/Berlin")
ERP = Erp(sap_odata.to_events, sap_odata.KINDS, WORKS)
payload, mapped = ERP.payload, ERP.mapped


class TestReadings(MappingConformance):
    erp = ERP


@pytest.mark.parametrize("progress", get_args(Progress))
def test_every_progress_of_an_order_and_of_a_delivery_has_a_meaning(progress: str) -> None:
    done = progress == "C"
    processed = mapped(payload("order", OverallSDProcessStatus=progress)).state
    assert processed is (OrderState.COMPLETED if done else OrderState.CONFIRMED)
    delivered = mapped(payload("order", OverallDeliveryStatus=progress)).state
    assert delivered is (OrderState.COMPLETED if done else OrderState.CONFIRMED)
    rejected = mapped(payload("order", OverallSDDocumentRejectionSts=progress)).state
    assert rejected is (OrderState.CANCELLED if done else OrderState.CONFIRMED)
    moved = mapped(payload("delivery_left", OverallGoodsMovementStatus=progress, OverallPickingStatus="")).state
    assert moved is {"C": IssueState.DESPATCHED, "B": IssueState.PICKED}.get(progress, IssueState.PLANNED)
    picked = mapped(payload("delivery_planned", OverallPickingStatus=progress)).state
    assert picked is (IssueState.PICKED if done else IssueState.PLANNED)


def test_a_status_that_is_in_no_table_is_refused_instead_of_guessed() -> None:
    with pytest.raises(Rejected, match=r"\$\.record\.OverallSDProcessStatus"):
        mapped(payload("order", OverallSDProcessStatus="Z"))


def test_a_line_is_promised_by_what_was_confirmed_else_by_what_was_asked_for() -> None:
    pump, manual = mapped(payload("order")).lines
    assert [(str(part.quantity), part.promised.last_day().day) for part in pump.schedule] == [
        ("6 C62", 5),
        ("4 C62", 12),
    ]
    assert pump.promised == pump.schedule[-1].promised
    assert (manual.promised.last_day().day, manual.cancelled) == (4, True)


def test_an_iso_code_outweighs_sap_s_own_name_of_a_unit_and_an_option_both() -> None:
    assert [line.ordered.unit for line in mapped(payload("order")).lines] == ["C62", "KGM"]
    assert mapped(payload("order"), **{"unit.KG": "TNE"}).lines[1].ordered.unit == "TNE"
    found = payload("order")
    found["record"]["to_Item"]["results"][1]["RequestedQuantityUnit"] = "ZZ"
    with pytest.raises(
        Rejected, match=r"\$\.record\.to_Item\.results\[1\]\.RequestedQuantityUnit: found the unit 'ZZ'"
    ):
        mapped(found)


def test_a_delivery_left_at_its_actual_time_in_the_account_s_zone() -> None:
    left = mapped(payload("delivery_left")).despatched_at
    assert (left.at, left.precision) == (datetime(2026, 3, 3, 8, 5, tzinfo=UTC), Precision.LOCAL)
    on_that_day = mapped(payload("delivery_left", ActualGoodsMovementTime="PT00H00M00S")).despatched_at
    assert on_that_day.precision is Precision.DATE
    with pytest.raises(Rejected, match=r"\$\.record\.ActualGoodsMovementDate"):
        mapped(payload("delivery_left", ActualGoodsMovementDate=None))


def test_an_item_for_anything_but_a_sales_order_is_left_out() -> None:
    found = payload("delivery_left")
    found["record"]["to_DeliveryDocumentItem"]["results"][0]["ReferenceSDDocumentCategory"] = "V"
    assert mapped(found).lines == ()


def test_the_carrier_s_number_stands_where_the_account_says() -> None:
    found = payload("delivery_left", MeansOfTransport="1Z9")
    assert [one.tracking_number for one in mapped(found).packages] == ["SF1001"]
    assert [one.tracking_number for one in mapped(found, tracking="MeansOfTransport").packages] == ["1Z9"]
    assert mapped(found, tracking="none").packages == ()


def test_the_sold_to_party_is_no_carrier_though_english_calls_it_sp() -> None:
    sold_to = {"results": [{"PartnerFunction": "SP", "Supplier": "", "Customer": "100482"}]}
    assert mapped(payload("delivery_left", to_DeliveryDocumentPartner=sold_to)).packages[0].carrier == ""


def test_with_ex_works_the_customer_fetches_the_goods() -> None:
    assert mapped(payload("order", IncotermsClassification="EXW")).method is DeliveryMethod.SELF_PICKUP


def test_a_number_of_blanks_is_none() -> None:
    assert mapped(payload("order", SoldToParty=" ")).customer is None
    found = payload("delivery_left")
    item = found["record"]["to_DeliveryDocumentItem"]["results"][0]
    item["ReferenceSDDocument"] = " "
    assert mapped(found).lines == ()
    item["DeliveryDocumentItem"] = " "
    with pytest.raises(Rejected, match=r"results\[0\]\.DeliveryDocumentItem"):
        mapped(found)


def test_an_order_without_items_is_refused() -> None:
    with pytest.raises(Rejected, match=r"\$\.record\.to_Item"):
        mapped(payload("order", to_Item=None))


@given(ERP.broken("/Date(-62135596800000)/", "/Date(99999999999999)/", "PT24H00M00S", "-1", "NaN"))
def test_a_property_that_is_anything_else_is_mapped_or_refused(found: Payload) -> None:
    with suppress(Rejected):
        assert isinstance(mapped(found), Order | GoodsIssue)
