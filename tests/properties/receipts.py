"""Drawn receipts, acceptances and remedies, of orders whose lines differ in their units."""

from hypothesis import strategies as st

from contracts.acceptance import Acceptance, AcceptedLine, Cause, Deviation, Discrepancy, Disposition, Remedy
from contracts.documents import Product
from contracts.moment import Moment
from contracts.quantity import Quantity
from contracts.receipts import GoodsReceipt, Receipt, ReceiptLine, ReturnLine, ReturnReceipt
from tests.streams.way import ERP, hours

UNITS = ("C62", "C62", "C62", "KGM")
PRODUCTS = ("BRG-6204", "BRG-6204", "GRS-2")
LINES = ("1", "1", "2", "")


def quantities(most: int = 12) -> st.SearchStrategy[Quantity]:
    return st.builds(Quantity, value=st.integers(0, most), unit=st.sampled_from(UNITS))


@st.composite
def accepted_lines(draw: st.DrawFn) -> AcceptedLine:
    received = draw(quantities())

    def part() -> Quantity | None:
        drawn = draw(st.none() | st.integers(0, int(received.value)))
        return None if drawn is None else received.model_copy(update={"value": received.value * 0 + drawn})

    line = draw(st.sampled_from(LINES))
    return AcceptedLine(
        order_line=line,
        product=Product(code=draw(st.sampled_from(PRODUCTS))) if not line or draw(st.booleans()) else None,
        received=received,
        rejected=part(),
        damaged=part(),
        discrepancy=draw(st.none() | st.sampled_from(Discrepancy)),
        cause=draw(st.none() | st.sampled_from(Cause)),
    )


def acceptances(orders: tuple[str, ...]) -> st.SearchStrategy[Acceptance]:
    return st.builds(
        Acceptance,
        account=st.just(ERP),
        order=st.sampled_from(orders),
        id=st.sampled_from(["A1", "A2"]),
        version=st.sampled_from([31.0, 62.0]).map(hours),
        goods_issue=st.sampled_from(["", "", "GI1", "GI2"]),
        accepted_at=st.sampled_from([2.0, 31.0, 61.0]).map(lambda at: Moment(at=hours(at))),
        final=st.sampled_from([True, True, False]),
        refused=st.sampled_from([False, False, False, True]),
        lines=st.lists(accepted_lines(), max_size=3).map(tuple),
        documents=st.sampled_from([None, (), ("2",), ("271", "manual")]),
        packages=st.sampled_from([None, 0, 1, 2]),
        seals=st.sampled_from([None, (), ("S1",), ("S 1", "S2")]),
        visible_damage=st.sampled_from(["", "", "torn"]),
    )


def remedies(orders: tuple[str, ...]) -> st.SearchStrategy[Remedy]:
    return st.builds(
        Remedy,
        account=st.just(ERP),
        order=st.sampled_from(orders),
        id=st.sampled_from(["R1", "R2"]),
        version=st.sampled_from([33.0, 64.0]).map(hours),
        disposition=st.sampled_from(Disposition),
        deviation=st.none() | st.sampled_from(Deviation),
        order_line=st.sampled_from(["", "1", "2", "GRS-2"]),
        quantity=st.none() | quantities(4),
        agreed_at=st.sampled_from([32.0, 63.0]).map(hours),
        done_at=st.none() | st.just(hours(70)),
        replacement_order=st.sampled_from(["", "SO9"]),
        withdrawn=st.sampled_from([False, False, True]),
    )


def documents(orders: tuple[str, ...]) -> st.SearchStrategy[Receipt]:
    values = {
        "account": st.just(ERP),
        "document": st.sampled_from(["D1", "D2"]),
        "version": st.sampled_from([0.0, 5.0, 40.0]).map(hours),
        "withdrawn": st.sampled_from([False, False, False, True]),
        "received_at": st.none() | st.sampled_from([0.0, 40.0]).map(lambda at: Moment(at=hours(at))),
    }
    line = {
        "line": st.just("1"),
        "order": st.sampled_from(orders),
        "order_line": st.sampled_from(LINES),
        "product": st.sampled_from(PRODUCTS).map(lambda code: Product(code=code)),
        "quantity": quantities(),
    }
    return st.one_of(
        st.builds(GoodsReceipt, **values, lines=st.lists(st.builds(ReceiptLine, **line), max_size=3).map(tuple)),
        st.builds(ReturnReceipt, **values, lines=st.lists(st.builds(ReturnLine, **line), max_size=3).map(tuple)),
    )


def receipts(orders: tuple[str, ...]) -> st.SearchStrategy[Acceptance | Remedy | Receipt]:
    """What came in, what customers say of it, and what was agreed."""
    return st.one_of(acceptances(orders), acceptances(orders), remedies(orders), documents(orders))
