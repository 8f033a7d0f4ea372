"""IDocs become orders and goods issues (the recorded ones: sap-idoc/README.md)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.sources.sap_idoc import SAP_IDOC
from contracts.connector import Context
from contracts.documents import DeliveryMethod, GoodsIssue, IssueState, Order, OrderState
from contracts.errors import Rejected
from contracts.moment import Precision
from contracts.raw import RawRequest
from contracts.settings import SourceAccount
from mappings.erp import sap_idoc
from mappings.erp.sap_units import COMMERCIAL, ISO
from mappings.erp.sap_values import plain

RECORDED = Path(__file__).parent / "sap-idoc"
NOW = datetime(2026, 3, 12, tzinfo=UTC)


def mapped(name: str, *changes: tuple[str, str], zone: str | None = "Europe/Berlin", **options: str) -> Any:  # noqa: ANN401
    """Map a recorded IDoc in which some text was replaced."""
    text = (RECORDED / f"{name}.xml").read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    raw = RawRequest("sap-idoc", "works", text.encode(), NOW, "application/xml")
    return sap_idoc.to_events(SAP_IDOC.read(raw), Context("sap-idoc", "works", NOW, zone, options))


def order(*changes: tuple[str, str], **options: str) -> Order:
    (event,) = mapped("order_confirmed", *changes, **options).events
    assert isinstance(event, Order)
    return event


def delivery(*changes: tuple[str, str], **options: str) -> GoodsIssue:
    (event,) = mapped("delivery_left", *changes, **options).events
    assert isinstance(event, GoodsIssue)
    return event


def test_the_version_is_when_the_idoc_was_made_and_within_a_second_its_number() -> None:
    assert order().version == datetime(2026, 3, 2, 14, 42, 10, 730017, UTC)
    later = order(("0000000000730017", "0000000000730018"))
    assert later.version > order().version


def test_without_the_system_s_zone_no_time_is_guessed() -> None:
    with pytest.raises(Rejected) as refused:
        mapped("order_confirmed", zone=None)
    assert (refused.value.code, refused.value.path) == ("no_zone", "$.IDOC[0].EDI_DC40[0].CREDAT")


@pytest.mark.parametrize(("message", "state"), [("ORDRSP", OrderState.CONFIRMED), ("ORDERS", OrderState.DRAFT)])
def test_what_sap_confirms_is_confirmed_and_what_is_only_ordered_a_draft(message: str, state: OrderState) -> None:
    assert order(("ORDRSP", message)).state is state


def test_a_change_is_not_taken_for_the_whole_order() -> None:
    with pytest.raises(Rejected, match="may hold only what changed"):
        order(("ORDRSP", "ORDCHG"))


def test_another_message_is_refused_by_name() -> None:
    with pytest.raises(Rejected, match="'INVOIC'") as refused:
        order(("ORDRSP", "INVOIC"))
    assert refused.value.path == "$.IDOC[0].EDI_DC40[0].MESTYP"


@pytest.mark.parametrize("message", sap_idoc.MESSAGES)
def test_every_message_needs_its_head(message: str) -> None:
    with pytest.raises(Rejected, match="head"):
        mapped("order_deleted", ("E1EDK01", "E1EDK99"), ("ORDCHG", message))


def test_of_several_senders_one_may_be_chosen() -> None:
    assert order(sender="P11CLNT100") == order()
    with pytest.raises(Rejected, match="found the sender 'P11CLNT100'") as refused:
        order(sender="P12CLNT100")
    assert (refused.value.code, refused.value.path) == ("another_sender", "$.IDOC[0].EDI_DC40[0].SNDPRN")


def test_an_order_is_known_by_its_supplier_s_number_without_the_zeros_before_it() -> None:
    assert (order().document, order().reference) == ("45017", "PO-7781")
    assert (
        order(("<QUALF>002</QUALF>\n      <BELNR>0000045017", "<QUALF>002</QUALF>\n      <BELNR>S-1")).document == "S-1"
    )


@pytest.mark.parametrize(
    ("number", "told"),
    [("0000045017", "45017"), ("A-001", "A-001"), ("000", "0"), ("", ""), (" 7 ", "7"), ("٠١", "٠١")],
)
def test_zeros_are_taken_from_numbers_alone(number: str, told: str) -> None:
    assert plain(number) == told


def test_an_order_all_of_whose_items_are_rejected_is_cancelled() -> None:
    assert [line.cancelled for line in order().lines] == [False, False, True]
    rejected = order(("<ACTION>001</ACTION>", "<ACTION>002</ACTION><ABGRU>Z1</ABGRU>"))
    assert rejected.state is OrderState.CANCELLED


def test_an_action_that_no_table_lists_is_told() -> None:
    assert mapped("order_confirmed", ("<ACTION>003</ACTION>", "<ACTION>009</ACTION>")).unknown_codes == ("ACTION/009",)


def test_a_line_is_promised_by_its_parts_else_by_its_date_else_by_the_order_s() -> None:
    pump, granulate, manual = order().lines
    assert [str(part.quantity) for part in pump.schedule] == ["80 C62", "40 C62"]
    assert pump.promised == pump.schedule[-1].promised
    assert granulate.promised is not None
    assert granulate.promised.last_day().isoformat() == "2026-03-13"
    assert manual.promised is None
    by_head = order(("<IDDAT>012</IDDAT>", "<IDDAT>002</IDDAT>")).lines[2].promised
    assert by_head is not None
    assert by_head.last_day().isoformat() == "2026-03-02"


def test_with_ex_works_the_customer_fetches_the_goods() -> None:
    assert order().method is DeliveryMethod.THIRD_PARTY
    assert order(("<LKOND>DAP", "<LKOND>EXW")).method is DeliveryMethod.SELF_PICKUP


def test_an_unknown_unit_is_refused_where_it_stands_and_named_by_an_option() -> None:
    with pytest.raises(Rejected, match="the unit 'ZZ9'") as refused:
        order(("KGM", "ZZ9"))
    assert refused.value.path == "$.IDOC[0].E1EDP01[1].MENEE"
    assert order(("KGM", "ZZ9"), **{"unit.ZZ9": "KGM"}).lines[1].ordered.unit == "KGM"


def test_the_units_of_the_tables_are_counted() -> None:
    assert (len(ISO), len(COMMERCIAL)) == (118, 62)


def test_a_delivery_has_left_when_its_goods_issue_has_an_actual_date() -> None:
    left = delivery().despatched_at
    assert left is not None
    assert (left.at, left.precision) == (datetime(2026, 3, 11, 15, 45, tzinfo=UTC), Precision.LOCAL)
    on_that_day = delivery(("<ISDZ>164500", "<ISDZ>000000")).despatched_at
    assert on_that_day is not None
    assert on_that_day.precision is Precision.DATE


def test_a_goods_issue_that_is_to_be_posted_left_at_its_planned_date() -> None:
    not_yet = delivery(("<ISDD>20260311", "<ISDD>00000000"))
    assert (not_yet.state, not_yet.despatched_at) == (IssueState.PLANNED, None)
    assert not_yet.planned_for is not None
    posted = delivery(("<ISDD>20260311", "<ISDD>00000000"), ("<QUALF>ORI", "<QUALF>PGI"))
    assert posted.state is IssueState.DESPATCHED
    assert posted.despatched_at is not None
    assert posted.despatched_at.at == datetime(2026, 3, 11, 11, tzinfo=UTC)
    picked = delivery(("<ISDD>20260311", "<ISDD>00000000"), ("<QUALF>ORI", "<QUALF>PIC"))
    assert picked.state is IssueState.PICKED


def test_a_deadline_of_another_qualifier_is_the_goods_issue_where_the_account_says_so() -> None:
    assert delivery(goods_issue="015").state is IssueState.PLANNED
    assert delivery(("<QUALF>006", "<QUALF>015"), goods_issue="015").state is IssueState.DESPATCHED


@pytest.mark.parametrize(
    ("field", "numbers"),
    [
        ("BOLNR", ["SF1400273711", "SF1400273711"]),
        ("TRAID", ["B-QS 1204", "B-QS 1204"]),
        ("EXIDV", ["00340123450000000018", "00340123450000000025"]),
        ("none", ["", ""]),
    ],
)
def test_the_carrier_s_number_stands_where_the_account_says(field: str, numbers: list[str]) -> None:
    assert [package.tracking_number for package in delivery(tracking=field).packages] == numbers


def test_a_bill_of_lading_without_handling_units_is_one_package() -> None:
    (package,) = delivery(("E1EDL37", "E1EDL99")).packages
    assert (package.mark, package.carrier, package.tracking_number) == ("", "SF Express", "SF1400273711")
    assert delivery(("E1EDL37", "E1EDL99"), tracking="none").packages == ()


def test_a_line_names_the_order_by_either_reference_or_is_left_out() -> None:
    assert [(line.order, line.order_line) for line in delivery().lines] == [("45017", "10"), ("45017", "20")]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"tracking": "PHONE"}, "expected one of BOLNR"),
        ({"delivery_days": "2"}, "SAP promises the delivery"),
        ({"colour": "red"}, "`colour` is unknown"),
    ],
)
def test_wrong_options_are_refused(given: dict[str, str], told: str) -> None:
    with pytest.raises(Rejected, match=told):
        sap_idoc.check(SourceAccount(name="works", connector="sap-idoc", options=given))
