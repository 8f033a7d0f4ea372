"""An order's lines: which goods issue serves which, and what is then delivered, short or still to come."""

import sys
from collections.abc import Sequence
from datetime import datetime
from types import FrameType

import pytest

from contracts.clock import Clock
from contracts.documents import GoodsIssue, IssueLine, IssueState, Order, OrderLine, Product
from contracts.policy import Policy
from streams.delivery.facts import Delivery, SliceFact
from streams.delivery.fold import fold
from streams.delivery.lines import Line, fold_lines
from streams.delivery.parcel import Life
from tests.streams.way import ERP, START, hours, issue, order, pieces


def ordered(*products: str) -> Order:
    """An order for ten of each product, a line each, numbered from 1."""
    [line] = order().lines
    return order().model_copy(
        update={"lines": tuple(_line(line, place, code) for place, code in enumerate(products, 1))}
    )


def _line(line: OrderLine, place: int, code: str) -> OrderLine:
    return line.model_copy(update={"line": str(place), "product": Product(code=code)})


def issued(*parts: tuple[str, str, int], state: IssueState = IssueState.DESPATCHED, number: str = "YT1") -> GoodsIssue:
    """A goods issue of (order line or none, product, count)."""
    lines = tuple(
        IssueLine(line=str(place), order="SO1", order_line=line, product=Product(code=code), quantity=pieces(count))
        for place, (line, code, count) in enumerate(parts)
    )
    return issue(state=state, numbers=(number,), at=hours(1)).model_copy(update={"lines": lines})


def delivered(number: str, at: float) -> dict[str, Life]:
    return {number: Life(number, "yuantong", delivered_at=hours(at))}


def folded(whole: Order, *issues: GoodsIssue, lives: dict[str, Life] | None = None) -> tuple[Line, ...]:
    return fold_lines(whole, issues, lives or {}, {}, (), Policy())


def left(lines: Sequence[Line]) -> list[str]:
    return [str(line.view.despatched.value) for line in lines]


def test_what_names_its_line_serves_it_whatever_the_product() -> None:
    assert left(folded(ordered("A", "B"), issued(("2", "A", 4)))) == ["0", "4"]


def test_what_names_no_line_serves_the_only_one_of_its_product() -> None:
    assert left(folded(ordered("A", "B"), issued(("", "A", 4), ("", "B", 3)))) == ["4", "3"]


def test_what_may_serve_two_lines_serves_none_and_none_is_called_short() -> None:
    lines = folded(ordered("A", "A"), issued(("", "A", 4)))
    assert left(lines) == ["0", "0"]
    assert [line.closed_at for line in lines] == [None, None]


def test_a_line_that_the_order_no_longer_has_is_served_by_nothing() -> None:
    assert left(folded(ordered("A"), issued(("9", "A", 4)))) == ["0"]


def test_parts_of_several_goods_issues_and_several_lines_of_one_add_up() -> None:
    [line] = folded(ordered("A"), issued(("1", "A", 4), ("", "A", 3)), issued(("1", "A", 2)))
    assert (str(line.view.despatched), str(line.view.short)) == ("9 C62", "1 C62")


def test_what_is_planned_is_open_and_what_was_cancelled_is_neither() -> None:
    planned, cancelled = IssueState.PLANNED, IssueState.CANCELLED
    [line] = folded(ordered("A"), issued(("1", "A", 4)), issued(("1", "A", 5), state=planned))
    assert (str(line.view.open), str(line.view.short), line.closed_at) == ("5 C62", "0 C62", None)
    [line] = folded(ordered("A"), issued(("1", "A", 4)), issued(("1", "A", 5), state=cancelled))
    assert (str(line.view.open), str(line.view.short), line.closed_at) == ("0 C62", "6 C62", hours(1))


@pytest.mark.parametrize(("number", "done_at"), [("YT1", hours(30)), ("YT2", None), ("", hours(1))])
def test_a_line_is_done_when_its_parcels_are_and_without_one_when_it_left(number: str, done_at: datetime) -> None:
    [line] = folded(ordered("A"), issued(("1", "A", 10), number=number), lives=delivered("YT1", 30))
    assert line.done_at == done_at


@pytest.mark.parametrize("line", ["named", ""])
def test_twice_the_lines_are_no_more_than_twice_the_work(line: str) -> None:
    """An order of hundreds of lines must not hold up its partition: calls are counted, not seconds."""
    calls(1, named=True)  # reads the catalogues
    assert calls(80, named=bool(line)) < 2.5 * calls(40, named=bool(line))


def calls(count: int, *, named: bool) -> int:
    """Count the calls that a late and short delivery's fold makes."""
    codes = [f"P{place}" for place in range(count)]
    parts = [(str(place) if named else "", code, 4) for place, code in enumerate(codes, 1)]
    slices = {
        "goods_issue/GI1": SliceFact(START, "", issued(*parts).encode()),
        "order/SO1": SliceFact(START, "", ordered(*codes).encode()),
    }
    delivery = Delivery(ERP, "SO1", slices)
    clock = Clock(hours(90), dict.fromkeys(("ingress", f"poll/{ERP}"), hours(90)))
    counted = 0

    def count_call(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(count_call)
    try:
        fold(delivery, clock, Policy(pollers=(ERP,)))
    finally:
        sys.setprofile(None)
    return counted
