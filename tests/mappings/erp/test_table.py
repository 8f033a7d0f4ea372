"""Tables become documents by the account's options, whole or not at all, and what is wrong is told by row and column.

The files are written here: CSV as RFC 4180 has it, spreadsheets by openpyxl as ECMA-376 (SpreadsheetML) has them.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from contracts.connector import Context
from contracts.documents import GoodsIssue, IssueState, Order, OrderState
from contracts.errors import Rejected
from contracts.model import Contract
from contracts.receipts import GoodsReceipt, ReturnedCondition, ReturnReceipt
from mappings.erp import table
from mappings.erp.table_layout import layout_of

RECEIVED = datetime(2026, 3, 2, 9, tzinfo=UTC)
WRITTEN = "2026-03-02T08:00:00Z"
ORDERS = {
    "kind": "order",
    "column.document": "Order",
    "column.customer": "Customer",
    "column.product": "Item",
    "column.quantity": "Qty",
    "column.unit": "UoM",
    "column.promised": "Promised",
    "unit.pcs": "C62",
}
CSV = """Order,Customer,Item,Qty,UoM,Promised
SO-1,C7,SN-516,10,pcs,2026-03-06
SO-2,C8,GS-204,2.5,KGM,2026-03-07
SO-1,C7,GS-204,3,pcs,2026-03-09
"""


def context(options: Mapping[str, str], **more: str) -> Context:
    return Context("table", "works", RECEIVED, "Asia/Shanghai", {**options, **more})


def events(body: str | bytes, options: Mapping[str, str] = ORDERS) -> tuple[Contract, ...]:
    raw = body.encode() if isinstance(body, str) else body
    return table.to_events({"file": raw, "version": WRITTEN}, context(options)).events


def orders(body: str | bytes, **more: str) -> list[Order]:
    return [event for event in events(body, {**ORDERS, **more}) if isinstance(event, Order)]


def mistakes(body: str | bytes, options: Mapping[str, str] = ORDERS, **more: str) -> list[str]:
    raw = body.encode() if isinstance(body, str) else body
    found = table.understand({"file": raw, "version": WRITTEN}, context(options, **more))
    assert not found.mistakes.count or (found.documents, found.parts) == ((), ())
    return list(found.mistakes.sentences())


def spreadsheet(rows: Sequence[Any], merged: Sequence[str] = (), title: str = "Orders") -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def patched(body: bytes, pattern: str, replacement: str) -> bytes:
    """A spreadsheet whose first sheet is written otherwise: what other programs write and openpyxl does not."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as before, zipfile.ZipFile(packed, "w") as after:
        for file in before.infolist():
            text = before.read(file)
            if file.filename == "xl/worksheets/sheet1.xml":
                changed = re.sub(pattern, replacement, text.decode())
                assert changed != text.decode()
                text = changed.encode()
            after.writestr(file.filename, text)
    return packed.getvalue()


HEAD = ["Order", "Customer", "Item", "Qty", "UoM", "Promised"]


def test_rows_of_one_order_are_its_lines_wherever_they_stand() -> None:
    first, second = orders(CSV)
    assert (first.document, first.state, first.account) == ("SO-1", OrderState.CONFIRMED, "works")
    assert first.customer is not None
    assert first.customer.id == "C7"
    assert [(line.line, line.product.code, str(line.ordered)) for line in first.lines] == [
        ("1", "SN-516", "10 C62"),
        ("2", "GS-204", "3 C62"),
    ]
    assert [line.promised and line.promised.last_day().isoformat() for line in first.lines] == [
        "2026-03-06",
        "2026-03-09",
    ]
    assert first.lines[0].promised is not None
    assert first.lines[0].promised.zone == "Asia/Shanghai"
    assert str(second.lines[0].ordered) == "2.5 KGM"


def test_the_version_is_the_column_s_else_the_file_s_else_the_receipt_s() -> None:
    assert {order.version for order in orders(CSV)} == {datetime(2026, 3, 2, 8, tzinfo=UTC)}
    [told] = table.to_events({"file": CSV.encode(), "version": ""}, context(ORDERS)).events[:1]
    assert isinstance(told, Order)
    assert told.version == RECEIVED
    written = "Order,Item,Qty,UoM,Changed\nSO-1,A,1,pcs,2026-03-01T10:00:00\n"
    [own] = orders(written, **{"column.customer": "Item", "column.promised": "Changed", "column.version": "Changed"})
    assert own.version == datetime(2026, 3, 1, 2, tzinfo=UTC)


def test_the_same_file_says_the_same_whenever_it_is_told() -> None:
    later = Context("table", "works", datetime(2026, 4, 1, tzinfo=UTC), "Asia/Shanghai", ORDERS)
    assert table.to_events({"file": CSV.encode(), "version": WRITTEN}, later).events == events(CSV)


def test_each_part_of_a_file_says_its_document_as_the_whole_file_does() -> None:
    book = spreadsheet(
        [HEAD, ["SO-1", "C7", 516, 0.1 + 0.2, "pcs", date(2026, 3, 6)], [None, None, "B", 2, "KGM", None]], ["A2:A3"]
    )
    for body in (CSV.encode(), book):
        found = table.understand({"file": body, "version": ""}, context(ORDERS))
        later = Context("table", "works", datetime(2026, 4, 1, tzinfo=UTC), "Asia/Shanghai", ORDERS)
        again = [event for part in found.parts for event in table.to_events(part, later).events]
        assert again == list(found.documents) != []


def test_all_that_is_wrong_is_told_by_row_and_column_and_nothing_is_taken() -> None:
    wrong = (
        "Order,Customer,Item,Qty,UoM,Promised\n"
        "SO-1,C7,SN-516,ten,pcs,2026-03-06\n"
        ",C7,SN-516,1,pcs,2026-03-06\n"
        "SO-1,C8,,1,crate,06.03.2026\n"
        "SO-2,C8,GS-204,-1,pcs,2026-02-30\n"
        "SO-3,C8,GS-204,1,pcs,2026-03-06,left over\n"
    )
    assert mistakes(wrong) == [
        "row 2, column `Qty`: found 'ten'; expected a number such as 1234.5",
        "row 3, column `Order`: found nothing; expected the document",
        "row 4, column `Customer`: found 'C8'; expected 'C7', as in row 2 of the same document",
        "row 4, column `Item`: found nothing; expected the product",
        "row 4, column `Promised`: found '06.03.2026'; expected a date written as YYYY-MM-DD",
        (
            "row 4, column `UoM`: found 'crate'; expected a code of UN/ECE Recommendation 20, or the option "
            "`unit.crate` with it"
        ),
        "row 5, column `Promised`: found '2026-02-30'; expected a date written as YYYY-MM-DD",
        "row 6: found 7 cells; expected at most 6, as titles",
    ]
    with pytest.raises(Rejected, match=r"row 2, column `Qty`: .* \(and 5 more\)"):
        events(wrong)


def test_a_quantity_below_zero_is_told_with_its_row() -> None:
    assert mistakes(CSV.replace("2.5", "-2.5")) == ["row 3: found Decimal('-2.5'); expected at least 0"]


def test_many_mistakes_are_counted_and_the_first_are_told() -> None:
    told = mistakes("Order,Customer,Item,Qty,UoM,Promised\n" + "SO-1,C7,A,x,pcs,2026-03-06\n" * 1000)
    assert (len(told), told[-1]) == (201, "and 800 more")


def test_a_column_that_is_missing_or_stands_twice_is_told_with_those_that_there_are() -> None:
    assert mistakes("Order;Customer;Item\nSO-1;C7;A\n")[0] == (
        "row 1, column `Customer`: found `Order;Customer;Item`; expected one column of this name"
    )
    assert mistakes(CSV.replace("Customer", "Item")) == [
        (
            "row 1, column `Customer`: found `Order`, `Item`, `Item`, `Qty`, `UoM`, `Promised`; expected one column of"
            " this name"
        ),
        "row 1, column `Item`: found 2 columns of this name; expected one column of this name",
    ]
    assert mistakes("")[0] == "row 1, column `Customer`: found no titles; expected one column of this name"


def test_a_file_is_read_as_its_account_says_that_it_is_written() -> None:
    written = (
        "Stand: 02.03.2026\n\nOrder\tCustomer\tItem\tQty\tUoM\tPromised\nSO-1\tMüller\tA\t1.234,5\tpcs\t06.03.2026\n"
    )
    [order] = orders(
        written.encode("cp1252"),
        encoding="cp1252", delimiter="tab", decimal=",", grouping=".", date="%d.%m.%Y|%d.%m.%y", header_row="3",
    )  # fmt: skip
    assert order.customer is not None
    assert order.customer.id == "Müller"
    assert str(order.lines[0].ordered) == "1234.5 C62"
    assert order.lines[0].promised is not None
    assert order.lines[0].promised.last_day() == date(2026, 3, 6)
    [chinese] = orders(CSV.replace("C7", "哈尔滨").replace("SO-2", "SO-1").replace("C8", "哈尔滨").encode("utf-16"))
    assert chinese.customer is not None
    assert chinese.customer.id == "哈尔滨"


def test_another_encoding_and_open_quotes_are_refused_with_their_line() -> None:
    with pytest.raises(Rejected, match="line 2 holds a byte that is no utf-8; is `encoding` right"):
        events(CSV.replace("C7", "Müller").encode("cp1252"))
    with pytest.raises(Rejected, match="not CSV, in row 2"):
        events('Order,Customer\n"SO-1,C7\n')


@pytest.mark.parametrize(
    "written", ["1,234", "1.234.5", "1 234", "12e3", "١٢", "0x10", "NaN", "Infinity", "--1", "+-1"]
)
def test_a_number_that_could_mean_another_is_none(written: str) -> None:
    assert len(mistakes(f'Order,Customer,Item,Qty,UoM,Promised\nSO-1,C7,A,"{written}",pcs,2026-03-06\n')) == 1


@pytest.mark.parametrize("written", ["1.23,5", "1234.567,5", ".234,5", "1..234", "1.2345"])
def test_thousands_are_grouped_in_threes(written: str) -> None:
    cells = f'Order,Customer,Item,Qty,UoM,Promised\nSO-1,C7,A,"{written}",pcs,2026-03-06\n'
    assert len(mistakes(cells, decimal=",", grouping=".")) == 1


@given(st.decimals(min_value=0, max_value=10**12, places=6, allow_nan=False))
def test_a_number_keeps_its_value_however_it_is_written(value: Decimal) -> None:
    for form, options in (
        (f"{value:f}", {}),
        (f"{value:,f}", {"grouping": ","}),
        (f"{value:,f}".translate(str.maketrans(",.", ".,")), {"decimal": ",", "grouping": "."}),
    ):
        [order] = orders(f'Order,Customer,Item,Qty,UoM,Promised\nSO-1,C7,A,"{form}",pcs,2026-03-06\n', **options)
        assert order.lines[0].ordered.value == value


def test_times_are_in_the_account_s_zone_unless_they_name_one() -> None:
    rows = "Order,Customer,Item,Qty,UoM,Promised\nSO-1,C7,A,1,pcs,2026-03-06 12:00\nSO-1,C7,A,1,pcs,2026-03-06T12:00Z\n"
    [order] = orders(rows)
    assert [line.promised and line.promised.closes for line in order.lines] == [
        datetime(2026, 3, 6, 4, tzinfo=UTC),
        datetime(2026, 3, 6, 12, tzinfo=UTC),
    ]


def test_a_spreadsheet_s_numbers_and_dates_are_those_that_it_shows() -> None:
    [order] = orders(
        spreadsheet(
            [
                HEAD,
                [4711.0, "C7", 516, 0.1 + 0.2, "pcs", date(2026, 3, 6)],
                [],
                [4711, "C7", "00516", 1e14, "pcs", datetime(2026, 3, 6, 12, 30)],
            ]
        )
    )
    assert order.document == "4711"
    assert [(line.product.code, line.ordered.value) for line in order.lines] == [
        ("516", Decimal("0.3")),
        ("00516", Decimal(10**14)),
    ]
    assert [line.promised and line.promised.closes for line in order.lines] == [
        datetime(2026, 3, 6, 16, tzinfo=UTC),
        datetime(2026, 3, 6, 4, 30, tzinfo=UTC),
    ]


def test_a_merged_number_of_an_order_stands_beside_each_of_its_lines_but_a_merged_quantity_does_not() -> None:
    rows = [HEAD, *(["SO-1", "C7", code, 10, "pcs", date(2026, 3, 6)] for code in "ABC")]
    [order] = orders(spreadsheet(rows, ["A2:A4", "B2:B4", "F2:F4"]))
    assert [(line.product.code, line.ordered.value) for line in order.lines] == [(code, Decimal(10)) for code in "ABC"]
    assert {line.promised and line.promised.last_day() for line in order.lines} == {date(2026, 3, 6)}
    assert mistakes(spreadsheet(rows, ["A2:A4", "D2:D4"])) == [
        "row 3, column `Qty`: found nothing; expected the quantity",
        "row 4, column `Qty`: found nothing; expected the quantity",
    ]


def test_of_a_formula_its_reckoned_value_counts_and_one_without_is_told() -> None:
    book = spreadsheet([HEAD, ["SO-1", "C7", "A", 12.5, "pcs", date(2026, 3, 6)]])
    reckoned = patched(book, r'<c r="D2"[^>]*>', r"\g<0><f>5*2.5</f>")
    [order] = orders(reckoned)
    assert order.lines[0].ordered.value == Decimal("12.5")
    assert mistakes(patched(reckoned, r"<v>12.5</v>", "")) == [
        "row 2, column `Qty`: found a formula that was never reckoned: open the file and save it; expected a number"
    ]


def test_an_error_in_a_cell_is_told_where_the_cell_matters() -> None:
    rows = [[*HEAD, "Note"], ["SO-1", "C7", "A", "#N/A", "pcs", date(2026, 3, 6), "#REF!"]]
    assert mistakes(spreadsheet(rows)) == ["row 2, column `Qty`: found the error #N/A; expected a number"]


def test_an_order_s_number_that_became_a_date_is_told() -> None:
    rows = [HEAD, [date(2026, 3, 4), "C7", "A", True, "pcs", date(2026, 3, 6)]]
    assert mistakes(spreadsheet(rows)) == [
        "row 2, column `Order`: found the date 2026-03-04; expected a text; format the column as text",
    ]


def test_what_a_file_says_of_its_size_is_not_believed() -> None:
    book = spreadsheet([HEAD, ["SO-1", "C7", "A", 1, "pcs", None], ["SO-2", "C7", "A", 1, "pcs", None]])
    assert [order.document for order in orders(patched(book, r'<dimension ref="[^"]*"', '<dimension ref="A1:B2"'))] == [
        "SO-1",
        "SO-2",
    ]


@pytest.mark.parametrize("broken", [b"PK\x03\x04", b"PK\x03\x04" + bytes(200)])
def test_what_is_no_spreadsheet_is_refused(broken: bytes) -> None:
    with pytest.raises(Rejected, match="not a spreadsheet"):
        events(broken)


def test_another_zip_file_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("readme.txt", "hello")
    with pytest.raises(Rejected, match="not a spreadsheet"):
        events(packed.getvalue())


def test_a_sheet_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(Rejected, match="there is no sheet 'Stock'; there are: 'Orders'"):
        events(spreadsheet([HEAD]), {**ORDERS, "sheet": "Stock"})


ISSUES = {
    "kind": "goods_issue",
    "column.document": "DN",
    "column.state": "Status",
    "column.despatched_at": "Left",
    "column.order": "Order",
    "column.order_line": "Pos",
    "column.product": "Item",
    "column.quantity": "Qty",
    "value.unit": "C62",
    "column.carrier": "Carrier",
    "column.service": "Service",
    "column.tracking_number": "Tracking",
    "value.origin_country": "CN",
    "value.origin_region": "JS",
    "state.shipped": "despatched",
    "state.open": "planned",
    "state.void": "withdrawn",
}


def test_goods_issues_have_parcels_an_origin_and_a_state() -> None:
    first, second, third = events(
        "DN,Status,Left,Order,Pos,Item,Qty,Carrier,Service,Tracking\n"
        "DN-1,shipped,2026-03-02T10:00,SO-1,1,A,8,ZTO,express,ZT1\n"
        "DN-1,shipped,2026-03-02T10:00,SO-1,2,B,1,ZTO,express,ZT1\n"
        "DN-1,shipped,2026-03-02T10:00,SO-2,1,B,1,ZTO,express,ZT2\n"
        "DN-2,open,,SO-1,1,A,2,,,\n"
        "DN-3,void,,,,,,,,\n",
        ISSUES,
    )
    assert isinstance(first, GoodsIssue)
    assert (first.state, first.orders()) == (IssueState.DESPATCHED, ("SO-1", "SO-2"))
    assert first.despatched_at is not None
    assert first.despatched_at.at == datetime(2026, 3, 2, 2, tzinfo=UTC)
    assert [(one.carrier, one.service, one.tracking_number) for one in first.packages] == [
        ("ZTO", "express", "ZT1"),
        ("ZTO", "express", "ZT2"),
    ]
    assert (first.origin.country, first.origin.region) == ("CN", "JS")
    assert isinstance(second, GoodsIssue)
    assert (second.state, second.packages) == (IssueState.PLANNED, ())
    assert isinstance(third, GoodsIssue)
    assert (third.withdrawn, third.lines) == (True, ())


def test_a_document_that_contradicts_itself_is_told_with_its_first_row() -> None:
    told = mistakes("DN,Status,Left,Order,Pos,Item,Qty,Carrier,Service,Tracking\nDN-1,shipped,,SO-1,1,A,8,,,\n", ISSUES)
    assert len(told) == 1
    assert told[0].startswith("row 2: DN-1: ")
    assert "a despatched goods issue says when it left" in told[0]


RECEIPTS = {
    "kind": "goods_receipt",
    "column.document": "No",
    "column.received_at": "On",
    "column.order": "Order",
    "column.line": "Line",
    "column.product": "Item",
    "column.quantity": "Qty",
    "value.unit": "C62",
}


def test_goods_receipts_and_returns_name_the_orders_that_they_serve() -> None:
    rows = "No,On,Order,Line,Item,Qty\nGR-1,2026-03-02,SO-1,7,A,8\n"
    [receipt] = events(rows, RECEIPTS)
    assert isinstance(receipt, GoodsReceipt)
    assert [(line.line, line.order, line.quantity.value) for line in receipt.lines] == [("7", "SO-1", Decimal(8))]
    returns = {**RECEIPTS, "kind": "return_receipt", "column.condition": "State", "condition.ok": "resalable"}
    [returned] = events("No,On,Order,Line,Item,Qty,State\nRT-1,,SO-1,7,A,1,ok\n", returns)
    assert isinstance(returned, ReturnReceipt)
    assert (returned.received_at, returned.lines[0].condition) == (None, ReturnedCondition.RESALABLE)
    assert mistakes(rows + "GR-1,2026-03-02,SO-1,7,A,8\n", RECEIPTS) == [
        "row 3: found line 7 of GR-1 again; expected one only; it is in row 2"
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "invoice"}, "`kind` is 'invoice'; expected one of order"),
        ({"column.colour": "Colour"}, "`column.colour` is unknown; the fields of order are"),
        ({"column.product": ""}, "`column.product` is ''; expected the title"),
        ({"value.product": "A"}, "`value.product` is 'A'; expected none: the column 'Item' says it"),
        ({"unit.crate": "crate"}, "`unit.crate` is 'crate'; expected a code of UN/ECE"),
        ({"state.open": "open"}, "`state.open` is 'open'; expected one of cancelled, completed"),
        ({"decimal": ";"}, "`decimal` is ';'"),
        ({"grouping": "."}, "`grouping` is '.'"),
        ({"encoding": "klingon"}, "`encoding` is 'klingon'"),
        ({"delimiter": ";;"}, "`delimiter` is ';;'"),
        ({"header_row": "0"}, "`header_row` is '0'"),
        ({"date": "DD.MM.YYYY"}, "`date` is 'DD.MM.YYYY'"),
        ({"delimeter": ";"}, "`delimeter` is unknown; there are: date"),
        ({"unit": "C62"}, "`unit` is unknown"),
    ],
)
def test_a_mistaken_option_is_named(change: dict[str, str], said: str) -> None:
    with pytest.raises(Rejected) as refused:
        layout_of({**ORDERS, **change})
    assert said in refused.value.reason


def test_a_column_that_is_needed_and_not_named_is_told() -> None:
    with pytest.raises(Rejected, match=r"`column\.quantity` is missing"):
        layout_of({name: text for name, text in ORDERS.items() if name != "column.quantity"})
