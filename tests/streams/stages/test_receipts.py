"""Receipts on their way: each order gets its own lines of the newest version, and an empty slice when it has none."""

from collections.abc import Callable
from itertools import permutations

import pytest

from contracts.receipts import GoodsReceipt, Receipt, ReturnReceipt
from streams.delivery import facts
from streams.delivery.facts import Delivery
from streams.engine.keyrecord import MARKS_KEY, read_key
from tests.streams.receipts import returned, stocked
from tests.streams.way import START, Way, hours, issue, order


def deliveries(way: Way) -> dict[str, Delivery]:
    found = {}
    for key, stored in way.replay.changelog("deliver").items():
        state = None if key == MARKS_KEY else read_key(stored).state
        if state is not None:
            delivery = facts.FORMAT.read(state)
            assert isinstance(delivery, Delivery)
            found[delivery.order] = delivery
    return found


def counts(delivery: Delivery, model: type[Receipt]) -> list[int]:
    return [int(line.quantity.value) for document in delivery.documents(model.kind, model) for line in document.lines]


@pytest.mark.parametrize(("receipt", "model"), [(stocked, GoodsReceipt), (returned, ReturnReceipt)])
def test_each_order_gets_its_own_lines_of_a_receipt(
    receipt: Callable[[dict[str, int]], Receipt], model: type[Receipt]
) -> None:
    way = Way()
    way.tell(receipt({"SO1": 8, "SO2": 3}), START)
    way.hear(hours(1))
    assert {number: counts(delivery, model) for number, delivery in deliveries(way).items()} == {"SO1": [8], "SO2": [3]}


@pytest.mark.parametrize("places", list(permutations(range(3))))
def test_the_newest_version_of_a_receipt_counts_in_any_order_of_arrival(places: tuple[int, ...]) -> None:
    versions = [
        stocked({"SO1": 8, "SO2": 3}),
        stocked({"SO1": 9, "SO2": 3}, hours(1)),
        stocked({"SO1": 10}, hours(2)),
    ]
    way = Way()
    for place in places:
        way.tell(versions[place], hours(3))
    way.hear(hours(4))
    found = {number: counts(delivery, GoodsReceipt) for number, delivery in deliveries(way).items()}
    assert found == {"SO1": [10], "SO2": []}


def test_a_withdrawn_receipt_is_none() -> None:
    way = Way()
    way.tell(stocked({"SO1": 8}), START)
    way.tell(stocked({"SO1": 8}, hours(1), withdrawn=True), hours(1))
    way.hear(hours(2))
    assert counts(deliveries(way)["SO1"], GoodsReceipt) == []


def test_an_order_is_told_with_which_others_it_shares_a_goods_issue() -> None:
    """So that the packages of all of them are not looked for at one of them."""
    way = Way()
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 4, "SO2": 6}), START)
    way.hear(hours(1))
    [told] = deliveries(way)["SO1"].goods_issues()
    assert told.shared_with == ("SO2",)
    assert [line.order for line in told.lines] == ["SO1"]
