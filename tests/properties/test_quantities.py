"""No quantity is ever negative, and none is reckoned with another unit's, whatever comes in."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from contracts.documents import GoodsIssue, IssueLine, Order, Product
from contracts.model import Contract
from contracts.quantity import Quantity
from contracts.snapshot import DeliveryStatus, Kind, LineView, Severity
from contracts.topics import DEAD_LETTERS
from tests.properties import examples
from tests.properties.receipts import LINES, PRODUCTS, quantities, receipts
from tests.streams.way import Way, hours, issue, order

ORDERED = {"1": Quantity(value=Decimal(10), unit="C62"), "2": Quantity(value=Decimal("2.5"), unit="KGM")}
DEVIATIONS = {
    Kind.UNDER_DESPATCHED,
    Kind.OVER_DESPATCHED,
    Kind.OVER_RECEIVED,
    Kind.RECEIPT_DISCREPANCY,
    Kind.REJECTED_QUALITY,
}
AMOUNTS = {name for name, field in LineView.model_fields.items() if "Quantity" in str(field.annotation)}


def orders() -> st.SearchStrategy[Order]:
    """Two lines in two units, of one product or of two."""
    whole = order()
    [line] = whole.lines
    return st.sampled_from(PRODUCTS).map(
        lambda code: whole.model_copy(
            update={
                "lines": (
                    line,
                    line.model_copy(update={"line": "2", "ordered": ORDERED["2"], "product": Product(code=code)}),
                )
            }
        )
    )


def issues() -> st.SearchStrategy[GoodsIssue]:
    lines = st.builds(
        IssueLine,
        line=st.just("1"),
        order=st.just("SO1"),
        order_line=st.sampled_from(LINES),
        product=st.sampled_from(PRODUCTS).map(lambda code: Product(code=code)),
        quantity=quantities(),
    )
    return st.builds(
        lambda document, at, lines: issue(document, at=at).model_copy(update={"lines": tuple(lines)}),
        st.sampled_from(["GI1", "GI2"]),
        st.sampled_from([1.0, 30.0]).map(hours),
        st.lists(lines, min_size=1, max_size=3),
    )


def amounts(line: LineView) -> dict[str, Quantity]:
    return {name: value for name in AMOUNTS if (value := getattr(line, name)) is not None}


def test_the_amounts_of_a_line_are_all_looked_at() -> None:
    assert {"ordered", "despatched", "short", "over", "received", "accepted", "short_against_despatch"} <= AMOUNTS


@examples(30)
@given(whole=orders(), told=st.lists(st.one_of(issues(), receipts(("SO1",))), max_size=7))
def test_quantities_are_of_their_lines_unit_and_never_negative(whole: Order, told: list[Contract]) -> None:
    way = Way()
    for event in (whole, *told):
        way.tell(event, hours(80))
    way.hear(hours(90))
    assert not way.replay.written(DEAD_LETTERS)
    shown = way.order().view
    assert shown is not None
    for line in shown.lines:
        found = amounts(line)
        assert {quantity.unit for quantity in found.values()} == {ORDERED[line.line].unit}
        assert all(quantity.value >= 0 for quantity in found.values())
        if line.received is not None and line.rejected is not None and line.accepted is not None:
            assert line.accepted.value == line.received.value - line.rejected.value
        if line.received is not None and line.short_against_despatch is not None:
            assert line.short_against_despatch.value <= line.despatched.value
        if line.short_against_order is not None:
            assert line.short_against_order == line.ordered.less(line.received or line.ordered)
    asks = [finding for finding in way.order().findings if finding.severity is not Severity.RECORDED]
    assert bool(way.order().wanted.tasks) is bool(asks)
    if shown.status is DeliveryStatus.ACCEPTED:
        assert not {finding.kind for finding in asks} & DEVIATIONS
